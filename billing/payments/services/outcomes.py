"""What gateways say of payments, recorded once, in whatever order it is heard."""

from datetime import datetime

from django.db import transaction

from billing.invoicing.services import invoices, settlement
from billing.payments.gateways.base import Outcome, State
from billing.payments.models import Payment
from billing.payments.services import asking, methods, telling
from portal.activity import services as activity
from portal.core import money

RECORDED = [
    "status",
    "reference",
    "receipt",
    "action_url",
    "received_amount",
    "failure_code",
    "failure_message",
    "can_retry",
    "closed_at",
    "movement",
    "ask_at",
    "asked",
]


@transaction.atomic
def record(*, payment: Payment, outcome: Outcome, at: datetime) -> Payment:
    """Write down what a gateway said: money that arrived is booked once, and what has ended stays as it is.

    Raises CurrencyMismatch when the gateway names another currency, ReferenceReused when the money is booked for
    another company.
    """
    invoices.lock_company(payment.company_id)
    locked = lock(payment)
    locked.reference = locked.reference or outcome.reference or None
    locked.receipt = locked.receipt or outcome.receipt or None
    if outcome.state == State.SUCCEEDED and locked.status != Payment.Status.SUCCEEDED:
        # What was a page until now is a charge, under whose name its refunds and disputes come.
        locked.reference = outcome.reference or locked.reference
        _succeed(locked, outcome, at)
    elif locked.is_under_way:
        _note(locked, outcome, at)
    locked.asked += 1
    locked.ask_at = asking.next_time(locked.asked, at=at, left_at=_left_at(locked)) if locked.is_under_way else None
    locked.save(update_fields=RECORDED)
    if outcome.method and locked.saves_method and locked.status == Payment.Status.SUCCEEDED:
        methods.keep_used(payment=locked, method=outcome.method, at=at)
    return locked


@transaction.atomic
def postpone(*, payment: Payment, at: datetime) -> Payment:
    """Ask again later."""
    locked = lock(payment)
    if locked.is_under_way:
        locked.asked += 1
        locked.ask_at = asking.next_time(locked.asked, at=at)
        locked.save(update_fields=["asked", "ask_at"])
    return locked


def lock(payment: Payment) -> Payment:
    """Lock a payment until the transaction ends, after its company, and read it anew."""
    rows = Payment.objects.select_for_update(of=("self",)).select_related("company", "invoice", "method", "made_by")
    return rows.get(pk=payment.pk)


def _left_at(payment: Payment) -> datetime | None:
    """When a payment that waits for the customer is given up."""
    return payment.created_at + asking.ABANDONED if payment.status == Payment.Status.NEEDS_ACTION else None


def _succeed(payment: Payment, outcome: Outcome, at: datetime) -> None:
    amount = outcome.amount or payment.asked_for
    money.total([amount], payment.currency)
    payment.succeed(amount=amount.amount, at=at)
    payment.movement = settlement.receive(
        company=payment.company,
        amount=amount,
        gateway=payment.gateway,
        reference=payment.reference or payment.key,
        at=at,
        by=payment.made_by,
        first=[payment.invoice] if payment.invoice else [],
    )
    telling.succeeded(payment, at=at)


def _note(payment: Payment, outcome: Outcome, at: datetime) -> None:
    """What is not money: waiting, something to do, a refusal, or that it was given up."""
    if outcome.state == State.PENDING:
        payment.wait()
    elif outcome.state == State.NEEDS_ACTION:
        is_news = payment.status != Payment.Status.NEEDS_ACTION
        payment.need_action(url=outcome.url or payment.action_url)
        if is_news and payment.is_automatic:
            telling.needs_action(payment, at=at)
    elif outcome.state == State.CANCELLED:
        payment.cancel(at=at)
    else:
        payment.fail(code=outcome.code, message=outcome.message, can_retry=outcome.can_retry, at=at)
        data = {"amount": money.words(payment.asked_for)}
        activity.record(
            verb="payment.failed",
            actor=payment.made_by,
            company=payment.company,
            subject=payment,
            label=str(payment.invoice or ""),
            data=data,
            at=at,
        )
        if payment.is_automatic:
            telling.failed(payment, at=at)
