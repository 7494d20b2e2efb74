"""What was charged for use, day by day."""

from collections.abc import Mapping
from datetime import date

from django.db import models
from django.db.models import F, Q

from billing.catalog.models import Metric


class ChargedUse(models.Model):
    """Use that was charged, or was included: how much of a metric on which days, as it was known then.

    It is of the days from `starts_on` up to, not including, `ends_on`, and of earlier ones what came too late for
    their own charge. `source` is that of the charge, if there is one. `days` are pairs of an ISO day and how much.
    """

    subscription = models.ForeignKey("subscriptions.Subscription", on_delete=models.CASCADE, related_name="+")
    metric = models.ForeignKey(Metric, on_delete=models.PROTECT, related_name="+", db_index=False)
    source = models.CharField(max_length=160, unique=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    quantity = models.PositiveBigIntegerField()
    days = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="subscriptions_chargeduse_order"),
        ]

    def __str__(self) -> str:
        return self.source

    @property
    def by_day(self) -> Mapping[date, int]:
        """How much was used on which day, in order."""
        return {date.fromisoformat(day): quantity for day, quantity in self.days}
