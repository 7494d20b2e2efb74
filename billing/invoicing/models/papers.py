"""What invoices and credit notes have in common: a number, two parties, amounts, and lines with tax."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from django.db import models
from django.db.models import F, Q
from djmoney.money import Money

from portal.core.fields import EncryptedTextField
from portal.core.models import PublicIdModel
from portal.core.money import round_half_up

# What lines of one rate share: the name, per cent, reason and code of their tax.
Rate = tuple[str, Decimal, str, str]


def amount_field(**options: Any) -> "models.DecimalField[Any, Any]":
    """An amount in the document's currency."""
    return models.DecimalField(max_digits=19, decimal_places=4, default=Decimal(0), **options)


@dataclass(frozen=True, slots=True)
class TaxLine:
    """One rate of a document: what is taxed by it, and the tax; `reason` says why nothing is."""

    name: str
    percent: Decimal
    reason: str
    code: str
    net: Money
    tax: Money


class Taxed(Protocol):
    """A line whose tax is known."""

    net_amount: Decimal
    tax_name: str
    tax_percent: Decimal
    tax_code: str
    tax_reason: str
    tax_amount: Decimal


class Paper(PublicIdModel):
    """A numbered document of one company in one currency. Once issued the database refuses to change it.

    `bill_from` and `bill_to` are the parties as they were on the day of issue.
    """

    company = models.ForeignKey("accounts.Company", on_delete=models.PROTECT, related_name="+", db_index=False)
    currency = models.CharField(max_length=3, help_text="ISO 4217")
    series = models.CharField(max_length=10, blank=True)
    year = models.PositiveSmallIntegerField(null=True)
    sequence = models.PositiveBigIntegerField(null=True, help_text="1, 2, 3 … in its series and year.")
    number = models.CharField(max_length=40, null=True, unique=True)
    issued_at = models.DateTimeField(null=True)
    issued_on = models.DateField(null=True)
    net_amount = amount_field()
    tax_amount = amount_field()
    total_amount = amount_field()
    bill_from = models.JSONField(default=dict)
    bill_to = models.JSONField(default=dict)
    bill_to_tax_id = EncryptedTextField(null=True)

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["series", "year", "sequence"], name="%(app_label)s_%(class)s_number_once"),
            models.CheckConstraint(
                condition=Q(total_amount=F("net_amount") + F("tax_amount")), name="%(app_label)s_%(class)s_adds_up"
            ),
        ]

    @property
    def is_forgotten(self) -> bool:
        """Whether it names nobody any more: the period for which it has to be kept is over."""
        return self.issued_at is not None and not self.bill_to

    def money(self, amount: Decimal) -> Money:
        """An amount in the document's currency."""
        return round_half_up(Money(amount, self.currency))

    @property
    def net(self) -> Money:
        """Without tax."""
        return self.money(self.net_amount)

    @property
    def tax(self) -> Money:
        """The tax."""
        return self.money(self.tax_amount)

    @property
    def total(self) -> Money:
        """With tax."""
        return self.money(self.total_amount)


class TaxedLine(models.Model):
    """A line's amounts and tax, as they were when the document was issued.

    `tax_code` is the category of UNTDID 5305: S taxed, Z zero-rated, E exempt, G sold abroad.
    """

    position = models.PositiveSmallIntegerField()
    description = models.CharField(max_length=400)
    net_amount = amount_field()
    tax_name = models.CharField(max_length=40, blank=True)
    tax_percent = models.DecimalField(max_digits=6, decimal_places=3, default=Decimal(0))
    tax_code = models.CharField(max_length=2, blank=True)
    tax_reason = models.CharField(max_length=300, blank=True, help_text="Why no tax is charged.")
    tax_amount = amount_field()

    class Meta:
        abstract = True

    @property
    def net(self) -> Money:
        """Without tax."""
        return round_half_up(Money(self.net_amount, self.currency))

    @property
    def currency(self) -> str:
        """That of its document."""
        raise NotImplementedError


def by_rate(lines: Iterable[Taxed], currency: str) -> list[TaxLine]:
    """Add lines up by rate and reason, the highest rate first."""
    return [
        TaxLine(*key, round_half_up(Money(net, currency)), round_half_up(Money(tax, currency)))
        for key, (net, tax) in sums_by_rate(lines)
    ]


def sums_by_rate(lines: Iterable[Taxed]) -> list[tuple[Rate, list[Decimal]]]:
    """Net and tax of the lines by rate and reason, the highest rate first."""
    sums: dict[Rate, list[Decimal]] = {}
    for line in lines:
        key = (line.tax_name, line.tax_percent, line.tax_reason, line.tax_code)
        both = sums.setdefault(key, [Decimal(0), Decimal(0)])
        both[0] += line.net_amount
        both[1] += line.tax_amount
    return sorted(sums.items(), key=lambda item: (-item[0][1], item[0][0], item[0][2]))
