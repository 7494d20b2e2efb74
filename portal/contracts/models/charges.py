"""What a contract charges, and when."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.formats import date_format
from djmoney.money import Money

from portal.contracts.models.contracts import Contract
from portal.core.models import PublicIdModel
from portal.core.money import round_half_up, words
from portal.core.states import StateField, StateModel, transition

if TYPE_CHECKING:
    from portal.accounts.models import Company

LONGEST_MONTHS = 12
MOST_DAYS = 36


def amount_field(**options: Any) -> "models.DecimalField[Any, Any]":
    """An amount in the contract's currency."""
    return models.DecimalField(max_digits=19, decimal_places=4, **options)


class BillingTerms(models.Model):
    """How the charges of a contract are put together; a contract without a row is charged month by month.

    `days` are the days of custom terms on which something is due, in order; `amounts` say how much on each, before the
    discount, or are empty where all is split alike. Once billing is enabled `enabled_at` is set, for ever.
    """

    class Frequency(models.TextChoices):
        MONTHLY = "monthly", "Each month"
        QUARTERLY = "quarterly", "Every three months"
        CUSTOM = "custom", "On days of your own"

    contract = models.OneToOneField(Contract, on_delete=models.PROTECT, related_name="billing_terms")
    frequency = models.CharField(max_length=9, choices=Frequency.choices, default=Frequency.MONTHLY)
    days = ArrayField(models.DateField(), default=list, blank=True, size=MOST_DAYS)
    amounts = ArrayField(amount_field(), default=list, blank=True, size=MOST_DAYS)
    enabled_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name_plural = "billing terms"
        constraints = [
            models.CheckConstraint(
                condition=(Q(frequency="custom") & Q(days__len__gt=0))
                | (~Q(frequency="custom") & Q(days=[], amounts=[])),
                name="contracts_billingterms_days",
            ),
            models.CheckConstraint(
                condition=Q(amounts=[]) | Q(amounts__len=F("days__len")), name="contracts_billingterms_amounts"
            ),
        ]
        permissions = [
            ("keep_charges", "Can keep line items of contracts, pause them and ask for billing"),
            ("decide_billing", "Can decide whether a contract is billed"),
        ]

    def __str__(self) -> str:
        return str(self.get_frequency_display())


class ContractLineItemQuerySet(models.QuerySet["ContractLineItem"]):
    """Line items."""

    def in_order(self) -> Self:
        """As the contract lists them."""
        return self.order_by("position", "pk")


class ContractLineItem(StateModel, PublicIdModel):
    """One thing that a contract charges, on the days from `starts_on` up to, not including, `ends_on`.

    `amount` is that of each month where it is recurring, and in all where it is charged once or by instalments. What
    is charged is part of what is signed: the database refuses every change to it once the contract was sent.
    """

    class Kind(models.TextChoices):
        INDEPENDENT_TRAINING = "independent_training", "Training of an independent developer"
        AGENCY_TRAINING = "agency_training", "Training of an agency's developer"
        CUSTOM = "custom"

    class Schedule(models.TextChoices):
        ONE_OFF = "one_off", "Once, on the first day"
        RECURRING = "recurring", "The amount each month"
        INSTALMENTS = "instalments", "The amount in all, split over the months"

    class Status(models.TextChoices):
        PENDING = "pending"
        ACTIVE = "active"
        PAUSED = "paused"
        COMPLETED = "completed"

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="line_items", db_index=False)
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.CUSTOM)
    description = models.CharField(max_length=300)
    developer = models.ForeignKey(
        "teams.Developer",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Of a training.",
    )
    schedule = models.CharField(max_length=11, choices=Schedule.choices)
    amount = amount_field(help_text="In the contract's currency, without tax.")
    months = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1), MaxValueValidator(LONGEST_MONTHS)]
    )
    starts_on = models.DateField("first day")
    ends_on = models.DateField(editable=False, help_text="The first day after it.")
    status = StateField(max_length=9, choices=Status.choices, default=Status.PENDING)

    objects = ContractLineItemQuerySet.as_manager()

    class Meta:
        ordering = ["contract", "position"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "position"], name="contracts_contractlineitem_position"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="contracts_contractlineitem_amount"),
            models.CheckConstraint(
                condition=Q(months__gte=1, months__lte=LONGEST_MONTHS) & (~Q(schedule="one_off") | Q(months=1)),
                name="contracts_contractlineitem_months",
            ),
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="contracts_contractlineitem_period"),
            models.CheckConstraint(condition=~Q(description=""), name="contracts_contractlineitem_says_what"),
        ]
        indexes = [
            models.Index(fields=["-starts_on", "-id"], name="contracts_items_newest"),
            models.Index(fields=["ends_on", "id"], condition=Q(status="active"), name="contracts_items_ending"),
        ]

    def __str__(self) -> str:
        return self.description

    @property
    def price(self) -> Money:
        """The amount, each month or in all."""
        return round_half_up(Money(self.amount, self.contract.currency))

    @property
    def total(self) -> Money:
        """What it charges in all."""
        return self.price * self.months if self.schedule == self.Schedule.RECURRING else self.price

    @property
    def terms(self) -> str:
        """Its schedule in words, with the days."""
        first = date_format(self.starts_on, "j M Y")
        if self.schedule == self.Schedule.ONE_OFF:
            return f"Once, on {first}"
        days = f"{first} – {date_format(self.ends_on - timedelta(days=1), 'j M Y')}"
        if self.schedule == self.Schedule.RECURRING:
            return f"{words(self.price)} a month, {days}"
        return f"Over {self.months} month{'' if self.months == 1 else 's'}, {days}"

    @transition(status, source=Status.PENDING, target=Status.ACTIVE)
    def begin(self) -> None:
        """Billing was enabled."""

    @transition(status, source=Status.ACTIVE, target=Status.PAUSED)
    def pause(self) -> None:
        """Nothing of it is charged until it is resumed."""

    @transition(status, source=Status.PAUSED, target=Status.ACTIVE)
    def resume(self) -> None:
        """Go on."""

    @transition(status, source=(Status.ACTIVE, Status.PAUSED), target=Status.COMPLETED)
    def complete(self) -> None:
        """Nothing more of it is charged."""


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


# With which sources of charges begin that are lines of contracts.
SOURCE = "contract line "
