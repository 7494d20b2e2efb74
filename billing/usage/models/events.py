"""Use as products report it."""

from django.conf import settings
from django.db import models

from billing.catalog.models import Metric, Product
from portal.accounts.models import Company


class UsageEvent(models.Model):
    """One thing that a product counted; the same id of an event counts once.

    `value` is whole units of the metric, milliseconds where it says how long something took. `used_on` is the day of
    `occurred_at` in the portal's time zone. `user` is the member who did it, where it was somebody.
    """

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    metric = models.ForeignKey(Metric, on_delete=models.PROTECT, related_name="+")
    value = models.PositiveBigIntegerField(default=1)
    event_id = models.CharField(max_length=100)
    occurred_at = models.DateTimeField()
    used_on = models.DateField()
    received_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["product", "event_id"], name="usage_usageevent_once")]

    def __str__(self) -> str:
        return f"{self.product_id} {self.event_id}"
