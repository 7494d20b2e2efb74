"""Billing periods of contracts: charged by the invoice run, and in step with the invoices that have their lines.

A line's charge has the line's own identifier in its source, so it is drawn once, whatever becomes of its period.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction
from djmoney.money import Money

from billing.invoicing.models import Charge, Invoice, InvoiceLine
from billing.invoicing.services import charges
from billing.invoicing.services.charges import NewCharge
from billing.invoicing.services.drafts import Item
from portal.contracts.charging import Charging
from portal.contracts.models import BillingPeriod, BillingPeriodLine, Contract
from portal.contracts.models.periods import SOURCE
from portal.contracts.services import periods
from portal.contracts.services.periods import Invoiced
from portal.core import bulk

Status = BillingPeriod.Status
READ = ("source", "invoice__number", "invoice__status", "invoice__due_on")


def charge(contract: Contract, lines: Sequence[BillingPeriodLine], *, at: datetime) -> None:
    """Have lines invoiced on their periods' days; those that are charged already stay as they are."""
    charges.add((_new_charge(contract, line) for line in lines), at=at)


def drawn(lines: Sequence[BillingPeriodLine]) -> set[int]:
    """The keys of those lines that an invoice or a draft has."""
    by_source = {line.source: line.pk for line in lines}
    found = Charge.objects.filter(source__in=by_source, invoice__isnull=False).values_list("source", flat=True)
    by_hand = InvoiceLine.objects.filter(source__in=by_source).values_list("source", flat=True)
    return {by_source[source] for source in found.union(by_hand)}


def withdraw(lines: Sequence[BillingPeriodLine]) -> set[int]:
    """Forget the charges of lines that nobody was invoiced for; return the keys of the others."""
    sources = [line.source for line in lines]
    # In the order in which the run locks them, so that neither waits for the other.
    list(Charge.objects.filter(source__in=sources).order_by("pk").select_for_update().values_list("pk"))
    charges.withdraw(sources)
    return drawn(lines)


CHARGING = Charging(charge=charge, drawn=drawn, withdraw=withdraw)


@transaction.atomic
def follow(*, invoices: Iterable[Invoice], today: date) -> None:
    """Bring the periods that have lines on these invoices in step with them; may be called again."""
    keys = bulk.among(invoice.pk for invoice in invoices)
    theirs = InvoiceLine.objects.filter(invoice__in=keys, source__startswith=SOURCE)
    sources = [source for source in theirs.values_list("source", flat=True) if source]
    if sources:
        periods.follow(invoices_of(_periods_of(sources), today=today))


def invoices_of(keys: Iterable[int], *, today: date) -> dict[int, list[Invoiced]]:
    """The issued invoices that have lines of these periods, by the period's key, the last issued last."""
    lines = BillingPeriodLine.objects.standing().filter(period__in=bulk.among(keys))
    period_of = {f"{SOURCE}{public_id}": period for period, public_id in lines.values_list("period_id", "public_id")}
    rows = InvoiceLine.objects.filter(source__in=period_of).exclude(invoice__status=Invoice.Status.DRAFT)
    found: defaultdict[int, dict[str, Invoiced]] = defaultdict(dict)
    for line in rows.order_by("invoice_id").select_related("invoice").only(*READ):
        invoice = line.invoice
        number = invoice.number or ""
        state = state_by(invoice.status, is_late=invoice.is_overdue(today=today))
        found[period_of[line.source or ""]][number] = Invoiced(number, state)
    return {period: list(invoices.values()) for period, invoices in found.items()}


def state_by(status: str, *, is_late: bool) -> str:
    """What an issued invoice makes of the periods on it; what was given up stays unpaid."""
    if status == Invoice.Status.OPEN:
        return Status.OVERDUE if is_late else Status.INVOICED
    return {
        Invoice.Status.PAID.value: Status.PAID,
        Invoice.Status.VOID.value: Status.CANCELLED,
        Invoice.Status.UNCOLLECTIBLE.value: Status.OVERDUE,
    }[status]


@transaction.atomic
def fall_overdue(*, today: date) -> int:
    """Mark the periods whose invoices were due before this day and are not paid; return how many are new."""
    return periods.fall_overdue(Invoice.objects.overdue(today=today).values("number"))


def _periods_of(sources: Iterable[str]) -> list[int]:
    public_ids = [source.removeprefix(SOURCE) for source in sources]
    lines = BillingPeriodLine.objects.filter(public_id__in=public_ids)
    return list(lines.values_list("period_id", flat=True).distinct())


def _new_charge(contract: Contract, line: BillingPeriodLine) -> NewCharge:
    price = Money(line.amount, contract.currency)
    words = f"{line.description} ({contract.number})"
    item = Item(words, price, starts_on=line.starts_on, ends_on=line.ends_on, source=line.source)
    return NewCharge(contract.company_id, line.period.due_on, item)
