"""Issuing invoices, and what becomes of those that nobody pays."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from djmoney.money import Money

from billing.invoicing import facts
from billing.invoicing.models import BillingSettings, Invoice, InvoiceLine, LedgerEntry, LedgerTransaction
from billing.invoicing.models.papers import TaxLine
from billing.invoicing.services import drafts, ledger, numbering, parties, telling
from billing.invoicing.services.ledger import Entry
from billing.invoicing.services.papers import archive
from billing.invoicing.services.taxes import taxes_of
from portal.accounts.models import Company
from portal.activity import services as activity
from portal.core.errors import Conflict, DomainError

if TYPE_CHECKING:
    from portal.accounts.models import User

Account = LedgerEntry.Account
Kind = LedgerTransaction.Kind
RECKONED = ["net_amount", "tax_amount", "tax_name", "tax_percent", "tax_code", "tax_reason"]
ISSUED = [
    "status",
    "series",
    "year",
    "sequence",
    "number",
    "issued_at",
    "issued_on",
    "due_on",
    "net_amount",
    "tax_amount",
    "total_amount",
    "bill_from",
    "bill_to",
    "bill_to_tax_id",
]


class ReasonMissing(DomainError):
    """Whoever takes an invoice back says why."""

    code = "reason_missing"


class AlreadyCredited(Conflict):
    """A credit note stands against the invoice: credit the rest instead of voiding it."""

    code = "already_credited"


@transaction.atomic
def issue(*, invoice: Invoice, today: date, at: datetime, by: "User | None") -> Invoice:
    """Give a draft its number and make it payable; what the company has to its credit is used first.

    Tax is that of `today`. Raises NothingToInvoice when the draft has no lines, InvalidTransition when it is no draft.
    """
    lock_company(invoice.company_id)
    locked = drafts.lock(invoice)
    settings = BillingSettings.load()
    locked.issue(at=at, issued_on=today, due_on=today + timedelta(days=settings.payment_days))
    lines = list(locked.lines.all())
    if not lines:
        raise drafts.NothingToInvoice(_("This invoice has no lines."))
    drafts.reckon(locked, lines, taxes_of(locked.company, day=today))
    InvoiceLine.objects.bulk_update(lines, RECKONED)
    for name, value in parties.snapshots(locked.company, settings).items():
        setattr(locked, name, value)
    numbering.give(locked, series=settings.invoice_series, day=today, settings=settings)
    locked.save(update_fields=ISSUED)
    _book_issue(locked, at)
    activity.record(verb="invoice.issued", actor=by, company=locked.company, subject=locked, at=at)
    telling.issued(locked, at=at)
    facts.invoice_issued.send(Invoice, invoice=locked, at=at)
    use_balance(locked, at)
    archive.ask_for(locked, at=at)
    return locked


@transaction.atomic
def void(*, invoice: Invoice, reason: str, at: datetime, by: "User | None") -> Invoice:
    """Take back an invoice that should not have been issued; what was paid of it goes to the company's balance.

    Raises InvalidTransition unless it is open, ReasonMissing, AlreadyCredited.
    """
    lock_company(invoice.company_id)
    locked = drafts.lock(invoice)
    locked.void(at=at, reason=_said(reason))
    if locked.credit_notes.exists():
        raise AlreadyCredited(_("A credit note stands against this invoice. Credit the rest instead."))
    paid = locked.total - locked.due
    ledger.post(
        kind=Kind.VOID,
        company=locked.company,
        reference=f"invoice {locked.public_id} voided",
        at=at,
        subject=locked,
        entries=[
            *(Entry(part.account, -part.amount, part.detail, part.invoice) for part in issue_entries(locked)),
            Entry(Account.RECEIVABLE, paid, invoice=locked),
            Entry(Account.CUSTOMER_BALANCE, -paid),
        ],
    )
    _close(locked, "invoice.voided", at, by)
    facts.invoice_voided.send(Invoice, invoice=locked, at=at)
    return locked


@transaction.atomic
def write_off(*, invoice: Invoice, reason: str, at: datetime, by: "User | None") -> Invoice:
    """Give up what is still due. Raises InvalidTransition unless it is open, ReasonMissing."""
    lock_company(invoice.company_id)
    locked = drafts.lock(invoice)
    locked.write_off(at=at, reason=_said(reason))
    due = locked.due
    ledger.post(
        kind=Kind.WRITE_OFF,
        company=locked.company,
        reference=f"invoice {locked.public_id} written off",
        at=at,
        subject=locked,
        entries=[Entry(Account.WRITE_OFF, due), Entry(Account.RECEIVABLE, -due, invoice=locked)],
    )
    _close(locked, "invoice.written_off", at, by)
    facts.invoice_written_off.send(Invoice, invoice=locked, at=at)
    return locked


def lock_company(pk: int) -> Company:
    """Lock whose money moves, before any of its invoices: what has to be one after the other is so for each company."""
    return Company.objects.select_for_update(no_key=True).get(pk=pk)


def use_balance(invoice: Invoice, at: datetime) -> None:
    """Pay a locked, open invoice from the balance as far as it reaches; one below zero adds to the balance."""
    balance = ledger.balance_of(invoice.company, invoice.currency)
    used = invoice.total if invoice.total.amount < 0 else min(balance, invoice.total)
    if used.amount:
        ledger.post(
            kind=Kind.BALANCE,
            company=invoice.company,
            reference=f"invoice {invoice.public_id} balance",
            at=at,
            subject=invoice,
            entries=[Entry(Account.CUSTOMER_BALANCE, used), Entry(Account.RECEIVABLE, -used, invoice=invoice)],
        )
    settle_if_paid(invoice, at=at)


def settle_if_paid(invoice: Invoice, *, at: datetime) -> bool:
    """Close a locked, open invoice once nothing is due; return whether that is so."""
    if invoice.due.amount > 0:
        return False
    invoice.settle(at=at)
    _close(invoice, "invoice.paid", at, None)
    telling.paid(invoice, at=at)
    facts.invoice_paid.send(Invoice, invoice=invoice, at=at)
    return True


def issue_entries(invoice: Invoice) -> Iterator[Entry]:
    """What issuing books: the company owes the total, which is revenue and tax by rate."""
    yield Entry(Account.RECEIVABLE, invoice.total, invoice=invoice)
    yield from income_entries(invoice.tax_lines, invoice.net)


def income_entries(tax_lines: list[TaxLine], net: Money, *, sign: int = -1) -> Iterator[Entry]:
    """Revenue and tax of a document; `sign` is -1 where they are earned, 1 where they are given back."""
    yield Entry(Account.REVENUE, net * sign)
    for line in tax_lines:
        yield Entry(Account.TAX_PAYABLE, line.tax * sign, tax_account(line.name, line.percent))


def tax_account(name: str, percent: Decimal) -> str:
    """The part of the account that one rate has."""
    return f"{name} {percent.normalize():f} %"


def _book_issue(invoice: Invoice, at: datetime) -> None:
    entries = list(issue_entries(invoice))
    if any(entry.amount.amount for entry in entries):
        ledger.post(
            kind=Kind.INVOICE,
            company=invoice.company,
            reference=f"invoice {invoice.public_id} issued",
            at=at,
            subject=invoice,
            entries=entries,
        )


def _said(reason: str) -> str:
    said = reason.strip()
    if not said:
        raise ReasonMissing(_("Say why: the reason stays with the invoice."), field="reason")
    return said[:300]


def _close(invoice: Invoice, verb: str, at: datetime, by: "User | None") -> None:
    invoice.save(update_fields=["status", "closed_at", "closing_reason"])
    activity.record(verb=verb, actor=by, company=invoice.company, subject=invoice, at=at)
