"""Use as products report it."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from billing.catalog.models import Metric, Product
from portal.accounts.models import Company

if TYPE_CHECKING:
    from datetime import date


class UsageEventQuerySet(models.QuerySet["UsageEvent"]):
    """Events of use."""

    def for_company(self, company: Company) -> Self:
        """Those of one company."""
        return self.filter(company=company)

    def before(self, day: "date") -> Self:
        """Those of days before this one that are in the daily figures."""
        waiting = StaleDay.objects.filter(
            company=models.OuterRef("company"), product=models.OuterRef("product"), used_on=models.OuterRef("used_on")
        )
        return self.filter(~models.Exists(waiting), used_on__lt=day)


class UsageEvent(models.Model):
    """One thing that a product counted; the same id of an event counts once.

    `value` is whole units of the metric, milliseconds where it says how long something took. `used_on` is the day of
    `occurred_at` in the portal's time zone. `user` is the member who did it, where it was somebody.
    """

    # What is written a thousand at a time has no index that nothing reads by: those below are enough for all that does.
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+", db_index=False)
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    metric = models.ForeignKey(Metric, on_delete=models.PROTECT, related_name="+", db_index=False)
    value = models.PositiveBigIntegerField(default=1)
    event_id = models.CharField(max_length=100)
    occurred_at = models.DateTimeField()
    used_on = models.DateField()
    received_at = models.DateTimeField()

    objects = UsageEventQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["product", "event_id"], name="usage_usageevent_once")]
        indexes = [
            models.Index(fields=["company", "used_on", "product"], name="usage_events_of_day"),
            # Days come nearly in their order: a few pages say where those lie that are too old.
            BrinIndex(fields=["used_on"], name="usage_events_by_age", autosummarize=True),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} {self.event_id}"


class StaleDay(models.Model):
    """A day of a company and product whose figures are to be made anew, as events of it have come: a job.

    A row for each batch and day, written with the events, so that no batch waits for another; the roll-up takes all of
    a day that it sees. Once they are gone, so many events are in the figures.
    """

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+", db_index=False)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+", db_index=False)
    used_on = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["company", "product", "used_on"], name="usage_stale_days")]

    def __str__(self) -> str:
        return f"{self.company_id} {self.product_id} {self.used_on}"


class EventHorizon(models.Model):
    """The first day of which all events are kept; daily figures of days before it stay as they are, whatever happens.

    There is one row, of key 1, or none while nothing was ever deleted.
    """

    kept_from_on = models.DateField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="usage_eventhorizon_one")]

    def __str__(self) -> str:
        return f"Kept from {self.kept_from_on}"
