"""What a plan costs. Amounts are never edited: a new row replaces the old one, which its subscriptions keep."""

from datetime import datetime
from typing import Self, TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from djmoney.money import Money
from modelcluster.fields import ParentalKey

from billing.catalog.models.products import Metric
from portal.core import money
from portal.core.fields import MoneyField

UNIT_DIGITS = 9
Row_co = TypeVar("Row_co", bound="KeptAmount", covariant=True)


class KeptAmountQuerySet(models.QuerySet[Row_co]):
    """Rows with amounts."""

    def live(self) -> Self:
        """Those that a new subscription gets."""
        return self.filter(replaced_at=None)


class KeptAmount(models.Model):
    """A row with an amount; a trigger refuses to change anything of it but the instant at which it was replaced."""

    created_at = models.DateTimeField(default=timezone.now, editable=False)
    replaced_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def is_live(self) -> bool:
        """Whether a new subscription gets it."""
        return self.replaced_at is None

    def replace(self, *, at: datetime) -> None:
        """New subscriptions get it no more; of two changes at once, the later may have read the clock sooner."""
        self.replaced_at = max(at, self.created_at)


class PlanPriceQuerySet(KeptAmountQuerySet["PlanPrice"]):
    """Prices of plans."""


class PlanPrice(KeptAmount):
    """What a plan costs a month or a year in one currency: in all, or for each seat."""

    class Interval(models.TextChoices):
        MONTH = "month", "Monthly"
        YEAR = "year", "Yearly"

    plan = ParentalKey("catalog.Plan", on_delete=models.CASCADE, related_name="prices")
    interval = models.CharField(max_length=5, choices=Interval.choices, default=Interval.MONTH)
    amount = MoneyField(max_digits=17, decimal_places=2)
    is_per_seat = models.BooleanField("for each seat", default=False)

    objects = PlanPriceQuerySet.as_manager()

    class Meta:
        ordering = ["amount_currency", "interval", "-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "interval", "amount_currency"],
                condition=Q(replaced_at=None),
                name="catalog_planprice_one_live",
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0),
                name="catalog_planprice_amount",
                violation_error_message="No price is negative.",
            ),
            models.CheckConstraint(
                condition=Q(replaced_at=None) | Q(replaced_at__gte=F("created_at")),
                name="catalog_planprice_replaced_later",
            ),
        ]

    def __str__(self) -> str:
        return f"{money.words(self.amount)} {self.words_after}"

    @property
    def words_after(self) -> str:
        """What the amount is for, as it is said after it."""
        return f"a seat and {self.interval}" if self.is_per_seat else f"a {self.interval}"

    def charge(self, seats: int) -> Money:
        """What an interval costs with so many seats."""
        return self.amount * seats if self.is_per_seat else self.amount

    def clean(self) -> None:
        """Refuse an amount that cannot be paid."""
        try:
            # What is no amount at all, the field has refused.
            money.to_minor(self.amount or Money(0, "KES"))
        except money.InvalidAmount as error:
            raise ValidationError({"amount": error.message}) from None

    @property
    def place(self) -> tuple[object, ...]:
        """Of the live rows of a plan, one alone has this."""
        return (self.interval, str(self.amount.currency))


class MeteredComponentQuerySet(KeptAmountQuerySet["MeteredComponent"]):
    """Prices of use."""


class MeteredComponent(KeptAmount):
    """What use of a metric costs beyond what the plan includes; both are for a month, also where the plan is yearly."""

    plan = ParentalKey("catalog.Plan", on_delete=models.CASCADE, related_name="components")
    metric = models.ForeignKey(Metric, on_delete=models.PROTECT, related_name="components")
    included_quantity = models.PositiveBigIntegerField("included", default=0)
    unit_price = MoneyField(max_digits=24, decimal_places=UNIT_DIGITS)

    objects = MeteredComponentQuerySet.as_manager()

    class Meta:
        ordering = ["metric__position", "metric__name", "unit_price_currency", "-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "metric", "unit_price_currency"],
                condition=Q(replaced_at=None),
                name="catalog_meteredcomponent_one_live",
            ),
            models.CheckConstraint(
                condition=Q(unit_price__gte=0),
                name="catalog_meteredcomponent_unit_price",
                violation_error_message="No price is negative.",
            ),
            models.CheckConstraint(
                condition=Q(replaced_at=None) | Q(replaced_at__gte=F("created_at")),
                name="catalog_meteredcomponent_replaced_later",
            ),
        ]

    def __str__(self) -> str:
        each = f"{money.words(self.unit_price)} for each {self.metric.unit}"
        return f"{each} above {self.included_quantity:,} a month" if self.included_quantity else each

    @property
    def place(self) -> tuple[object, ...]:
        """Of the live rows of a plan, one alone has this."""
        return (self.metric_id, str(self.unit_price.currency))

    def charge(self, quantity: int) -> Money:
        """What a month's quantity costs: what is included is free, the sum is rounded once to the minor unit."""
        return money.round_half_up(self.unit_price * max(quantity - self.included_quantity, 0))
