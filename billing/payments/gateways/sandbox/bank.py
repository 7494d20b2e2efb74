"""What happens at the sandbox itself: payments, cards and refunds as rows of its own, and the webhooks it sends."""

import json
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.db import transaction

from billing.payments.gateways.sandbox.cards import BY_NUMBER, TestCard
from billing.payments.models import SandboxCard, SandboxPayment, SandboxRefund, SandboxWebhook
from portal.core.services import jobs

Behaviour = SandboxCard.Behaviour
DELAY = timedelta(minutes=1)
ENDED = ("succeeded", "failed", "cancelled")
UNKNOWN = TestCard("", "Card", Behaviour.DECLINED, "")


@transaction.atomic
def open_payment(*, key: str, at: datetime, card: str = "", **fields: Any) -> SandboxPayment:
    """Open a payment, once for each key; with a saved card it is charged at once."""
    row, is_new = SandboxPayment.objects.get_or_create(
        key=key, defaults={"reference": f"sb_{uuid4().hex[:24]}", **fields}
    )
    if not is_new or not card:
        return row
    saved = SandboxCard.objects.filter(reference=card, customer=row.customer, is_forgotten=False).first()
    if saved is None:
        return _end(row, "failed", at, code="unknown_card")
    row.card = saved
    return _charge(row, at, is_saved=True)


@transaction.atomic
def enter_card(*, payment: SandboxPayment, number: str, expires_on: str, at: datetime) -> SandboxPayment:
    """The customer has filled in the sandbox's page."""
    row = _locked(payment)
    if row.state != "needs_action" or row.card_id:
        return row
    known = BY_NUMBER.get(number, UNKNOWN)
    row.card = SandboxCard.objects.create(
        reference=f"card_{uuid4().hex[:24]}",
        customer=row.customer,
        behaviour=known.behaviour,
        brand=known.brand,
        last4=number[-4:],
        expires_on=expires_on,
    )
    return _charge(row, at, is_saved=False)


@transaction.atomic
def authenticate(*, payment: SandboxPayment, agrees: bool, at: datetime) -> SandboxPayment:
    """The customer has confirmed the payment at the bank, or has not."""
    row = _locked(payment)
    if row.state != "needs_action" or not row.card_id:
        return row
    return _end(row, "succeeded", at) if agrees else _end(row, "failed", at, code="authentication_failed")


@transaction.atomic
def cancel(*, payment: SandboxPayment, at: datetime) -> SandboxPayment:
    """Stop one that waits for the customer."""
    row = _locked(payment)
    return _end(row, "cancelled", at) if row.state == "needs_action" else row


@transaction.atomic
def settle(*, payment: SandboxPayment, at: datetime) -> SandboxPayment:
    """Bring a delayed payment to its end when its time has come."""
    row = _locked(payment)
    is_due = row.state == "pending" and row.settles_at is not None and row.settles_at <= at
    return _end(row, "succeeded", at) if is_due else row


def settle_due(*, at: datetime) -> int:
    """Bring all delayed payments to their end whose time has come."""
    due = list(SandboxPayment.objects.filter(state="pending", settles_at__lte=at)[:100])
    for payment in due:
        settle(payment=payment, at=at)
    return len(due)


@transaction.atomic
def give_back(*, reference: str, amount: Decimal, key: str, at: datetime) -> SandboxRefund | None:
    """Return money, once for each key, never more than was paid; None where it cannot be."""
    payment = SandboxPayment.objects.select_for_update().filter(reference=reference, state="succeeded").first()
    if payment is None:
        return None
    if earlier := SandboxRefund.objects.filter(key=key).first():
        return earlier
    if sum(refund.amount for refund in payment.refunds.all()) + amount > payment.amount:
        return None
    refund = SandboxRefund.objects.create(reference=f"re_{uuid4().hex[:24]}", key=key, payment=payment, amount=amount)
    told = {"reference": refund.reference, "key": key, "state": "succeeded"}
    _send("refund.updated", "refund", told, at=at)
    return refund


@transaction.atomic
def dispute(*, payment: SandboxPayment, at: datetime, state: str = "pending", reference: str = "") -> str:
    """The card's owner takes the money back (pending), and wins (failed) or loses (succeeded, for us)."""
    name = reference or f"dp_{uuid4().hex[:24]}"
    told = {
        "reference": name,
        "payment": payment.reference,
        "state": state,
        "amount": f"{payment.amount:f}",
        "currency": payment.currency,
    }
    _send(f"dispute.{state}", "dispute", told, at=at)
    return name


def _charge(row: SandboxPayment, at: datetime, *, is_saved: bool) -> SandboxPayment:
    """What the card does; without an amount it is saved alone."""
    card = row.card
    behaviour = card.behaviour if card else Behaviour.DECLINED
    is_setup = not row.amount
    if behaviour == Behaviour.EXPIRED or (card and card.expires_on < f"{at:%Y-%m}"):
        return _end(row, "failed", at, code="expired_card")
    if behaviour == Behaviour.DECLINED or (behaviour == Behaviour.DECLINED_LATER and not is_setup):
        return _end(row, "failed", at, code="card_declined")
    if behaviour == Behaviour.AUTHENTICATION:
        return _change(row, "needs_action", at)
    if behaviour == Behaviour.DELAYED and not is_setup:
        row.settles_at = at + DELAY
        return _change(row, "pending", at)
    return _end(row, "succeeded", at)


def _end(row: SandboxPayment, state: str, at: datetime, *, code: str = "") -> SandboxPayment:
    row.code, row.settles_at = code, None
    return _change(row, state, at)


def _change(row: SandboxPayment, state: str, at: datetime) -> SandboxPayment:
    row.state = state
    row.save()
    about = "payment" if row.amount else "method"
    told = [state]
    if row.card and row.card.behaviour == Behaviour.NOISY:
        told = [state, "pending", state]
    for number, each in enumerate(told):
        payload = {"reference": row.reference, "key": row.key, "state": each, "card": row.card_id, "code": row.code}
        # The same event comes under the same name: the third message repeats the first.
        _send(f"{about}.{each}", about, payload, at=at, name=f"evt_{row.reference}_{each}", later=number)
    return row


def _send(kind: str, about: str, told: dict[str, Any], *, at: datetime, name: str = "", later: int = 0) -> None:
    event = {"id": name or f"evt_{uuid4().hex}", "kind": kind, "about": about, "at": at.isoformat(), **told}
    moment = at + timedelta(seconds=later)
    jobs.enqueue(job=SandboxWebhook(body=json.dumps(event), created_at=at, available_at=moment), at=at)


def _locked(payment: SandboxPayment) -> SandboxPayment:
    return SandboxPayment.objects.select_for_update(of=("self",)).select_related("card").get(pk=payment.pk)
