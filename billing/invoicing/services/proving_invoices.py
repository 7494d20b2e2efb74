"""Proof that invoices, credit notes and their numbers agree with the ledger and with one another.

Each check is one statement: PostgreSQL adds up, and only what differs is read.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from billing.invoicing.models import CreditNote, Invoice, LedgerEntry, LedgerTransaction
from billing.invoicing.models.papers import Paper
from billing.invoicing.registry import Check
from portal.core.models import NumberSeries

Account = LedgerEntry.Account
Kind = LedgerTransaction.Kind
Status = Invoice.Status
ZERO = Value(Decimal(0))
PAPERS: tuple[type[Paper], ...] = (Invoice, CreditNote)


def lines_add_up() -> Iterator[str]:
    """An invoice is the sum of its lines, a credit note of its own."""
    for model in PAPERS:
        rows: QuerySet[Any] = model._default_manager.annotate(
            lines_net=Coalesce(Sum("lines__net_amount"), ZERO), lines_tax=Coalesce(Sum("lines__tax_amount"), ZERO)
        )
        wrong = rows.exclude(lines_net=F("net_amount"), lines_tax=F("tax_amount"))
        yield from (f"{paper} is not the sum of its lines" for paper in wrong.iterator())


def invoices_are_booked() -> Iterator[str]:
    """Issuing booked what the invoice says, of drafts nothing."""
    booked = _booked(Invoice, Kind.INVOICE, net=-1)
    drafts = Q(status=Status.DRAFT)
    wrong = booked.filter(drafts & ~Q(net_booked=0, tax_booked=0) | ~drafts & _differs())
    yield from (f"{invoice} is booked with other amounts" for invoice in wrong.iterator())


def credit_notes_are_booked() -> Iterator[str]:
    """Credit notes booked what they say."""
    wrong = _booked(CreditNote, Kind.CREDIT_NOTE, net=1).filter(_differs())
    yield from (f"{note} is booked with other amounts" for note in wrong.iterator())


def states_agree() -> Iterator[str]:
    """An open invoice has something due, at most its total; one that is closed, and a draft, has nothing."""
    rows = Invoice.objects.with_due()
    is_open = Q(status=Status.OPEN)
    wrong = rows.filter(
        is_open & (Q(due_amount__lte=0) | Q(due_amount__gt=F("total_amount"))) | ~is_open & ~Q(due_amount=0)
    )
    for invoice in wrong.iterator():
        yield f"{invoice} is {invoice.get_status_display().lower()}, and by the ledger {invoice.due} is due"


def credited_within_bounds() -> Iterator[str]:
    """No more was credited than invoiced."""
    credited = Invoice.objects.annotate(credited=Sum("credit_notes__total_amount"))
    wrong = credited.filter(credited__gt=F("total_amount"))
    yield from (f"more than {invoice.total} of {invoice} was credited" for invoice in wrong.iterator())


def numbers_have_no_gaps() -> Iterator[str]:
    """The numbers of each series and year are 1 … n, and n was given last."""
    last = NumberSeries.objects.filter(series=OuterRef("series"), year=OuterRef("year")).values("last")
    for model in PAPERS:
        series = model._default_manager.exclude(number=None).values("series", "year").order_by("series", "year")
        found = series.annotate(least=Min("sequence"), most=Max("sequence"), count=Count("pk"), given=Subquery(last))
        for row in found.exclude(least=1, most=F("count"), given=F("count")).iterator():
            yield "series {series} of {year} has {count} numbers from {least} to {most}, and {given} was last".format(
                **row
            )


def _booked(model: type[Paper], kind: str, *, net: int) -> QuerySet[Any]:
    """Documents with what was booked as revenue and as tax when they were issued; `net` is the sign of revenue."""
    entries = LedgerEntry.objects.filter(
        transaction__kind=kind,
        transaction__object_id=OuterRef("pk"),
        transaction__content_type__app_label="invoicing",
        transaction__content_type__model=model._meta.model_name,
    )

    def on(account: str) -> Any:
        sums = entries.filter(account=account).order_by().values("account").annotate(sum=Sum("amount")).values("sum")
        return Coalesce(Subquery(sums), ZERO) * net

    rows: QuerySet[Any] = model._default_manager.annotate(
        net_booked=on(Account.REVENUE), tax_booked=on(Account.TAX_PAYABLE)
    )
    return rows


def _differs() -> Q:
    return ~Q(net_booked=F("net_amount"), tax_booked=F("tax_amount"))


CHECKS: dict[str, Check] = {
    "sums": lines_add_up,
    "invoices": invoices_are_booked,
    "credit notes": credit_notes_are_booked,
    "states": states_agree,
    "credited": credited_within_bounds,
    "numbers": numbers_have_no_gaps,
}
