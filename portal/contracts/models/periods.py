"""The days on which a contract charges, and what it charges on each."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from djmoney.money import Money

from portal.contracts.models.charges import ContractLineItem, amount_field
from portal.contracts.models.contracts import Contract
from portal.core.models import PublicIdModel
from portal.core.money import round_half_up
from portal.core.states import StateField, StateModel, transition

if TYPE_CHECKING:
    from portal.accounts.models import Company

# With which sources of charges begin that are lines of contracts.
SOURCE = "contract line "


class BillingPeriodQuerySet(models.QuerySet["BillingPeriod"]):
    """Periods."""

    def for_company(self, company: "Company") -> Self:
        """Those of one company's contracts."""
        return self.filter(contract__company=company)

    def shown(self) -> Self:
        """Those that are or will be charged, in order."""
        return self.exclude(status=BillingPeriod.Status.CANCELLED).order_by("sequence")

    def waiting(self) -> Self:
        """Those that no invoice has drawn."""
        return self.filter(status=BillingPeriod.Status.PENDING)


class BillingPeriod(StateModel, PublicIdModel):
    """What a contract charges on one day; it runs from `starts_on` up to, not including, `ends_on`.

    `amount` is the sum of its lines that stand, without tax. Its state follows the invoice, whose number is copied.
    """

    class Status(models.TextChoices):
        PENDING = "pending"
        INVOICED = "invoiced"
        PAID = "paid"
        OVERDUE = "overdue"
        CANCELLED = "cancelled"

    INVOICED = (Status.INVOICED, Status.PAID, Status.OVERDUE)

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="billing_periods", db_index=False)
    sequence = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    due_on = models.DateField(help_text="The first day on which it is invoiced.")
    amount = amount_field()
    status = StateField(max_length=9, choices=Status.choices, default=Status.PENDING)
    invoice_number = models.CharField(max_length=40, blank=True, editable=False)

    objects = BillingPeriodQuerySet.as_manager()

    class Meta:
        ordering = ["contract", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "sequence"], name="contracts_billingperiod_sequence"),
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="contracts_billingperiod_period"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="contracts_billingperiod_amount"),
            models.CheckConstraint(
                condition=~Q(status__in=["invoiced", "paid", "overdue"]) | ~Q(invoice_number=""),
                name="contracts_billingperiod_invoice",
            ),
            # A range of one number, as equality of numbers in such an index takes an extension.
            ExclusionConstraint(
                name="contracts_billingperiod_no_overlap",
                expressions=[
                    (Func(F("contract"), F("contract"), Value("[]"), function="int8range"), RangeOperators.OVERLAPS),
                    (
                        Func(F("starts_on"), F("ends_on"), function="daterange", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]
        indexes = [
            models.Index(fields=["-due_on", "-id"], name="contracts_periods_newest"),
            models.Index(fields=["status", "-due_on", "-id"], name="contracts_periods_of_state"),
            models.Index(fields=["invoice_number"], condition=Q(status="invoiced"), name="contracts_periods_to_pay"),
        ]

    def __str__(self) -> str:
        return f"{self.contract}, period {self.sequence}"

    @property
    def last_day(self) -> date:
        """The last day that belongs to it."""
        return self.ends_on - timedelta(days=1)

    @property
    def total(self) -> Money:
        """What it charges, without tax."""
        return round_half_up(Money(self.amount, self.contract.currency))

    @transition(status, source=(Status.PENDING, Status.PAID, Status.OVERDUE), target=Status.INVOICED)
    def invoice(self) -> None:
        """An invoice has drawn it; or what had paid the invoice was taken back."""

    @transition(status, source=(Status.PENDING, Status.INVOICED, Status.OVERDUE), target=Status.PAID)
    def settle(self) -> None:
        """Nothing is due of its invoice any more."""

    @transition(status, source=(Status.PENDING, Status.INVOICED, Status.PAID), target=Status.OVERDUE)
    def fall_overdue(self) -> None:
        """Its invoice was not paid in time."""

    @transition(status, source=(Status.PENDING, Status.INVOICED, Status.PAID, Status.OVERDUE), target=Status.CANCELLED)
    def withdraw(self) -> None:
        """Nothing of it is charged any more: it was withdrawn, or its invoice should not have been issued."""

    @transition(status, source=Status.CANCELLED, target=Status.PENDING)
    def reinstate(self) -> None:
        """What was withdrawn is charged after all."""


class BillingPeriodLineQuerySet(models.QuerySet["BillingPeriodLine"]):
    """Lines."""

    def standing(self) -> Self:
        """Those that are charged."""
        return self.filter(is_withdrawn=False)

    def in_order(self) -> Self:
        """As the contract lists them; the discount comes last."""
        return self.order_by("period__sequence", F("item__position").asc(nulls_last=True), "number")


class BillingPeriodLine(PublicIdModel):
    """What a period charges of one line item, or the discount, which has no item and is not above nothing.

    `number` counts the parts of an item. A line that was withdrawn stays as a record and counts no more.
    """

    period = models.ForeignKey(BillingPeriod, on_delete=models.PROTECT, related_name="lines")
    item = models.ForeignKey(
        ContractLineItem, null=True, on_delete=models.PROTECT, related_name="period_lines", db_index=False
    )
    number = models.PositiveSmallIntegerField(default=1)
    description = models.CharField(max_length=400)
    amount = amount_field()
    starts_on = models.DateField()
    ends_on = models.DateField()
    is_withdrawn = models.BooleanField(default=False)

    objects = BillingPeriodLineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="contracts_billingperiodline_part_once"),
            models.UniqueConstraint(
                fields=["period"], condition=Q(item=None), name="contracts_billingperiodline_one_discount"
            ),
            models.CheckConstraint(
                condition=Q(item=None, amount__lte=0) | Q(item__isnull=False, amount__gt=0),
                name="contracts_billingperiodline_amount",
            ),
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="contracts_billingperiodline_period"),
        ]

    def __str__(self) -> str:
        return self.description

    @property
    def source(self) -> str:
        """What its charge is for, once and for all: the line stays the same when it moves to another period."""
        return f"{SOURCE}{self.public_id}"
