"""Refunds that somebody made at the gateway's own desk: nobody asked for them here, and the money is gone."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from djmoney.money import Money

from billing.invoicing.models import Invoice
from billing.invoicing.services import invoices, reversals
from billing.payments.gateways.base import Event, Outcome
from billing.payments.models import Payment, Refund
from billing.payments.services import outcomes, refunds, telling
from billing.payments.services.disputes import NotPaidYet
from portal.core import money


@transaction.atomic
def record(*, payment: Payment, event: Event, outcome: Outcome, at: datetime) -> Refund:
    """Book the refund once, as one that was decided here, and write down how it stands; in any order.

    A paid invoice is credited. While it is open, or when the money was used for something else since, it is due again.
    Raises NotPaidYet, CurrencyMismatch.
    """
    invoices.lock_company(payment.company_id)
    locked = outcomes.lock(payment)
    if locked.status != Payment.Status.SUCCEEDED or locked.movement is None:
        raise NotPaidYet(f"{locked} is returned before it is paid.")
    found = Refund.objects.filter(key=key_of(event)).first() or _made(locked, event, outcome, at)
    return refunds.record(refund=found, outcome=outcome, at=at)


def key_of(event: Event) -> str:
    """Our key of a refund that has none at the gateway."""
    return f"{Refund.ELSEWHERE}{event.reference}"[:80]


def _made(payment: Payment, event: Event, outcome: Outcome, at: datetime) -> Refund:
    """The row, and its money booked, unless it never left."""
    amount = event.amount or payment.money
    money.total([amount], payment.currency)
    has_left = outcome.state not in refunds.NEVER_ARRIVED
    refund = Refund.objects.create(
        payment=payment,
        company=payment.company,
        key=key_of(event),
        reference=event.reference,
        currency=payment.currency,
        amount=amount.amount,
        reason=_("The payment was returned."),
        status=Refund.Status.PENDING if has_left else Refund.Status.FAILED,
        failure_message="" if has_left else outcome.message,
        created_at=at,
        # The gateway knows of it: it is asked for, and never sent.
        called_at=at,
        closed_at=None if has_left else at,
    )
    if has_left:
        _book(refund, amount, at)
        telling.returned(refund, at=at)
    return refund


def _book(refund: Refund, amount: Money, at: datetime) -> None:
    payment = refund.payment
    if payment.invoice is None or payment.invoice.status != Invoice.Status.OPEN:
        refunds.credit(refund, at)
        refund.save(update_fields=["credit_note"])
    if payment.movement:
        reversals.take_back(
            payment=payment.movement,
            amount=amount,
            gateway=payment.gateway,
            reference=refund.key,
            at=at,
            what="refund",
        )
