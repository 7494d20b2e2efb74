"""What tax is charged where, and who is exempt."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from portal.core import bulk

if TYPE_CHECKING:
    from portal.accounts.models import Company


class TaxRateQuerySet(models.QuerySet["TaxRate"]):
    """Rates."""

    def known_on(self, day: date, *, countries: set[str]) -> "defaultdict[str, dict[str, TaxRate]]":
        """The rates of this day by country and category: of each the one that began last."""
        found: defaultdict[str, dict[str, TaxRate]] = defaultdict(dict)
        for rate in self.filter(country__in=countries, starts_on__lte=day).order_by("starts_on"):
            found[rate.country][rate.category] = rate
        return found


class TaxRate(models.Model):
    """A country's rate from a day on, until the next of its category begins."""

    class Category(models.TextChoices):
        STANDARD = "standard"
        REDUCED = "reduced"
        ZERO = "zero", "Zero-rated"

    country = models.CharField(max_length=2, help_text="ISO 3166-1 alpha-2")
    category = models.CharField(max_length=8, choices=Category.choices, default=Category.STANDARD)
    name = models.CharField(max_length=40, default="VAT", help_text="As invoices name the tax.")
    percent = models.DecimalField(
        max_digits=6, decimal_places=3, validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))]
    )
    starts_on = models.DateField()

    objects = TaxRateQuerySet.as_manager()

    class Meta:
        ordering = ["country", "category", "-starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["country", "category", "starts_on"], name="invoicing_taxrate_once"),
            models.CheckConstraint(
                condition=Q(percent__gte=0, percent__lte=100), name="invoicing_taxrate_percent_in_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country} {self.name} {self.percent.normalize():f} % from {self.starts_on}"


class TaxExemptionQuerySet(models.QuerySet["TaxExemption"]):
    """Exemptions."""

    def known_on(self, day: date, *, companies: "Iterable[Company]") -> "dict[int, TaxExemption]":
        """The exemptions of this day by the company's key: of each the one that began last."""
        under_way = Q(ends_on=None) | Q(ends_on__gt=day)
        keys = bulk.among(company.pk for company in companies)
        rows = self.filter(under_way, company__in=keys, starts_on__lte=day).order_by("starts_on", "pk")
        return {row.company_id: row for row in rows}


class TaxExemption(models.Model):
    """A company is charged no tax on the days from `starts_on` up to, not including, `ends_on`."""

    company = models.ForeignKey("accounts.Company", on_delete=models.PROTECT, related_name="tax_exemptions")
    reason = models.CharField(max_length=200, help_text="The law it follows from, as it stands on invoices.")
    certificate = models.CharField(max_length=60, blank=True, help_text="Number of the certificate.")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True, help_text="The first day on which tax is charged again.")

    objects = TaxExemptionQuerySet.as_manager()

    class Meta:
        ordering = ["company", "-starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")), name="invoicing_taxexemption_period"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="invoicing_taxexemption_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.company}: {self.reason}"

    @property
    def shown(self) -> str:
        """The reason with the certificate's number, as invoices give it."""
        return f"{self.reason} ({self.certificate})" if self.certificate else self.reason
