"""What a contract charges, and when."""

from datetime import date, timedelta
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.formats import date_format
from djmoney.money import Money

from portal.contracts.days import months_later
from portal.contracts.models.contracts import Contract
from portal.core.models import PublicIdModel
from portal.core.money import round_half_up, words
from portal.core.states import StateField, StateModel, transition

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

    def going_on(self) -> Self:
        """Those that a renewal of their contract charges on: recurring ones that last until its end."""
        theirs = self.filter(schedule=ContractLineItem.Schedule.RECURRING).filter(
            Q(renewed_months__gt=0) | Q(ends_on=F("contract__ends_on"))
        )
        on_own_days = BillingTerms.objects.filter(frequency=BillingTerms.Frequency.CUSTOM)
        over = ContractLineItem.Status.COMPLETED
        return theirs.exclude(contract__in=on_own_days.values("contract")).exclude(status=over)


class ContractLineItem(StateModel, PublicIdModel):
    """One thing that a contract charges, on the days from `starts_on` up to, not including, `ends_on`.

    `amount` is that of each month where it is recurring, and in all where it is charged once or by instalments. What
    is charged is part of what is signed: the database refuses every change to it once the contract was sent. A
    recurring item that lasts until the contract's end goes on when that is renewed, by `renewed_months` so far.
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
    renewed_months = models.PositiveSmallIntegerField(
        default=0, editable=False, help_text="So many months more it is charged, as its contract was renewed."
    )
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
            models.CheckConstraint(
                condition=Q(renewed_months=0) | Q(schedule="recurring"), name="contracts_contractlineitem_renewed"
            ),
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
        """What it charges in all, as far as its contract was renewed."""
        months = self.months + self.renewed_months
        return self.price * months if self.schedule == self.Schedule.RECURRING else self.price

    @property
    def goes_on_until(self) -> date:
        """The first day after it and the months that renewals have added."""
        return months_later(self.starts_on, self.months + self.renewed_months) if self.renewed_months else self.ends_on

    @property
    def terms(self) -> str:
        """Its schedule in words, with the days."""
        first = date_format(self.starts_on, "j M Y")
        if self.schedule == self.Schedule.ONE_OFF:
            return f"Once, on {first}"
        days = f"{first} – {date_format(self.goes_on_until - timedelta(days=1), 'j M Y')}"
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
