"""Webhooks of Stripe: signatures, and what recorded objects mean."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from djmoney.money import Money
from stripe import WebhookSignature

from billing.payments.gateways.base import About, BadSignature, Event, State, Unreadable
from billing.payments.gateways.stripe.gateway import Stripe
from tests.billing.payments.gateways import data

GATEWAY = Stripe()
AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
SECRET = "whsec_new"


@pytest.fixture(autouse=True)
def secrets(settings: Any) -> None:
    settings.STRIPE_WEBHOOK_SECRETS = [SECRET, "whsec_old"]


def body_of(kind: str, thing: Any) -> bytes:
    """An event as Stripe sends it, in the wrapping of its own example."""
    event = {**data.resource("event"), "type": kind, "created": 1700000000, "data": {"object": thing}}
    return json.dumps(event, indent=2).encode()


def read(kind: str, thing: Any) -> Event:
    return GATEWAY.read(body=body_of(kind, thing), query={})


def recorded(name: str) -> dict[str, Any]:
    found = json.loads(json.dumps(data.read("stripe", "dj-stripe-fixtures", f"{name}.json")))
    assert isinstance(found, dict)
    return found


def verify(body: bytes, header: str) -> None:
    GATEWAY.verify(headers={"stripe-signature": header}, query={}, body=body, at=AT)


def signed(body: bytes, *, secret: str = SECRET, age: int = 0) -> str:
    return WebhookSignature.generate_signature_header(body.decode(), secret, int(AT.timestamp()) - age)


@pytest.mark.parametrize("secret", [SECRET, "whsec_old"])
@pytest.mark.parametrize("age", [0, 299, 300, -299])
def test_signed_webhook_is_believed_for_300_seconds(secret: str, age: int) -> None:
    body = '{"name": "Café"}'.encode()
    verify(body, signed(body, secret=secret, age=age))


def test_other_webhooks_are_refused() -> None:
    body = b'{"id": "evt_1"}'
    refused = [
        signed(body, age=301),
        signed(body, age=-301),
        signed(body, secret="whsec_other"),
        signed(b'{"id": "evt_2"}'),
        "",
        "t=now,v1=00",
        f"t={int(AT.timestamp())}",
        signed(body).replace("v1=", "v0="),
    ]
    for header in refused:
        with pytest.raises(BadSignature):
            verify(body, header)
    with pytest.raises(BadSignature):
        verify(b"\xff", signed(body))


def test_without_a_secret_nothing_is_believed(settings: Any) -> None:
    settings.STRIPE_WEBHOOK_SECRETS = []
    with pytest.raises(BadSignature):
        verify(b"{}", signed(b"{}", secret=""))


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"object": "event"}', b"\xff", b'{"object": "v2.core.event"}'])
def test_what_is_no_event_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        GATEWAY.read(body=body, query={})


def test_recorded_payment_that_succeeded() -> None:
    intent = recorded("payment_intent_pi_fakefakefakefakefake0001")
    event = read("payment_intent.succeeded", {**intent, "metadata": {"portal_key": "p-1"}})
    assert [event.about, event.key, event.reference] == [About.PAYMENT, "p-1", "pi_fakefakefakefakefake0001"]
    assert event.at == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    assert event.outcome is not None
    assert [event.outcome.state, event.outcome.amount] == [State.SUCCEEDED, Money(20, "USD")]


@pytest.mark.parametrize(
    ("kind", "status", "state"),
    [
        ("payment_intent.succeeded", "succeeded", State.SUCCEEDED),
        ("payment_intent.processing", "processing", State.PENDING),
        ("payment_intent.requires_action", "requires_action", State.NEEDS_ACTION),
        ("payment_intent.payment_failed", "requires_payment_method", State.FAILED),
        ("payment_intent.canceled", "canceled", State.CANCELLED),
    ],
)
def test_events_that_stripes_own_triggers_cause_have_their_state(kind: str, status: str, state: State) -> None:
    assert data.read("stripe", "cli-triggers", f"{kind}.json")["fixtures"]
    event = read(kind, {**data.resource("payment_intent"), "status": status})
    assert event.outcome is not None
    assert [event.about, event.outcome.state] == [About.PAYMENT, state]


def test_declined_card_on_a_page_is_not_the_end() -> None:
    error = {"type": "card_error", "code": "card_declined", "decline_code": "generic_decline", "message": "Declined."}
    intent = {**data.resource("payment_intent"), "status": "requires_payment_method", "last_payment_error": error}
    event = read("payment_intent.payment_failed", {**intent, "metadata": {"portal_hosted": "yes"}})
    assert event.outcome is not None
    assert event.outcome.state == State.NEEDS_ACTION


def test_card_that_is_to_be_kept_is_asked_for() -> None:
    intent = {**data.resource("payment_intent"), "status": "succeeded"}
    event = read("payment_intent.succeeded", {**intent, "metadata": {"portal_key": "p-1", "portal_keeps": "yes"}})
    assert [event.about, event.key, event.outcome] == [About.PAYMENT, "p-1", None]


@pytest.mark.parametrize(
    ("verb", "facts", "state"),
    [
        ("completed", {"status": "complete", "payment_status": "paid"}, State.SUCCEEDED),
        ("completed", {"status": "complete", "payment_status": "unpaid"}, State.PENDING),
        ("async_payment_succeeded", {"status": "complete", "payment_status": "paid"}, State.SUCCEEDED),
        ("async_payment_failed", {"status": "complete", "payment_status": "unpaid"}, State.FAILED),
        ("expired", {"status": "expired", "payment_status": "unpaid"}, State.CANCELLED),
    ],
)
def test_page_tells_how_it_ended(verb: str, facts: dict[str, str], state: State) -> None:
    page = data.resource("checkout.session")
    page |= {"client_reference_id": "p-1", "amount_total": 123450, "currency": "kes", **facts}
    event = read(f"checkout.session.{verb}", page)
    assert [event.about, event.key, event.reference] == [About.PAYMENT, "p-1", page["id"]]
    assert event.outcome is not None
    assert event.outcome.state == state
    assert event.outcome.amount == (Money("1234.50", "KES") if state == State.SUCCEEDED else None)


def test_page_on_which_a_card_was_saved_is_asked_for() -> None:
    page = {**data.resource("checkout.session"), "mode": "setup", "client_reference_id": "m-1", "status": "complete"}
    event = read("checkout.session.completed", page)
    assert [event.about, event.key, event.outcome] == [About.METHOD, "m-1", None]


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("needs_response", State.PENDING),
        ("under_review", State.PENDING),
        ("won", State.SUCCEEDED),
        ("lost", State.FAILED),
    ],
)
def test_recorded_dispute_withholds_money_until_it_is_decided(status: str, state: State) -> None:
    event = read("charge.dispute.updated", {**recorded("dispute_dp_fakefakefakefake01"), "status": status})
    assert [event.about, event.reference] == [About.DISPUTE, "dp_1JAyTwJSZQVUcJYgPqasUEn1"]
    assert [event.payment, event.amount] == ["pi_1JAyTwJSZQVUcJYgBbsz0NuH", Money(10, "USD")]
    assert event.outcome is not None
    assert [event.outcome.state, event.data] == [state, {"reason": "fraudulent"}]


def test_inquiry_of_a_bank_moves_no_money() -> None:
    dispute = {**recorded("dispute_dp_fakefakefakefake01"), "status": "warning_needs_response"}
    assert read("charge.dispute.created", dispute).about == About.OTHER


@pytest.mark.parametrize("kind", ["refund.created", "refund.updated", "refund.failed", "charge.refund.updated"])
def test_refund_tells_of_the_payment_it_is_of(kind: str) -> None:
    refund = {**data.resource("refund"), "payment_intent": "pi_1", "metadata": {"portal_key": "r-1"}}
    event = read(kind, refund)
    assert [event.about, event.key, event.payment, event.amount] == [About.REFUND, "r-1", "pi_1", Money(1, "USD")]


def test_saved_card_that_the_bank_renewed_says_so() -> None:
    event = read("payment_method.automatically_updated", recorded("payment_method_pm_fakefakefakefake0001"))
    assert event.about == About.METHOD
    assert event.outcome is not None
    assert event.outcome.method is not None
    assert event.outcome.method.expires_on == "2021-06"


def test_every_other_recorded_event_is_kept_as_other() -> None:
    files = sorted(data.path("stripe", "dj-stripe-fixtures").glob("event_*.json"))
    assert len(files) == 11
    events = [GATEWAY.read(body=file.read_bytes(), query={}) for file in files]
    assert {event.about for event in events} == {About.OTHER}
    assert min(event.at for event in events if event.at) < AT - timedelta(days=365)


def test_every_example_object_can_be_read() -> None:
    """Of 2026 and of 2022, under any name of an event: nothing but Unreadable comes out."""
    kinds = ["payment_intent.succeeded", "checkout.session.completed", "refund.updated", "charge.dispute.closed"]
    read_ones = 0
    for version in ("fixtures3.json", "fixtures3.2022-04-12.json"):
        for thing in data.read("stripe", "openapi", version)["resources"].values():
            for kind in kinds:
                try:
                    read_ones += bool(read(kind, thing))
                except Unreadable:
                    continue
    assert read_ones > 8
