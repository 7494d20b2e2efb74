"""Use by the day: of each member, and of all of a company together."""

from datetime import date
from typing import Self, TypeVar

from django.conf import settings
from django.db import models

from billing.catalog.models import Metric, Product
from portal.accounts.models import Company

Row = TypeVar("Row", bound=models.Model)


class DailyQuerySet(models.QuerySet[Row]):
    """Daily figures."""

    def for_company(self, company: Company) -> Self:
        """Those of one company."""
        return self.filter(company=company)

    def between(self, starts_on: date, ends_on: date) -> Self:
        """Those of the days from `starts_on` up to, not including, `ends_on`."""
        return self.filter(used_on__gte=starts_on, used_on__lt=ends_on)


class DailyUsage(models.Model):
    """What one member of a company, or nobody in particular, used of one metric of a product on one day.

    `total` is the sum of the values, `events` how many there were, `highest` the largest and `last` the latest of
    them. Which of these is the day's figure, the kind of the metric says: `total` where it adds up, `last` for a
    level, `total` by `events` for a duration in milliseconds. Of events of one instant the one with the greatest id is
    the latest.
    """

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+", db_index=False)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+", db_index=False)
    metric = models.ForeignKey(Metric, on_delete=models.PROTECT, related_name="+")
    # Set to nobody, rows of one day would meet: `rolling.forget` adds them up.
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    used_on = models.DateField()
    total = models.PositiveBigIntegerField()
    events = models.PositiveBigIntegerField()
    highest = models.PositiveBigIntegerField()
    last = models.PositiveBigIntegerField()
    last_at = models.DateTimeField()

    objects = DailyQuerySet["DailyUsage"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "used_on", "product", "metric", "user"],
                name="usage_dailyusage_once",
                nulls_distinct=False,
            )
        ]
        indexes = [
            models.Index(fields=["-used_on", "-id"], name="usage_daily_newest"),
            models.Index(fields=["company", "-used_on", "-id"], name="usage_daily_of_company"),
            models.Index(fields=["product", "-used_on", "-id"], name="usage_daily_of_product"),
        ]

    def __str__(self) -> str:
        return f"{self.company_id} {self.product_id} {self.metric_id} {self.used_on}"


class DailyTotal(models.Model):
    """What all members of a company, and nobody in particular, used of one metric of a product on one day.

    The roll-up writes it with the rows that it sums up, so that reading costs the same for ten members and for ten
    thousand. `last` is that of the member whose `last_at` is the latest; of several, the greatest.
    """

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+", db_index=False)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+", db_index=False)
    metric = models.ForeignKey(Metric, on_delete=models.PROTECT, related_name="+", db_index=False)
    used_on = models.DateField()
    total = models.PositiveBigIntegerField()
    events = models.PositiveBigIntegerField()
    highest = models.PositiveBigIntegerField()
    last = models.PositiveBigIntegerField()
    last_at = models.DateTimeField()
    changed_at = models.DateTimeField(help_text="When the roll-up last found other figures than stood here.")

    objects = DailyQuerySet["DailyTotal"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "used_on", "product", "metric"], name="usage_dailytotal_once")
        ]
        indexes = [
            models.Index(fields=["used_on"], name="usage_totals_of_day"),
            models.Index(fields=["company", "-changed_at"], name="usage_totals_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.company_id} {self.product_id} {self.metric_id} {self.used_on}"
