"""Money that was booked and did not stay: payments taken back by the payer's bank, refunds that never arrived."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from djmoney.money import Money

from billing.invoicing import facts
from billing.invoicing.models import Invoice, LedgerEntry, LedgerTransaction
from billing.invoicing.services import invoices, ledger
from billing.invoicing.services.ledger import Entry
from portal.activity import services as activity
from portal.core import money

if TYPE_CHECKING:
    from portal.accounts.models import Company

Account = LedgerEntry.Account
Kind = LedgerTransaction.Kind
OWED = (Invoice.Status.OPEN, Invoice.Status.PAID)


@transaction.atomic
def take_back(
    *, payment: LedgerTransaction, amount: Money, gateway: str, reference: str, at: datetime, what: str = "reversal"
) -> LedgerTransaction:
    """Book money of a payment that went back without being asked here; once for `what` with each reference.

    It is taken from what the company has to its credit; the rest is due again, first of the invoices that this payment
    paid, then of others that were paid, the newest first. What no invoice can take is written off.
    """
    company = invoices.lock_company(payment.company_id)
    name = f"{what} {gateway} {reference}"
    if earlier := ledger.find(name):
        return earlier
    from_balance = min(amount, max(ledger.balance_of(company, str(amount.currency)), amount * 0))
    reopened = list(_due_again(company, payment, amount - from_balance))
    lost = amount - from_balance - money.total([part for _, part in reopened], amount.currency)
    movement = ledger.post(
        kind=Kind.REVERSAL,
        company=company,
        reference=name,
        at=at,
        subject=reopened[0][0] if reopened else company,
        entries=[
            Entry(Account.CASH, -amount, gateway),
            Entry(Account.CUSTOMER_BALANCE, from_balance),
            *(Entry(Account.RECEIVABLE, part, invoice=invoice) for invoice, part in reopened),
            Entry(Account.WRITE_OFF, lost),
        ],
    )
    for invoice, _part in reopened:
        if invoice.status == Invoice.Status.PAID:
            _reopen(invoice, at)
    return movement


@transaction.atomic
def refund_came_back(
    *, company: "Company", amount: Money, gateway: str, reference: str, at: datetime
) -> LedgerTransaction:
    """Book that a refund did not reach its receiver; once for each reference.

    What became due again by the refund is paid again, as far as it is still due; what was written off is not lost any
    more; the rest is the company's balance.
    """
    locked = invoices.lock_company(company.pk)
    name = f"refund {gateway} {reference}"
    if earlier := ledger.find(f"{name} came back"):
        return earlier
    paid, lost = _undone(ledger.find(name), amount)
    rest = amount - lost - money.total([part for _, part in paid], amount.currency)
    movement = ledger.post(
        kind=Kind.CAME_BACK,
        company=locked,
        reference=f"{name} came back",
        at=at,
        subject=paid[0][0] if paid else locked,
        entries=[
            Entry(Account.CASH, amount, gateway),
            Entry(Account.CUSTOMER_BALANCE, -rest),
            *(Entry(Account.RECEIVABLE, -part, invoice=invoice) for invoice, part in paid),
            Entry(Account.WRITE_OFF, -lost),
        ],
    )
    for invoice, _part in paid:
        invoices.settle_if_paid(invoice, at=at)
    return movement


def _undone(refund: LedgerTransaction | None, amount: Money) -> tuple[list[tuple[Invoice, Money]], Money]:
    """Which open invoices a refund made due again, and how much of each; and what it wrote off."""
    nothing = amount * 0
    if refund is None:
        return [], nothing
    due_again = refund.entries.filter(account=Account.RECEIVABLE)
    again = {entry.invoice_id: entry.money for entry in due_again}
    rows = Invoice.objects.filter(pk__in=due_again.values("invoice"), status=Invoice.Status.OPEN).order_by("pk")
    locked = rows.select_for_update(of=("self",)).select_related("company")
    paid = [(invoice, min(again[invoice.pk], invoice.due)) for invoice in locked]
    lost = money.total((entry.money for entry in refund.entries.filter(account=Account.WRITE_OFF)), amount.currency)
    return [(invoice, part) for invoice, part in paid if part > nothing], lost


def _due_again(company: "Company", payment: LedgerTransaction, amount: Money) -> Iterator[tuple[Invoice, Money]]:
    """Which invoices become due again, and how much of each."""
    rows = Invoice.objects.filter(company=company, currency=str(amount.currency), status__in=OWED)
    locked = list(rows.order_by("pk").select_for_update(of=("self",)).select_related("company").with_due())
    paid = {entry.invoice_id for entry in payment.entries.filter(account=Account.RECEIVABLE)}
    locked.sort(key=lambda invoice: (invoice.pk not in paid, -invoice.pk))
    rest = amount
    for invoice in locked:
        part = min(rest, invoice.total - invoice.due)
        if part.amount > 0:
            yield invoice, part
            rest -= part


def _reopen(invoice: Invoice, at: datetime) -> None:
    invoice.reopen()
    invoice.save(update_fields=["status", "closed_at"])
    activity.record(verb="invoice.reopened", actor=None, company=invoice.company, subject=invoice, at=at)
    facts.invoice_reopened.send(Invoice, invoice=invoice, at=at)
