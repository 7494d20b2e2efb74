"""Taking an issued invoice back, wholly or in part."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _
from djmoney.money import Money

from billing.invoicing import facts
from billing.invoicing.models import (
    BillingSettings,
    CreditNote,
    CreditNoteLine,
    Invoice,
    InvoiceLine,
    LedgerEntry,
    LedgerTransaction,
)
from billing.invoicing.services import drafts, invoices, issuing, ledger, numbering, parties, telling
from billing.invoicing.services.invoices import ReasonMissing
from billing.invoicing.services.ledger import Movement, Part
from billing.invoicing.services.papers import archive
from portal.activity import services as activity
from portal.core import money
from portal.core.errors import Conflict, DomainError

if TYPE_CHECKING:
    from portal.accounts.models import User

Account = LedgerEntry.Account
CREDITABLE = (Invoice.Status.OPEN, Invoice.Status.PAID)
TAX_FIELDS = ("description", "tax_name", "tax_percent", "tax_code", "tax_reason")


class NotCreditable(Conflict):
    """Only what is open or paid can be credited."""

    code = "not_creditable"


class TooMuch(DomainError):
    """No more can be credited than is left of the invoice."""

    code = "too_much"


@transaction.atomic
def issue(
    *, invoice: Invoice, reason: str, today: date, at: datetime, by: "User | None", amount: Money | None = None
) -> CreditNote:
    """Credit an amount with tax, or all that is left; every line, its net and its tax are reversed in proportion.

    What is still due shrinks first, the rest goes to the company's balance. Raises ReasonMissing, NotCreditable,
    TooMuch, CurrencyMismatch.
    """
    company = invoices.lock_company(invoice.company_id)
    locked = drafts.lock(invoice)
    if not reason.strip():
        raise ReasonMissing(_("Say why: the reason stands on the credit note."), field="reason")
    if locked.status not in CREDITABLE:
        raise NotCreditable(_("Only an open or paid invoice can be credited."))
    lines = list(locked.lines.all())
    rests = _rests(lines, locked.currency)
    wanted = _checked(amount, left=money.total(rests, locked.currency))
    settings = BillingSettings.load()
    note = CreditNote(
        company=company,
        invoice=locked,
        currency=locked.currency,
        reason=reason.strip()[:300],
        issued_at=at,
        issued_on=today,
        **parties.snapshots(company, settings),
    )
    parts = _lines(note, lines, share(wanted, rests))
    note.net_amount = sum((part.net_amount for part in parts), Decimal(0))
    note.tax_amount = sum((part.tax_amount for part in parts), Decimal(0))
    note.total_amount = note.net_amount + note.tax_amount
    numbering.give([note], series=settings.credit_note_series, day=today, settings=settings)
    note.save(force_insert=True)
    CreditNoteLine.objects.bulk_create(parts)
    _book(note, parts, locked, at)
    activity.record(verb="credit_note.issued", actor=by, company=company, subject=note, at=at)
    telling.credited(note, at=at)
    archive.ask_for([note], at=at)
    facts.credit_note_issued.send(CreditNote, credit_note=note, invoice=locked, at=at)
    if locked.status == Invoice.Status.OPEN:
        invoices.settle_if_paid(locked, at=at)
    return note


def left_of(invoice: Invoice) -> Money:
    """What can still be credited."""
    credited = invoice.credit_notes.aggregate(total=Sum("total_amount"))["total"] or Decimal(0)
    return invoice.money(invoice.total_amount - credited)


def share(amount: Money, parts: Sequence[Money]) -> list[Money]:
    """Divide an amount in proportion to parts, of which some may be negative, by the largest remainder.

    No share passes its part as long as the amount does not pass their sum.
    """
    above = [max(part, part * 0) for part in parts]
    below = [max(-part, part * 0) for part in parts]
    most, least = money.total(above, amount.currency), money.total(below, amount.currency)
    raised = money.round_half_up(most * (amount.amount / (most - least).amount))
    ups = money.split(raised, [part.amount for part in above])
    downs = money.split(raised - amount, [part.amount for part in below]) if least.amount else below
    return [up - down for up, down in zip(ups, downs, strict=True)]


def _rests(lines: Sequence[InvoiceLine], currency: str) -> list[Money]:
    """Of each line what is left of its net, then of its tax, after the credit notes there are."""
    sums = CreditNoteLine.objects.filter(invoice_line__in=lines).values("invoice_line")
    gone = {
        row["invoice_line"]: {"net": row["gone_net"], "tax": row["gone_tax"]}
        for row in sums.annotate(gone_net=Sum("net_amount"), gone_tax=Sum("tax_amount"))
    }
    nothing = {"net": Decimal(0), "tax": Decimal(0)}
    return [
        money.round_half_up(Money(getattr(line, f"{part}_amount") - gone.get(line.pk, nothing)[part], currency))
        for line in lines
        for part in ("net", "tax")
    ]


def _checked(amount: Money | None, *, left: Money) -> Money:
    wanted = left if amount is None else amount
    money.total([wanted], left.currency)
    money.to_minor(wanted)
    if not 0 < wanted.amount <= left.amount:
        words = {"left": left.amount, "currency": left.currency}
        raise TooMuch(_("Between nothing and %(currency)s %(left)s can be credited.") % words, field="amount")
    return wanted


def _lines(note: CreditNote, lines: Sequence[InvoiceLine], shares: list[Money]) -> list[CreditNoteLine]:
    """The lines of which something is credited, with what is."""
    pairs = zip(lines, shares[::2], shares[1::2], strict=True)
    made: list[CreditNoteLine] = []
    for line, net, tax in pairs:
        if net.amount or tax.amount:
            tax_fields = {name: getattr(line, name) for name in TAX_FIELDS}
            made.append(
                CreditNoteLine(
                    credit_note=note,
                    invoice_line=line,
                    position=len(made) + 1,
                    net_amount=net.amount,
                    tax_amount=tax.amount,
                    **tax_fields,
                )
            )
    return made


def _book(note: CreditNote, parts: Sequence[CreditNoteLine], invoice: Invoice, at: datetime) -> None:
    """Give revenue and tax back; the company owes so much less, and of what it has paid gets the rest to its credit."""
    lowered = min(note.total_amount, max(invoice.due.amount, Decimal(0)))
    booked = [
        *issuing.income_parts(parts, sign=1),
        Part(Account.RECEIVABLE, -lowered, invoice_id=invoice.pk),
        Part(Account.CUSTOMER_BALANCE, lowered - note.total_amount),
    ]
    kind, name = LedgerTransaction.Kind.CREDIT_NOTE, f"credit note {note.public_id}"
    ledger.post_many([Movement(kind, note.company_id, note.currency, name, booked, note)], at=at)
