"""Statements of account: what a company owed, day by day, as the ledger has it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Q, Sum
from djmoney.money import Money

from billing.invoicing.models import LedgerEntry, LedgerTransaction
from billing.invoicing.models.ledger import LedgerEntryQuerySet
from portal.core.money import round_half_up

if TYPE_CHECKING:
    from portal.accounts.models import Company

Account = LedgerEntry.Account
# What the company owes us less what we owe it: open invoices, less the balance that it has to its credit.
OWED = (Account.RECEIVABLE, Account.CUSTOMER_BALANCE)
KEPT_WITHIN = LedgerTransaction.Kind.BALANCE


@dataclass(frozen=True, slots=True)
class Row:
    """One movement: `amount` is charged where above zero, paid or credited below; `balance` is owed after it."""

    movement: LedgerTransaction
    amount: Money
    balance: Money


@dataclass(frozen=True, slots=True)
class Statement:
    """What was owed before `starts_at`, and each movement up to, not including, `ends_at`, in one currency.

    What is owed is negative where the company has something to its credit.
    """

    company: "Company"
    currency: str
    starts_at: datetime
    ends_at: datetime

    @property
    def opening(self) -> Money:
        """What was owed when the period began."""
        return self._money(self._entries().filter(transaction__at__lt=self.starts_at).total())

    @property
    def closing(self) -> Money:
        """What was owed when the period ended."""
        return self._money(self._entries().filter(transaction__at__lt=self.ends_at).total())

    def rows(self, *, most: int | None = None) -> Iterator[Row]:
        """The movements, the first comes first. Using the balance for an invoice changes nothing that is owed."""
        balance = self.opening.amount
        moves = LedgerTransaction.objects.for_company(self.company).filter(
            currency=self.currency, at__gte=self.starts_at, at__lt=self.ends_at
        )
        summed = moves.exclude(kind=KEPT_WITHIN).annotate(
            owed=Sum("entries__amount", filter=Q(entries__account__in=OWED))
        )
        for movement in summed.order_by("at", "pk")[:most]:
            amount: Decimal = vars(movement)["owed"] or Decimal(0)
            balance += amount
            yield Row(movement, self._money(amount), self._money(balance))

    def _entries(self) -> LedgerEntryQuerySet:
        return LedgerEntry.objects.filter(company=self.company, currency=self.currency, account__in=OWED)

    def _money(self, amount: Decimal) -> Money:
        return round_half_up(Money(amount, self.currency))


def currencies_of(company: "Company") -> list[str]:
    """The company's own currency, then others in which money has moved."""
    used = LedgerTransaction.objects.for_company(company).order_by("currency").values_list("currency", flat=True)
    return [company.currency, *(code for code in used.distinct() if code != company.currency)]
