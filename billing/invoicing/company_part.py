"""How a company stands, as staff read it on the company's page in the admin."""

from collections.abc import Iterator

from django.db.models import Count, Q, Sum
from django.utils import timezone
from djmoney.money import Money

from billing.invoicing.models import Invoice, LedgerEntry
from billing.invoicing.services import ledger
from portal.accounts.company_parts import Part
from portal.accounts.models import Company
from portal.core.money import round_half_up, words

Account = LedgerEntry.Account


def lines(company: Company) -> Iterator[str]:
    """What is due by currency, and what the company has to its credit."""
    rows = Invoice.objects.for_company(company).filter(status=Invoice.Status.OPEN).order_by()
    late = Count("pk", filter=Q(due_on__lt=timezone.localdate()))
    for row in rows.values("currency").annotate(count=Count("pk"), late=late).order_by("currency"):
        owed = LedgerEntry.objects.of_account(Account.RECEIVABLE, company, row["currency"])
        due = round_half_up(Money(owed.aggregate(due=Sum("amount"))["due"] or 0, row["currency"]))
        overdue = f", {row['late']} overdue" if row["late"] else ""
        yield f"{row['count']} open: {words(due)} to pay{overdue}"
    balance = ledger.balance_of(company, company.currency)
    if balance.amount:
        yield f"{words(balance)} to its credit"


BILLING = Part("Billing", lines)
