"""Issuing invoices, and what becomes of those that nobody pays."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from billing.invoicing import facts
from billing.invoicing.models import BillingSettings, Invoice, InvoiceLine, LedgerEntry, LedgerTransaction
from billing.invoicing.services import drafts, issuing, ledger, parties
from billing.invoicing.services.ledger import Entry, Movement, Part
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
    vendor, tax_id = parties.vendor(settings), locked.company.tax_id
    issuing.prepare(locked, settings=settings, vendor=vendor, tax_id=tax_id, today=today, at=at)
    lines = list(locked.lines.all())
    if not lines:
        raise drafts.NothingToInvoice(_("This invoice has no lines."))
    drafts.reckon(locked, lines, taxes_of(locked.company, day=today))
    InvoiceLine.objects.bulk_update(lines, RECKONED)
    issuing.number([locked], settings=settings, today=today)
    locked.save(update_fields=ISSUED)
    issuing.complete([(locked, lines)], at=at, by=by)
    return locked


@transaction.atomic
def void(*, invoice: Invoice, reason: str, at: datetime, by: "User | None") -> Invoice:
    """Take back an invoice that should not have been issued; what was paid of it goes to the company's balance.

    Raises InvalidTransition unless it is open, ReasonMissing, AlreadyCredited.
    """
    lock_company(invoice.company_id)
    locked = drafts.lock(invoice)
    locked.void(at=at, reason=reason_said(reason))
    if locked.credit_notes.exists():
        raise AlreadyCredited(_("A credit note stands against this invoice. Credit the rest instead."))
    paid = (locked.total - locked.due).amount
    issued = issuing.issue_parts(locked, list(locked.lines.all()))
    parts = [
        *(part._replace(amount=-part.amount) for part in issued),
        Part(Account.RECEIVABLE, paid, invoice_id=locked.pk),
        Part(Account.CUSTOMER_BALANCE, -paid),
    ]
    name = f"invoice {locked.public_id} voided"
    ledger.post_many([Movement(Kind.VOID, locked.company_id, locked.currency, name, parts, locked)], at=at)
    _close(locked, "invoice.voided", at, by)
    facts.invoice_voided.send(Invoice, invoice=locked, at=at)
    return locked


@transaction.atomic
def write_off(*, invoice: Invoice, reason: str, at: datetime, by: "User | None") -> Invoice:
    """Give up what is still due. Raises InvalidTransition unless it is open, ReasonMissing."""
    lock_company(invoice.company_id)
    locked = drafts.lock(invoice)
    locked.write_off(at=at, reason=reason_said(reason))
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


def settle_if_paid(invoice: Invoice, *, at: datetime) -> bool:
    """Close a locked, open invoice once nothing is due; return whether that is so."""
    if invoice.due.amount > 0:
        return False
    issuing.settle([invoice], at=at)
    return True


def reason_said(reason: str) -> str:
    """The reason as it is kept. Raises ReasonMissing."""
    said = reason.strip()
    if not said:
        raise ReasonMissing(_("Say why: the reason stays with the invoice."), field="reason")
    return said[:300]


def _close(invoice: Invoice, verb: str, at: datetime, by: "User | None") -> None:
    invoice.save(update_fields=issuing.CLOSED)
    activity.record(verb=verb, actor=by, company=invoice.company, subject=invoice, at=at)
