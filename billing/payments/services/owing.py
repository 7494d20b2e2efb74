"""What a company owes today, in sums: two queries, however many invoices there are."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Min, Q, Sum
from djmoney.money import Money

from billing.invoicing.models import Invoice, LedgerEntry
from billing.invoicing.services import ledger
from portal.core.money import round_half_up

if TYPE_CHECKING:
    from portal.accounts.models import Company


@dataclass(frozen=True, slots=True)
class Owed:
    """In the company's currency: what is due of open invoices, how much of it is late, and what is to its credit.

    `next_on` is the first day on which something is due, past ones as well; None where nothing is.
    """

    due: Money
    overdue: Money
    balance: Money
    next_on: date | None


def of(company: "Company", *, today: date) -> Owed:
    """What this company owes; invoices in other currencies are left out, since currencies never mix in a sum."""
    receivable = Q(entries__account=LedgerEntry.Account.RECEIVABLE)
    found = (
        Invoice.objects.for_company(company)
        .filter(status=Invoice.Status.OPEN, currency=company.currency)
        .aggregate(
            due=Sum("entries__amount", filter=receivable),
            overdue=Sum("entries__amount", filter=receivable & Q(due_on__lt=today)),
            next_on=Min("due_on"),
        )
    )
    due, overdue = (round_half_up(Money(found[name] or 0, company.currency)) for name in ("due", "overdue"))
    return Owed(due, overdue, ledger.balance_of(company, company.currency), found["next_on"])
