"""What issuing an invoice does, for one or for many at once: the one way of `invoices.issue` and of the invoice run."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from djmoney.money import Money

from billing.invoicing import facts
from billing.invoicing.models import BillingSettings, Invoice, InvoiceLine, LedgerEntry, LedgerTransaction
from billing.invoicing.models.papers import TaxLine, by_rate
from billing.invoicing.services import ledger, numbering, parties, telling
from billing.invoicing.services.ledger import Entry, Movement
from billing.invoicing.services.papers import archive
from portal.activity import services as activity

if TYPE_CHECKING:
    from portal.accounts.models import User

Account = LedgerEntry.Account
Kind = LedgerTransaction.Kind
CLOSED = ["status", "closed_at", "closing_reason"]
Drawn = tuple[Invoice, Sequence[InvoiceLine]]


def prepare(invoice: Invoice, *, settings: BillingSettings, today: date, at: datetime) -> None:
    """Make a reckoned draft payable, all but its number; nothing is saved. Raises InvalidTransition."""
    invoice.issue(at=at, issued_on=today, due_on=today + timedelta(days=settings.payment_days))
    for name, value in parties.snapshots(invoice.company, settings).items():
        setattr(invoice, name, value)


def number(invoices: Sequence[Invoice], *, settings: BillingSettings, today: date) -> None:
    """Give prepared invoices their numbers, in their order: the last lock of the transaction."""
    numbering.give(invoices, series=settings.invoice_series, day=today, settings=settings)


def complete(drawn: Sequence[Drawn], *, at: datetime, by: "User | None") -> None:
    """Book invoices that have just been saved, tell of them, use what their companies have to their credit."""
    invoices = [invoice for invoice, _lines in drawn]
    movements = [_movement(invoice, lines) for invoice, lines in drawn]
    ledger.post_many(
        [movement for movement in movements if any(part.amount.amount for part in movement.entries)], at=at
    )
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
        place, total = (invoice.company_id, invoice.currency), invoice.total
        balance = left.get(place, total * 0)
        used = total if total.amount < 0 else min(balance, total)
        if used.amount:
            left[place] = balance - used
            entries = [Entry(Account.CUSTOMER_BALANCE, used), Entry(Account.RECEIVABLE, -used, invoice=invoice)]
            name = f"invoice {invoice.public_id} balance"
            movements.append(Movement(Kind.BALANCE, invoice.company_id, name, entries, invoice))
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


def issue_entries(invoice: Invoice, lines: Sequence[InvoiceLine]) -> Iterator[Entry]:
    """What issuing books: the company owes the total, which is revenue and tax by rate."""
    yield Entry(Account.RECEIVABLE, invoice.total, invoice=invoice)
    yield from income_entries(by_rate(lines, invoice.currency), invoice.net)


def income_entries(tax_lines: list[TaxLine], net: Money, *, sign: int = -1) -> Iterator[Entry]:
    """Revenue and tax of a document; `sign` is -1 where they are earned, 1 where they are given back."""
    yield Entry(Account.REVENUE, net * sign)
    for line in tax_lines:
        yield Entry(Account.TAX_PAYABLE, line.tax * sign, tax_account(line.name, line.percent))


def tax_account(name: str, percent: Decimal) -> str:
    """The part of the account that one rate has."""
    return f"{name} {percent.normalize():f} %"


def _movement(invoice: Invoice, lines: Sequence[InvoiceLine]) -> Movement:
    entries = list(issue_entries(invoice, lines))
    return Movement(Kind.INVOICE, invoice.company_id, f"invoice {invoice.public_id} issued", entries, invoice)


def _note(verb: str, invoices: Sequence[Invoice], at: datetime, by: "User | None") -> None:
    activity.record_many(
        activity.event(verb=verb, actor=by, company=invoice.company, subject=invoice, at=at) for invoice in invoices
    )
