"""What was done at Stripe's own desk, and by banks: refunds that nobody asked for here, cards that were renewed."""

from datetime import date
from itertools import permutations
from typing import Any

import pytest
from django.test import Client

from billing.invoicing.models import CreditNote, Invoice, LedgerTransaction
from billing.invoicing.services import ledger
from billing.payments.models import Payment, PaymentMethod, Refund, WebhookMessage
from portal.accounts.models import Company, User
from portal.activity.models import ActivityEvent
from portal.notifications.models import Notification
from tests.billing.invoicing.books import AT, accounts, difference, kes
from tests.billing.invoicing.conftest import issued
from tests.billing.payments.gateways import data
from tests.billing.payments.gateways.fake_stripe import FakeStripe
from tests.billing.payments.gateways.test_end_to_end import (
    begin,
    from_stripe,
    invoice,
    kenyan_vat,
    post_stripe,
    secrets,
    story,
    vendor,
    work,
)
from tests.billing.payments.gateways.test_stripe_events import recorded
from tests.cast import client_of

__all__ = ["invoice", "kenyan_vat", "secrets", "vendor"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def payment(fake_stripe: FakeStripe, invoice: Invoice, owner: User) -> Payment:
    """KES 1,160.00 that arrived by Stripe and paid the invoice."""
    return arrived(fake_stripe, invoice)


def arrived(fake_stripe: FakeStripe, invoice: Invoice) -> Payment:
    payment = begin(invoice, "stripe")
    [_, paid, _] = story(fake_stripe, payment)
    post_stripe(paid)
    work()
    payment.refresh_from_db()
    assert payment.status == "succeeded"
    return payment


def refund_of(payment: Payment, units: int, status: str = "succeeded", name: str = "re_desk") -> dict[str, Any]:
    """A refund as Stripe shows it that was made in its dashboard: without any of our names."""
    thing = {**data.resource("refund"), "id": name, "payment_intent": payment.reference, "status": status}
    return {**thing, "amount": units, "currency": payment.currency.lower(), "metadata": {}}


def told(kind: str, thing: dict[str, Any], event: str) -> WebhookMessage:
    """The message of an event that was sent and acted on."""
    assert post_stripe(from_stripe(kind, thing, event)) == 202
    work()
    return WebhookMessage.objects.get(event_id=event)


def test_refund_made_at_stripe_credits_the_invoice_and_is_booked_once(payment: Payment, invoice: Invoice) -> None:
    thing = refund_of(payment, 116000)
    message = told("refund.created", thing, "evt_a")
    told("refund.updated", thing, "evt_b")
    refund, note = Refund.objects.get(), CreditNote.objects.get()
    assert (message.state, message.result) == ("done", f"{refund}: returned")
    assert (refund.status, refund.money, refund.credit_note) == ("succeeded", kes(1160), note)
    assert (note.invoice, note.total, note.reason) == (invoice, kes(1160), "The payment was returned.")
    assert (accounts(), payment.returnable, difference()) == ({}, kes(0), "")
    assert Notification.objects.filter(kind="payment_returned").count() == 1


def test_part_is_credited_in_part(payment: Payment, company: Company) -> None:
    told("refund.created", refund_of(payment, 58000), "evt_a")
    assert (CreditNote.objects.get().total, payment.returnable) == (kes(580), kes(580))
    assert (accounts()["cash stripe"], ledger.balance_of(company, "KES"), difference()) == ("580.00", kes(0), "")


def test_charge_that_names_its_refund_says_the_same(payment: Payment) -> None:
    refund = {key: value for key, value in refund_of(payment, 116000).items() if key != "payment_intent"}
    charge = {**data.resource("charge"), "payment_intent": payment.reference, "refunds": {"data": [refund]}}
    told("charge.refunded", charge, "evt_a")
    told("refund.created", refund_of(payment, 116000), "evt_b")
    assert (Refund.objects.get().status, CreditNote.objects.count(), difference()) == ("succeeded", 1, "")


def test_open_invoice_is_due_again(fake_stripe: FakeStripe, company: Company) -> None:
    invoice = issued(company, "1000.00")
    first = begin(invoice, "stripe")
    [_, paid, _] = story(fake_stripe, first)
    # Stripe took a part of it alone: the rest stays due.
    post_stripe(paid.replace(b'"amount_received": 116000', b'"amount_received": 16000'))
    work()
    first.refresh_from_db()
    invoice.refresh_from_db()
    assert (first.money, invoice.status, invoice.due) == (kes(160), "open", kes(1000))
    told("refund.created", refund_of(first, 16000), "evt_a")
    assert (Refund.objects.get().credit_note, invoice.due, difference()) == (None, kes(1160), "")


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_refund_that_fails_in_the_end_is_the_balance_or_was_never_booked(
    payment: Payment, company: Company, order: tuple[int, ...]
) -> None:
    states = ["pending", "succeeded", "failed"]
    for place in order:
        told("refund.updated", refund_of(payment, 116000, states[place]), f"evt_{place}")
    refund = Refund.objects.get()
    assert (refund.status, accounts()["cash stripe"], difference()) == ("failed", "1160.00", "")
    # Heard of first as failed, it never left: nothing was credited.
    assert ledger.balance_of(company, "KES") == (kes(0) if order[0] == 2 else kes(1160))


def test_invoice_that_became_due_again_is_paid_again_when_the_refund_comes_back(
    fake_stripe: FakeStripe, company: Company
) -> None:
    invoice = issued(company, "1000.00")
    first = begin(invoice, "stripe")
    [_, paid, _] = story(fake_stripe, first)
    post_stripe(paid.replace(b'"amount_received": 116000', b'"amount_received": 16000'))
    work()
    first.refresh_from_db()
    told("refund.created", refund_of(first, 16000), "evt_a")
    assert invoice.due == kes(1160)
    for event in ("evt_b", "evt_c"):
        told("refund.failed", refund_of(first, 16000, "failed"), event)
    told("charge.refund.updated", refund_of(first, 16000), "evt_d")
    assert (Refund.objects.get().status, invoice.due, difference()) == ("failed", kes(1000), "")
    assert (ledger.balance_of(company, "KES"), accounts()["cash stripe"]) == (kes(0), "160.00")
    # What came back is no money taken back, from which the days of dunning would count anew.
    kinds = LedgerTransaction.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["invoice", "payment", "reversal", "came_back"]


def test_refund_on_its_way_is_asked_for_and_never_sent(payment: Payment) -> None:
    told("refund.created", refund_of(payment, 116000, "pending"), "evt_a")
    refund = Refund.objects.get()
    assert (refund.status, refund.called_at is None, refund.ask_at is None) == ("pending", False, False)


def test_refund_before_its_payment_waits_for_it_and_staff_read_what_to_do(
    fake_stripe: FakeStripe, invoice: Invoice, finance: User
) -> None:
    unpaid = begin(invoice, "stripe")
    Payment.objects.filter(pk=unpaid.pk).update(reference="pi_early")
    unpaid.refresh_from_db()
    message = told("refund.created", refund_of(unpaid, 116000), "evt_a")
    assert (message.state, Refund.objects.exists()) == ("queued", False)
    assert message.error.startswith("NotPaidYet: ")
    WebhookMessage.objects.update(state="failed")
    assert "then process this again" in shown(client_of(finance), message)
    unknown = told("refund.created", {**refund_of(unpaid, 100), "payment_intent": "pi_x"}, "evt_b")
    WebhookMessage.objects.update(state="failed")
    assert "Look it up at the gateway" in shown(client_of(finance), unknown)


def shown(client: Client, message: WebhookMessage) -> str:
    return client.get(f"/admin/registers/webhooks/inspect/{message.pk}/").text


def test_refund_in_the_register_says_where_it_was_made(payment: Payment, finance: User) -> None:
    told("refund.created", refund_of(payment, 116000), "evt_a")
    page = client_of(finance).get(f"/admin/registers/refunds/inspect/{Refund.objects.get().pk}/").text
    assert "nobody here: it was made at the gateway" in page


@pytest.fixture
def method(company: Company) -> PaymentMethod:
    """A card that Stripe keeps, valid up to June 2021."""
    thing = recorded("payment_method_pm_fakefakefakefake0001")
    return PaymentMethod.objects.create(
        company=company,
        gateway="stripe",
        key="m-1",
        setup_reference="cs_1",
        reference=thing["id"],
        brand="Visa",
        last4="0002",
        expires_on=date(2020, 12, 31),
        created_at=AT,
        added_at=AT,
    )


def card(month: int, year: int, last4: str) -> dict[str, Any]:
    thing = recorded("payment_method_pm_fakefakefakefake0001")
    return {**thing, "card": {**thing["card"], "exp_month": month, "exp_year": year, "last4": last4}}


@pytest.mark.parametrize("kind", ["payment_method.updated", "payment_method.automatically_updated"])
def test_renewed_card_has_its_new_day_once(method: PaymentMethod, kind: str) -> None:
    told(kind, card(9, 2029, "4242"), "evt_a")
    told(kind, card(9, 2029, "4242"), "evt_b")
    # This was said before, and comes late.
    told(kind, card(6, 2021, "0002"), "evt_c")
    method.refresh_from_db()
    assert (method.expires_on, method.last4) == (date(2029, 9, 30), "4242")
    assert ActivityEvent.objects.filter(verb="payment_method.renewed").count() == 1


def test_removed_card_stays_removed(method: PaymentMethod) -> None:
    PaymentMethod.objects.filter(pk=method.pk).update(removed_at=AT)
    told("payment_method.updated", card(9, 2029, "4242"), "evt_a")
    method.refresh_from_db()
    assert (method.expires_on, method.removed_at) == (date(2020, 12, 31), AT)


def test_card_that_nobody_keeps_here_is_no_trouble(method: PaymentMethod) -> None:
    message = told("payment_method.updated", {**card(9, 2029, "4242"), "id": "pm_other"}, "evt_a")
    assert (message.state, message.result) == ("done", "Kept, nothing to do.")
