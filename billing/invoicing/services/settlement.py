"""Money that arrives and is returned: the seam for whoever talks to banks and gateways."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from djmoney.money import Money

from billing.invoicing import facts
from billing.invoicing.models import Invoice, LedgerEntry, LedgerTransaction
from billing.invoicing.services import invoices, ledger
from billing.invoicing.services.ledger import Entry
from portal.activity import services as activity
from portal.core import money
from portal.core.errors import Conflict, DomainError

if TYPE_CHECKING:
    from portal.accounts.models import Company, User

Account = LedgerEntry.Account
Kind = LedgerTransaction.Kind


class NotAnAmount(DomainError):
    """Money that moves is more than nothing, and whole in minor units."""

    code = "not_an_amount"


class ReferenceReused(Conflict):
    """Another movement stands under this reference."""

    code = "reference_reused"


class NotEnoughBalance(Conflict):
    """The company has less to its credit."""

    code = "not_enough_balance"


@transaction.atomic
def receive(
    *,
    company: "Company",
    amount: Money,
    gateway: str,
    reference: str,
    at: datetime,
    by: "User | None" = None,
    first: Sequence[Invoice] = (),
) -> LedgerTransaction:
    """Book money that arrived: it pays the invoices in `first`, then what is due soonest; what is over is kept.

    `reference` is the gateway's own name of the payment: the same one again changes nothing and returns what was
    booked. Its receivable entries are the allocations. Only invoices of the company in this currency that are open are
    paid. Raises NotAnAmount, ReferenceReused when company or amount differ.
    """
    _check(amount)
    locked = invoices.lock_company(company.pk)
    name = f"payment {gateway} {reference}"
    if earlier := ledger.find(name):
        return _same(earlier, locked, amount)
    paid, rest = _allocate(locked, amount, first)
    entries = [Entry(Account.RECEIVABLE, -part, invoice=invoice) for invoice, part in paid]
    movement = ledger.post(
        kind=Kind.PAYMENT,
        company=locked,
        reference=name,
        at=at,
        subject=paid[0][0] if paid else locked,
        entries=[Entry(Account.CASH, amount, gateway), *entries, Entry(Account.CUSTOMER_BALANCE, -rest)],
    )
    data = {"amount": money.words(amount)}
    activity.record(verb="payment.received", actor=by, company=locked, subject=movement, label="", data=data, at=at)
    facts.money_received.send(LedgerTransaction, movement=movement, at=at)
    for invoice, _part in paid:
        invoices.settle_if_paid(invoice, at=at)
    return movement


@transaction.atomic
def give_back(
    *, company: "Company", amount: Money, gateway: str, reference: str, at: datetime, by: "User | None" = None
) -> LedgerTransaction:
    """Book money that was returned from the company's balance; what was paid is credited first (`credit_notes`).

    Once for each reference. Raises NotAnAmount, NotEnoughBalance, ReferenceReused.
    """
    _check(amount)
    locked = invoices.lock_company(company.pk)
    name = f"refund {gateway} {reference}"
    if earlier := ledger.find(name):
        return _same(earlier, locked, amount)
    if ledger.balance_of(locked, str(amount.currency)) < amount:
        raise NotEnoughBalance(_("The company has less than that to its credit."))
    movement = ledger.post(
        kind=Kind.REFUND,
        company=locked,
        reference=name,
        at=at,
        subject=locked,
        entries=[Entry(Account.CUSTOMER_BALANCE, amount), Entry(Account.CASH, -amount, gateway)],
    )
    data = {"amount": money.words(amount)}
    activity.record(verb="payment.returned", actor=by, company=locked, subject=movement, label="", data=data, at=at)
    return movement


def _check(amount: Money) -> None:
    money.to_minor(amount)
    if amount.amount <= 0:
        raise NotAnAmount(_("Money that moves is more than nothing."), field="amount")


def _same(earlier: LedgerTransaction, company: "Company", amount: Money) -> LedgerTransaction:
    moved = earlier.entries.filter(account=Account.CASH).total()
    if (earlier.company_id, earlier.currency, abs(moved)) != (company.pk, str(amount.currency), amount.amount):
        raise ReferenceReused(_("Another movement of money stands under this reference."))
    return earlier


def _allocate(company: "Company", amount: Money, first: Sequence[Invoice]) -> tuple[list[tuple[Invoice, Money]], Money]:
    """Which open invoices the money pays, and how much of each; and what is over."""
    rows = Invoice.objects.for_company(company).payable(str(amount.currency))
    wanted = {invoice.pk: place for place, invoice in enumerate(first)}
    # Locked in the order of their keys, as everywhere; paid in the order asked for.
    locked = list(rows.order_by("pk").select_for_update(of=("self",)).select_related("company"))
    locked.sort(key=lambda row: (wanted.get(row.pk, len(wanted)), row.due_on, row.pk))
    paid, rest = [], amount
    for invoice in locked:
        if not rest.amount:
            break
        part = min(rest, invoice.due)
        if part.amount > 0:
            paid.append((invoice, part))
            rest -= part
    return paid, rest
