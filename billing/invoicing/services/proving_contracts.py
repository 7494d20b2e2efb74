"""Proof that billing periods of contracts, their charges and their invoices agree; each check is one statement."""

from collections.abc import Iterator
from decimal import Decimal

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Sum, TextField, Value
from django.db.models.functions import Cast, Coalesce, Concat

from billing.invoicing.models import Charge, Invoice, InvoiceLine
from billing.invoicing.registry import Check
from portal.contracts.models import BillingPeriod, BillingPeriodLine
from portal.contracts.models.periods import SOURCE

Status = BillingPeriod.Status
LINE_SOURCE = Concat(Value(SOURCE), Cast("public_id", TextField()), output_field=CharField())
# What each state of an invoice makes of a period that has lines on it, the strongest first.
EXPECTED = {
    Invoice.Status.OPEN: (Status.INVOICED, Status.OVERDUE),
    Invoice.Status.UNCOLLECTIBLE: (Status.OVERDUE,),
    Invoice.Status.PAID: (Status.PAID,),
    Invoice.Status.VOID: (Status.CANCELLED,),
}
ON_NONE = (Status.PENDING, Status.CANCELLED)


def sums_agree() -> Iterator[str]:
    """A period says the sum of its lines that stand."""
    standing = Coalesce(Sum("lines__amount", filter=Q(lines__is_withdrawn=False)), Value(Decimal(0)))
    wrong = BillingPeriod.objects.annotate(found=standing).exclude(found=F("amount")).select_related("contract")
    yield from (f"{period} is not the sum of its lines" for period in wrong.iterator())


def what_waits_is_charged() -> Iterator[str]:
    """Each line of a period that waits has its charge, of the same company, amount and day."""
    same = Charge.objects.filter(
        source=OuterRef("source_of_it"),
        company=OuterRef("period__contract__company"),
        currency=OuterRef("period__contract__currency"),
        unit_price=OuterRef("amount"),
        due_on=OuterRef("period__due_on"),
    )
    waiting = BillingPeriodLine.objects.standing().filter(period__status=Status.PENDING)
    wrong = waiting.annotate(source_of_it=LINE_SOURCE).exclude(Exists(same)).select_related("period__contract")
    yield from (f"{line.period}: “{line}” waits and is not charged as it says" for line in wrong.iterator())


def nothing_else_is_charged() -> Iterator[str]:
    """A charge of a contract that no issued invoice has is that of a line which stands in a period that waits."""
    lines = BillingPeriodLine.objects.standing().filter(period__status=Status.PENDING)
    known = lines.annotate(source_of_it=LINE_SOURCE).filter(source_of_it=OuterRef("source"))
    open_ones = Charge.objects.filter(Q(invoice=None) | Q(invoice__status=Invoice.Status.DRAFT))
    wrong = open_ones.filter(source__startswith=SOURCE).exclude(Exists(known))
    yield from (f"“{charge}” is charged, and no billing period says so" for charge in wrong.iterator())


def invoices_say_the_same() -> Iterator[str]:
    """What an issued invoice charges of a contract is what the period says."""
    same = BillingPeriodLine.objects.standing().annotate(source_of_it=LINE_SOURCE)
    same = same.filter(
        source_of_it=OuterRef("source"),
        amount=OuterRef("net_amount"),
        period__contract__company=OuterRef("invoice__company"),
        period__contract__currency=OuterRef("invoice__currency"),
    )
    passed = (Invoice.Status.DRAFT, Invoice.Status.VOID)
    issued = InvoiceLine.objects.filter(source__startswith=SOURCE).exclude(invoice__status__in=passed)
    wrong = issued.exclude(Exists(same)).select_related("invoice")
    yield from (f"{line.invoice}: “{line}” is not what its billing period says" for line in wrong.iterator())


def states_follow() -> Iterator[str]:
    """A period is in the state that its invoices give it, and names one of them."""
    left, wrong = Q(), Q()
    for status, states in EXPECTED.items():
        on_such = Exists(_lines().filter(invoice__status=status))
        wrong |= left & Q(on_such) & ~Q(status__in=states)
        left &= ~Q(on_such)
    wrong |= left & ~Q(status__in=ON_NONE)
    named = Exists(_lines().filter(invoice__number=OuterRef("invoice_number")))
    wrong |= Q(status__in=BillingPeriod.INVOICED) & ~Q(named)
    for period in BillingPeriod.objects.filter(wrong).select_related("contract").iterator():
        yield f"{period} is {period.get_status_display().lower()}, and its invoice says otherwise"


def _lines() -> QuerySet[InvoiceLine]:
    """The lines of invoices for what stands in the period that a statement is about."""
    standing = BillingPeriodLine.objects.standing().filter(period=OuterRef(OuterRef("pk")))
    return InvoiceLine.objects.filter(source__in=standing.values(source_of_it=LINE_SOURCE))


CHECKS: dict[str, Check] = {
    "contract periods": sums_agree,
    "contract charges": what_waits_is_charged,
    "charges of contracts": nothing_else_is_charged,
    "contract invoices": invoices_say_the_same,
    "contract states": states_follow,
}
