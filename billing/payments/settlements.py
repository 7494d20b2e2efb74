"""What pages of invoices show of payments, their refunds and disputes."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from django.db.models import Q, Sum
from django.urls import reverse
from djmoney.money import Money

from billing.invoicing.models import Invoice, LedgerEntry, LedgerTransaction
from billing.invoicing.registry import Settlement
from billing.payments.gateways.base import gateways
from billing.payments.models import Dispute, Payment, Refund
from billing.payments.pages import DISPUTE_STATES, REFUND_STATES, STATES, way_of
from portal.core.money import words

INTERNAL = (Refund.Status.WAITING, Refund.Status.CANCELLED)


def of_invoice(invoice: Invoice) -> Iterator[Settlement]:
    """Payments that were begun for an invoice or paid of it, and what went back of them; four queries."""
    of_payments = Q(transaction__payment__isnull=False) | Q(transaction__kind=LedgerTransaction.Kind.PAYMENT)
    receivable = Q(account=LedgerEntry.Account.RECEIVABLE, invoice=invoice)
    rows = LedgerEntry.objects.filter(receivable, of_payments).order_by()
    moved = rows.values_list("transaction", "transaction__payment", "transaction__at", "transaction__reference")
    parts: dict[int | None, Decimal] = {}
    for movement, payment_id, at, reference, amount in moved.annotate(Sum("amount")):
        if payment_id is None:
            yield _booked(movement, at, reference, invoice.money(-amount))
        else:
            parts[movement] = amount
    mine = Q(invoice=invoice) | Q(movement__in=list(parts))
    payments = list(Payment.objects.filter(mine).select_related("method").prefetch_related("refunds", "disputes"))
    for payment in payments:
        yield _payment(payment, invoice.money(-parts.get(payment.movement_id, Decimal(0))))
        yield from (_refund(payment, refund) for refund in payment.refunds.all())
        yield from (_dispute(payment, dispute) for dispute in payment.disputes.all())


def _booked(movement: int, at: datetime, reference: str, part: Money) -> Settlement:
    """Money that was booked by hand, or before there were payments."""
    slug, _space, name = reference.removeprefix("payment ").partition(" ")
    label = gateways.get(slug).label if slug in gateways else slug
    return Settlement(
        at=at,
        what="Payment",
        note=f"{label} · {name}",
        status="succeeded",
        state=STATES["succeeded"],
        amount=part,
        staff_url=reverse("ledger:inspect", args=[movement]),
    )


def _payment(payment: Payment, part: Money) -> Settlement:
    has_arrived = payment.status == Payment.Status.SUCCEEDED
    is_split = has_arrived and part != payment.money
    share = f"{words(part)} of it for this invoice" if is_split else ""
    return Settlement(
        at=payment.closed_at or payment.created_at,
        what="Payment",
        note=" · ".join(filter(None, (way_of(payment), share or payment.failure_message))),
        status=str(payment.status),
        state=STATES[str(payment.status)],
        amount=payment.money,
        staff_url=reverse("payments:inspect", args=[payment.pk]),
        url=payment.get_absolute_url(),
        document_url=reverse("payment-receipt", args=[payment.public_id]) if has_arrived else "",
        document="Receipt" if has_arrived else "",
    )


def _refund(payment: Payment, refund: Refund) -> Settlement:
    return Settlement(
        at=refund.closed_at or refund.created_at,
        what="Refund",
        note=refund.reason,
        status=str(refund.status),
        state=REFUND_STATES[str(refund.status)],
        amount=-refund.money,
        staff_url=reverse("refunds:inspect", args=[refund.pk]),
        url=payment.get_absolute_url(),
        is_internal=refund.status in INTERNAL,
    )


def _dispute(payment: Payment, dispute: Dispute) -> Settlement:
    return Settlement(
        at=dispute.opened_at,
        what="Dispute",
        note=way_of(payment),
        status=str(dispute.status),
        state=DISPUTE_STATES[str(dispute.status)],
        amount=-dispute.money,
        staff_url=reverse("disputes:inspect", args=[dispute.pk]),
        url=payment.get_absolute_url(),
    )
