"""What issuing an invoice does, for one or for many at once: the one way of `invoices.issue` and of the invoice run."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from billing.invoicing import facts
from billing.invoicing.models import BillingSettings, Invoice, InvoiceLine, LedgerEntry, LedgerTransaction
from billing.invoicing.models.papers import Taxed, sums_by_rate
from billing.invoicing.services import ledger, numbering, parties, telling
from billing.invoicing.services.drafts import NewLine
from billing.invoicing.services.ledger import Movement, Part
from billing.invoicing.services.papers import archive
from portal.activity import services as activity

if TYPE_CHECKING:
    from portal.accounts.models import User

Account = LedgerEntry.Account
Kind = LedgerTransaction.Kind
NOTHING = Decimal(0)
CLOSED = ["status", "closed_at", "closing_reason"]
Lines = Sequence[InvoiceLine] | Sequence[NewLine]
Drawn = tuple[Invoice, Lines]


def prepare(
    invoice: Invoice,
    *,
    settings: BillingSettings,
    vendor: dict[str, str],
    tax_id: str | None,
    today: date,
    at: datetime,
) -> None:
    """Make a reckoned draft payable, all but its number; nothing is saved. Raises InvalidTransition.

    `vendor` is the vendor's part of the document, and `tax_id` the company's, which may be sealed.
    """
    invoice.issue(at=at, issued_on=today, due_on=today + timedelta(days=settings.payment_days))
    invoice.bill_from, invoice.bill_to = vendor, parties.customer(invoice.company)
    invoice.bill_to_tax_id = tax_id


def number(invoices: Sequence[Invoice], *, settings: BillingSettings, today: date) -> None:
    """Give prepared invoices their numbers, in their order: the last lock of the transaction."""
    numbering.give(invoices, series=settings.invoice_series, day=today, settings=settings)


def complete(drawn: Sequence[Drawn], *, at: datetime, by: "User | None") -> None:
    """Book invoices that have just been saved, tell of them, use what their companies have to their credit."""
    invoices = [invoice for invoice, _lines in drawn]
    movements = [_movement(invoice, lines) for invoice, lines in drawn]
    ledger.post_many([movement for movement in movements if any(part.amount for part in movement.parts)], at=at)
    _note("invoice.issued", invoices, at, by)
    telling.issued(invoices, at=at)
    facts.invoices_issued.send(Invoice, invoices=invoices, at=at)
    use_balances(invoices, at=at)
    archive.ask_for(invoices, at=at)


def use_balances(invoices: Sequence[Invoice], *, at: datetime) -> None:
    """Pay locked, open invoices from the balances as far as they reach; one below zero adds to the balance."""
    left = dict(ledger.balances_of({invoice.company for invoice in invoices}))
    movements, paid = [], []
    for invoice in invoices:
        place, total = (invoice.company_id, invoice.currency), invoice.total_amount
        balance = left.get(place, NOTHING)
        used = total if total < 0 else min(balance, total)
        if used:
            left[place] = balance - used
            parts = [Part(Account.CUSTOMER_BALANCE, used), Part(Account.RECEIVABLE, -used, invoice_id=invoice.pk)]
            name = f"invoice {invoice.public_id} balance"
            movements.append(Movement(Kind.BALANCE, *place, name, parts, invoice))
        if used == total:
            paid.append(invoice)
    ledger.post_many(movements, at=at)
    settle(paid, at=at)


def settle(invoices: Sequence[Invoice], *, at: datetime) -> None:
    """Close locked, open invoices of which nothing is due any more."""
    if not invoices:
        return
    for invoice in invoices:
        invoice.settle(at=at)
    Invoice.objects.bulk_update(invoices, CLOSED)
    _note("invoice.paid", invoices, at, None)
    telling.paid(invoices, at=at)
    facts.invoices_paid.send(Invoice, invoices=invoices, at=at)


def issue_parts(invoice: Invoice, lines: Lines) -> Iterator[Part]:
    """What issuing books: the company owes the total, which is revenue and tax by rate."""
    yield Part(Account.RECEIVABLE, invoice.total_amount, invoice_id=invoice.pk)
    yield from income_parts(lines, sign=-1)


def income_parts(lines: Iterable[Taxed], *, sign: int) -> Iterator[Part]:
    """Revenue and tax of a document's lines; `sign` is -1 where they are earned, 1 where they are given back."""
    sums = sums_by_rate(lines)
    yield Part(Account.REVENUE, sum((net for _rate, (net, _tax) in sums), NOTHING) * sign)
    for (name, percent, _reason, _code), (_net, tax) in sums:
        yield Part(Account.TAX_PAYABLE, tax * sign, tax_account(name, percent))


def tax_account(name: str, percent: Decimal) -> str:
    """The part of the account that one rate has."""
    return f"{name} {percent.normalize():f} %"


def _movement(invoice: Invoice, lines: Lines) -> Movement:
    name, parts = f"invoice {invoice.public_id} issued", list(issue_parts(invoice, lines))
    return Movement(Kind.INVOICE, invoice.company_id, invoice.currency, name, parts, invoice)


def _note(verb: str, invoices: Sequence[Invoice], at: datetime, by: "User | None") -> None:
    activity.record_many(
        [activity.event(verb=verb, actor=by, company=invoice.company, subject=invoice, at=at) for invoice in invoices]
    )
