"""What a subscription covered when, by which rows of the catalog, and what was warned of."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.formats import date_format
from django.utils.timezone import localtime
from djmoney.money import Money

from billing.catalog.models import MeteredComponent, Metric, PlanPrice


class SubscriptionPeriod(models.Model):
    """From `starts_at` up to, not including, `ends_at`: paid once at the price, or a trial.

    `amount` is what was charged for it when it began: the price, or a part where the period began late.
    """

    subscription = models.ForeignKey("subscriptions.Subscription", on_delete=models.CASCADE, related_name="periods")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    price = models.ForeignKey(PlanPrice, on_delete=models.PROTECT, related_name="+")
    seats = models.PositiveIntegerField()
    is_trial = models.BooleanField(default=False)
    amount = models.DecimalField(max_digits=19, decimal_places=4, default=0)

    class Meta:
        ordering = ["-starts_at"]
        constraints = [
            models.UniqueConstraint(fields=["subscription", "starts_at"], name="subscriptions_subscriptionperiod_once"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="subscriptions_subscriptionperiod_order"
            ),
        ]

    def __str__(self) -> str:
        first, end = (date_format(localtime(at), "j M Y") for at in (self.starts_at, self.ends_at))
        return f"{first} – {end}"

    @property
    def charged(self) -> Money:
        """What was charged when it began, without tax."""
        return Money(self.amount, self.price.amount.currency)

    @property
    def source(self) -> str:
        """What lines of invoices name it by, so that it is billed once."""
        return period_source(str(self.subscription.public_id), self.starts_at)


def period_source(public_id: str, starts_at: datetime) -> str:
    """How the charge for the period of a subscription is named, in UTC."""
    return f"subscription {public_id} {starts_at.timestamp():.0f}"


class SubscriptionComponent(models.Model):
    """What a subscription pays for use: the row of the catalog that it began with, until it changes plan."""

    subscription = models.ForeignKey("subscriptions.Subscription", on_delete=models.CASCADE, related_name="components")
    component = models.ForeignKey(MeteredComponent, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subscription", "component"], name="subscriptions_subscriptioncomponent_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.subscription}: {self.component}"


class LimitWarning(models.Model):
    """The company was told that so much of a limit is used, in percent; once in each period."""

    subscription = models.ForeignKey("subscriptions.Subscription", on_delete=models.CASCADE, related_name="+")
    period_starts_at = models.DateTimeField()
    metric = models.ForeignKey(Metric, null=True, on_delete=models.CASCADE, related_name="+", help_text="None: seats.")
    percent = models.PositiveSmallIntegerField()
    warned_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subscription", "period_starts_at", "metric", "percent"],
                name="subscriptions_limitwarning_once",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.subscription}: {self.metric or 'seats'} {self.percent} %"
