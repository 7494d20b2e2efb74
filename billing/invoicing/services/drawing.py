"""Drawing invoices from the charges of many companies in one transaction: a batch of the invoice run.

Everything is worked out first; lines, invoices and ledger are then written by COPY. The series of numbers is locked
from the invoices on, so that other batches reckon meanwhile.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any

from django.db.models import Exists, OuterRef, Subquery, TextField
from django.db.models.functions import Cast

from billing.invoicing import facts
from billing.invoicing.models import BillingSettings, Charge, Invoice, InvoiceLine
from billing.invoicing.models.charges import ChargeQuerySet
from billing.invoicing.registry import draft_policies
from billing.invoicing.services import drafts, issuing, parties
from billing.invoicing.services.drafts import NewLine
from billing.invoicing.services.issuing import Drawn
from billing.invoicing.services.taxes import taxes_for
from portal.accounts.models import Company
from portal.core import bulk
from portal.core.errors import DomainError
from portal.core.fields import Sealed

Row = tuple[Any, ...]
# Of a charge: its key, whose it is, and what the line takes over from it, as `NewLine` goes on.
READ = (
    "pk", "company_id", "currency",
    "description", "quantity", "unit_price", "tax_category", "starts_on", "ends_on", "source",
)  # fmt: skip
LINE = [field.name for field in fields(NewLine)]
INVOICE = [field.attname for field in Invoice._meta.concrete_fields]
of_line, of_invoice = attrgetter(*LINE), attrgetter(*INVOICE)


@dataclass(slots=True)
class Outcome:
    """What a batch has done: so many invoices of so many charges; `problems` by the company's key."""

    invoices: int = 0
    drawn: int = 0
    problems: dict[int, str] = field(default_factory=dict)


@dataclass(slots=True)
class Batch:
    """What is drawn together: invoices with their lines, the drafts among them, and which charge is on which.

    `tax_ids` are the companies' tax numbers, by their keys.
    """

    today: date
    at: datetime
    settings: BillingSettings
    tax_ids: dict[int, Sealed | None]
    issued: list[Drawn] = field(default_factory=list)
    kept: list[Drawn] = field(default_factory=list)
    charges: dict[int, int] = field(default_factory=dict)


def draw(*, first: int, last: int, today: date, at: datetime) -> Outcome:
    """Issue one invoice for each company and currency with charges due by `today`, dated and taxed as of that day.

    `first` and `last` are keys of companies. What cannot be invoiced is left waiting, and told. To be called inside a
    transaction.
    """
    due = Charge.objects.due(today).filter(company__gte=first, company__lte=last)
    companies = Company.objects.filter(Exists(due.filter(company=OuterRef("pk"))), pk__range=(first, last))
    rows = companies.only(*parties.OF_COMPANY).annotate(token=Cast("tax_id", TextField(null=True)))
    locked, tax_ids = {}, {}
    for company in rows.order_by("pk").select_for_update(no_key=True):
        token: str | None = vars(company)["token"]
        locked[company.pk], tax_ids[company.pk] = company, None if token is None else Sealed(token)
    _pass_over_invoiced(due)
    batch, outcome = Batch(today, at, BillingSettings.load(), tax_ids), Outcome()
    _work_out(due, locked, batch, outcome)
    if batch.charges:
        _save(batch)
    outcome.invoices, outcome.drawn = len(batch.issued) + len(batch.kept), len(batch.charges)
    return outcome


def _pass_over_invoiced(due: ChargeQuerySet) -> None:
    """Charges whose source stands on a line already, which staff have drawn up by hand, are on that invoice."""
    lines = InvoiceLine.objects.filter(source=OuterRef("source"))
    due.filter(Exists(lines)).update(invoice=Subquery(lines.values("invoice")))


def _work_out(due: ChargeQuerySet, companies: dict[int, Company], batch: Batch, outcome: Outcome) -> None:
    """Reckon every invoice; nothing is saved."""
    rows = due.filter(company__in=bulk.among(companies)).order_by("company_id", "currency", "pk").select_for_update()
    groups = list(_groups(rows.values_list(*READ)))
    taxes = taxes_for(companies.values(), day=batch.today)
    drafted = _left_as_drafts(list(companies.values()))
    keys = bulk.reserve_keys(Invoice, len(groups))
    for key, group in zip(keys, groups, strict=True):
        _charge, company_id, currency = group[0][:3]
        company = companies[company_id]
        invoice = Invoice(pk=key, company=company, currency=currency, created_at=batch.at)
        lines = [NewLine(key, place, *row[3:]) for place, row in enumerate(group, start=1)]
        try:
            drafts.reckon(invoice, lines, taxes[company.pk])
        except DomainError as error:
            outcome.problems[company.pk] = error.message
            continue
        (batch.kept if company.pk in drafted else batch.issued).append((invoice, lines))
        batch.charges.update((row[0], key) for row in group)


def _left_as_drafts(companies: list[Company]) -> set[int]:
    return set().union(*(draft_policies.get(name)(companies) for name in draft_policies))


def _groups(rows: Iterable[Row]) -> Iterator[Sequence[Row]]:
    """Those of one invoice: of one company and currency, no more than an invoice has lines."""
    for _key, group in groupby(rows, key=itemgetter(1, 2)):
        together = list(group)
        for start in range(0, len(together), drafts.MOST_LINES):
            yield together[start : start + drafts.MOST_LINES]


def _save(batch: Batch) -> None:
    """Lines before their invoices: the database takes none for an invoice that is issued already."""
    bulk.fill(Charge, "invoice", batch.charges)
    bulk.copy(InvoiceLine, LINE, (of_line(line) for _invoice, lines in (*batch.issued, *batch.kept) for line in lines))
    issued = [invoice for invoice, _lines in batch.issued]
    kept = [invoice for invoice, _lines in batch.kept]
    settings, vendor = batch.settings, parties.vendor(batch.settings)
    for invoice in issued:
        tax_id = batch.tax_ids[invoice.company_id]
        issuing.prepare(invoice, settings=settings, vendor=vendor, tax_id=tax_id, today=batch.today, at=batch.at)
    if issued:
        issuing.number(issued, settings=batch.settings, today=batch.today)
    bulk.copy(Invoice, INVOICE, map(of_invoice, [*issued, *kept]))
    if issued:
        issuing.complete(batch.issued, at=batch.at, by=None)
    if kept:
        facts.invoices_drafted.send(Invoice, invoices=kept, at=batch.at)
