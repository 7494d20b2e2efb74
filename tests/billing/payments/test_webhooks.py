"""What gateways tell us: kept raw, checked, acted on once, in any order."""

import json
from datetime import UTC, datetime
from itertools import permutations
from typing import Any

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from billing.invoicing.models import Invoice, LedgerTransaction
from billing.payments.gateways.sandbox import bank, client
from billing.payments.models import Payment, SandboxWebhook, WebhookMessage
from billing.payments.services import webhooks
from portal.accounts.models import Company, User
from tests.billing.invoicing.books import AT, difference
from tests.billing.payments.conftest import (
    ASKS,
    DECLINED,
    GOOD,
    NOISY,
    at_the_bank,
    begun,
    deliver,
    issued,
)
from tests.factories import CompanyFactory
from tests.portal.core.threads import race

pytestmark = pytest.mark.django_db
ADDRESS = "/webhooks/sandbox/"


def sent(payment: Payment, number: str = GOOD) -> list[SandboxWebhook]:
    """The webhooks that entering a card brings about, in the order in which things happened."""
    before = list(SandboxWebhook.objects.values_list("pk", flat=True))
    row = bank.enter_card(payment=at_the_bank(payment), number=number, expires_on="2030-12", at=AT)
    if number == ASKS:
        bank.authenticate(payment=row, agrees=True, at=AT)
    return list(SandboxWebhook.objects.exclude(pk__in=before).order_by("pk"))


def work() -> None:
    """What the worker does."""
    for pk in WebhookMessage.objects.filter(state="queued").order_by("pk").values_list("pk", flat=True):
        webhooks.process(pk)


def post(body: bytes, header: str) -> Any:
    return Client().post(ADDRESS, body, content_type="application/json", headers={client.HEADER: header})


def test_webhook_is_kept_raw_and_pays(invoice: Invoice) -> None:
    payment = begun(invoice)
    (webhook,) = sent(payment)
    assert deliver(webhook) == 202
    message = WebhookMessage.objects.get()
    assert (bytes(message.body).decode(), message.signature, message.state) == (webhook.body, "good", "queued")
    assert (message.kind, message.about) == ("payment.succeeded", "payment")
    payment.refresh_from_db()
    assert payment.status == "needs_action"
    work()
    payment.refresh_from_db()
    message.refresh_from_db()
    assert (payment.status, message.state, message.result) == ("succeeded", "done", f"{payment}: succeeded")
    assert difference() == ""


def test_same_event_is_acted_on_once_and_every_message_kept(invoice: Invoice) -> None:
    (webhook,) = sent(begun(invoice))
    assert [deliver(webhook) for _ in range(3)] == [202, 200, 200]
    work()
    first, second, third = WebhookMessage.objects.order_by("pk")
    assert (second.repeats, third.repeats, second.result) == (first, first, "The same event came before.")
    assert LedgerTransaction.objects.filter(kind="payment").count() == 1


@pytest.mark.parametrize(
    ("header", "why"),
    [
        ("", "It says no time."),
        ("t=²,v1=x", "It says no time."),
        ("t=1790000000,v1=ü", "The signature does not fit."),
        ("old", "It was signed more than five minutes ago."),
        ("early", "It was signed more than five minutes ago."),
    ],
)
def test_unsigned_or_old_webhook_is_kept_and_not_acted_on(invoice: Invoice, header: str, why: str) -> None:
    (webhook,) = sent(begun(invoice))
    body, now = webhook.body.encode(), int(datetime.now(UTC).timestamp())
    moments = {"old": now - 302, "early": now + 302}
    answer = post(body, client.header_of(body, moments[header]) if header in moments else header)
    assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")
    message = WebhookMessage.objects.get()
    assert (message.signature, message.state, message.error) == ("bad", "failed", why)
    assert bytes(message.body) == body
    work()
    assert Payment.objects.get().status == "needs_action"


def test_body_that_was_changed_is_refused(invoice: Invoice) -> None:
    (webhook,) = sent(begun(invoice))
    body = webhook.body.encode()
    header = client.header_of(body, int(datetime.now(UTC).timestamp()))
    assert post(body.replace(b"succeeded", b"pending.."), header).status_code == 403


def test_signed_nonsense_is_kept_and_400() -> None:
    for body in (b"nonsense", b"[]", b"{}", b"\xff", b'{"id": 1, "kind": 2, "about": "payment", "at": "now"}'):
        assert post(body, client.header_of(body, int(datetime.now(UTC).timestamp()))).status_code == 400
    assert set(WebhookMessage.objects.values_list("signature", "state")) == {("good", "failed")}


def test_event_of_no_interest_is_kept() -> None:
    body = json.dumps({"id": "e1", "kind": "balance.changed", "about": "other", "at": AT.isoformat()}).encode()
    assert post(body, client.header_of(body, int(datetime.now(UTC).timestamp()))).status_code == 202
    work()
    message = WebhookMessage.objects.get()
    assert (message.state, message.result) == ("done", "Kept, nothing to do.")


def test_event_about_what_is_not_known_here_is_tried_again_and_shows() -> None:
    body = json.dumps(
        {"id": "e1", "kind": "payment.succeeded", "about": "payment", "at": AT.isoformat(), "reference": "sb_x"}
    ).encode()
    assert post(body, client.header_of(body, int(datetime.now(UTC).timestamp()))).status_code == 202
    work()
    message = WebhookMessage.objects.get()
    assert (message.state, message.error, message.attempts) == ("queued", "NotFoundYet: no payment sb_x", 1)


def test_message_that_nobody_checked_is_checked_by_the_worker(invoice: Invoice) -> None:
    (webhook,) = sent(begun(invoice))
    body, now = webhook.body.encode(), datetime.now(UTC)
    for header in (client.header_of(body, int(now.timestamp())), "t=1,v1=x"):
        WebhookMessage.objects.create(
            gateway="sandbox", body=body, headers={client.HEADER: header}, received_at=now, available_at=now
        )
    work()
    assert set(WebhookMessage.objects.values_list("signature", "state")) == {("good", "done"), ("bad", "failed")}
    assert Payment.objects.get().status == "succeeded"


def test_replaying_changes_nothing_more_and_is_recorded(invoice: Invoice, staff: User) -> None:
    (webhook,) = sent(begun(invoice))
    deliver(webhook)
    work()
    message = webhooks.replay(message=WebhookMessage.objects.get(), at=datetime.now(UTC), by=staff)
    assert message.state == "queued"
    work()
    message.refresh_from_db()
    assert (message.state, LedgerTransaction.objects.filter(kind="payment").count(), difference()) == ("done", 1, "")


def test_unsigned_message_is_not_replayed(staff: User) -> None:
    post(b"{}", "")
    with pytest.raises(webhooks.NotSigned):
        webhooks.replay(message=WebhookMessage.objects.get(), at=AT, by=staff)


@pytest.mark.parametrize("number", [GOOD, DECLINED, ASKS, NOISY])
def test_any_order_ends_in_the_same_state(company: Company, number: str) -> None:
    ends = set()
    for turn in range(4):
        payment = begun(issued(company, "1000"))
        orders = list(permutations(sent(payment, number)))
        for webhook in orders[turn % len(orders)]:
            deliver(webhook)
            work()
        payment.refresh_from_db()
        ends.add((payment.status, payment.failure_code))
    assert ends == {("failed", "card_declined") if number == DECLINED else ("succeeded", "")}
    assert difference() == ""


@pytest.mark.django_db(transaction=True)
def test_many_deliveries_at_once_book_once(company: Company) -> None:
    (webhook,) = sent(begun(issued(company, "1000")))
    results = race(lambda _number: deliver(webhook), threads=6)
    assert sorted(results) == [200, 200, 200, 200, 200, 202]
    (pk,) = WebhookMessage.objects.filter(state="queued").values_list("pk", flat=True)
    race(lambda _number: webhooks.process(pk), threads=4)
    assert (LedgerTransaction.objects.filter(kind="payment").count(), difference()) == (1, "")


@pytest.mark.usefixtures("kenyan_vat", "vendor")
class TestShuffled(TestCase):
    """Whatever comes, how often and in whatever order: the end is the same."""

    @settings(max_examples=25)
    @given(data=st.data())
    def test_replayed_and_shuffled_webhooks_end_in_the_same_state(self, data: st.DataObject) -> None:
        company = CompanyFactory.create()
        numbers = data.draw(st.lists(st.sampled_from([GOOD, DECLINED, ASKS, NOISY]), min_size=1, max_size=3))
        begun_ones = [begun(issued(company, f"{100 * (place + 1)}")) for place in range(len(numbers))]
        hooks = [hook for payment, number in zip(begun_ones, numbers, strict=True) for hook in sent(payment, number)]
        extra = data.draw(st.lists(st.sampled_from(hooks), max_size=6))
        for webhook in data.draw(st.permutations([*hooks, *extra])):
            assert deliver(webhook) in (200, 202)
            if data.draw(st.booleans()):
                work()
        work()
        for payment, number in zip(begun_ones, numbers, strict=True):
            payment.refresh_from_db()
            assert payment.status == ("failed" if number == DECLINED else "succeeded")
        assert difference() == ""
