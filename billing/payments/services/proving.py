"""Proof that the ledger's cash and the rows of payments, refunds and disputes agree.

Money of the gateways that came before there were rows (`settlement.receive` alone) is not asked for.
"""

from collections.abc import Iterator
from decimal import Decimal

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from billing.invoicing.models import LedgerEntry
from billing.invoicing.registry import Check
from billing.payments.models import Payment, Refund

CASH = LedgerEntry.Account.CASH
ZERO = Value(Decimal(0))


def payments_are_booked() -> Iterator[str]:
    """Each payment that succeeded stands in the ledger with its amount, gateway, company and currency."""
    booked = LedgerEntry.objects.filter(
        transaction=OuterRef("movement"),
        account=CASH,
        detail=OuterRef("gateway"),
        company=OuterRef("company"),
        currency=OuterRef("currency"),
    )
    rows = Payment.objects.filter(status=Payment.Status.SUCCEEDED).annotate(booked=_sum_of(booked))
    wrong = rows.exclude(booked=F("received_amount")).values_list("key", "received_amount", "booked")
    for key, brought, is_booked in wrong.iterator():
        yield f"{key} brought {brought:f}, and {is_booked:f} is booked"


def refunds_are_booked() -> Iterator[str]:
    """What went back, or is on its way, has left the ledger's cash; what came back or was never sent has not."""
    for refund in Refund.objects.select_related("payment").order_by("pk").iterator():
        name = f"refund {refund.payment.gateway} {refund.key}"
        entries = LedgerEntry.objects.filter(
            Q(transaction__reference=name) | Q(transaction__reference=f"{name} came back"), account=CASH
        )
        is_gone = str(refund.status) in (Refund.Status.PENDING, Refund.Status.SUCCEEDED)
        if entries.total() != (-refund.amount if is_gone else 0):
            yield f"{refund} is {refund.get_status_display().lower()}, and {entries.total()} is booked"


def returned_within_bounds() -> Iterator[str]:
    """No more went back than a payment brought."""
    sums = Refund.objects.filter(payment=OuterRef("pk"), status__in=["waiting", "pending", "succeeded"])
    returned = sums.order_by().values("payment").annotate(sum=Sum("amount")).values("sum")
    rows = Payment.objects.annotate(returned=Coalesce(Subquery(returned), ZERO))
    wrong = rows.filter(returned__gt=Coalesce(F("received_amount"), ZERO)).values_list("key", "returned")
    yield from (f"{key} brought less than the {returned:f} that went back" for key, returned in wrong.iterator())


def _sum_of(entries: QuerySet[LedgerEntry]) -> Coalesce:
    rows = entries.order_by().values("transaction").annotate(sum=Sum("amount")).values("sum")
    return Coalesce(Subquery(rows), ZERO)


CHECKS: dict[str, Check] = {
    "payments": payments_are_booked,
    "refunds": refunds_are_booked,
    "returned": returned_within_bounds,
}
