"""What companies owe and have not been invoiced yet."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q

from billing.invoicing.models.invoices import Invoice
from billing.invoicing.models.taxes import TaxRate

if TYPE_CHECKING:
    from portal.accounts.models import Company


class ChargeQuerySet(models.QuerySet["Charge"]):
    """Charges."""

    def for_company(self, company: "Company") -> Self:
        """Those of one company."""
        return self.filter(company=company)

    def waiting(self) -> Self:
        """Those that no invoice has drawn."""
        return self.filter(invoice=None)

    def due(self, day: date) -> Self:
        """Those that the invoice run of this day draws."""
        return self.waiting().filter(due_on__lte=day)


class Charge(models.Model):
    """What a company owes: a line of the invoice that draws it, on `due_on` or later.

    Append-only: the database refuses every change but that an invoice draws it, once, and that a draft which is
    discarded gives it back (migration 0006). `source` names what it is for, which is charged once. The period is
    half-open: `starts_on` <= day < `ends_on`.
    """

    company = models.ForeignKey("accounts.Company", on_delete=models.PROTECT, related_name="+", db_index=False)
    currency = models.CharField(max_length=3, help_text="ISO 4217")
    due_on = models.DateField(help_text="The first day on which it is invoiced.")
    description = models.CharField(max_length=400)
    quantity = models.DecimalField(max_digits=19, decimal_places=6, default=Decimal(1))
    unit_price = models.DecimalField(max_digits=19, decimal_places=6)
    tax_category = models.CharField(max_length=8, choices=TaxRate.Category.choices, default=TaxRate.Category.STANDARD)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    source = models.CharField(max_length=160)
    created_at = models.DateTimeField()
    invoice = models.ForeignKey(Invoice, null=True, on_delete=models.SET_NULL, related_name="charges")

    objects = ChargeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source"], name="invoicing_charge_source_once"),
            models.CheckConstraint(condition=~Q(source=""), name="invoicing_charge_source"),
            models.CheckConstraint(
                condition=Q(starts_on=None, ends_on=None) | Q(ends_on__gt=F("starts_on")),
                name="invoicing_charge_period",
            ),
        ]
        indexes = [
            models.Index(fields=["company", "due_on"], condition=Q(invoice=None), name="invoicing_charges_waiting")
        ]

    def __str__(self) -> str:
        return self.description
