"""Whether products work: what their health addresses answered."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q

from billing.catalog.models import Product
from portal.core.models import PublicIdModel


class State(models.TextChoices):
    """How well a product works."""

    UNKNOWN = "unknown", "Not known yet"
    UP = "up", "Working"
    DEGRADED = "degraded", "Slow or limited"
    DOWN = "down", "Not working"


class ProductHealth(models.Model):
    """How it stands with a product now.

    `state` follows what was seen once it was seen twice in a row, so that one lost packet closes nothing; `observed` is
    what was seen last and `differing` how often in a row that was not the state.
    """

    product = models.OneToOneField(Product, primary_key=True, on_delete=models.CASCADE, related_name="health")
    state = models.CharField(max_length=8, choices=State, default=State.UNKNOWN)
    state_since_at = models.DateTimeField(null=True, blank=True)
    observed = models.CharField(max_length=8, choices=State, default=State.UNKNOWN)
    differing = models.PositiveSmallIntegerField(default=0)
    checked_at = models.DateTimeField(null=True, blank=True)
    latency_ms = models.PositiveIntegerField(default=0)
    detail = models.CharField(max_length=200, blank=True, help_text="What was wrong when it was asked last.")

    class Meta:
        verbose_name_plural = "product healths"

    def __str__(self) -> str:
        return f"{self.product_id}: {self.get_state_display()}"

    def observe(self, *, seen: str, latency_ms: int, detail: str, at: datetime) -> bool:
        """Take in what was seen; return whether that changed the state.

        The first good answer is believed at once, everything else the second time in a row.
        """
        self.observed, self.latency_ms, self.detail, self.checked_at = seen, latency_ms, detail[:200], at
        self.differing = 0 if seen == self.state else self.differing + 1
        is_first = self.state == State.UNKNOWN and seen == State.UP
        if self.differing < 2 and not is_first:
            return False
        self.state, self.state_since_at, self.differing = seen, at, 0
        return True


class HealthDayQuerySet(models.QuerySet["HealthDay"]):
    """Days on which products were asked."""

    def of(self, product: Product) -> Self:
        """Those of one product, the first day first."""
        return self.filter(product=product).order_by("checked_on")


class HealthDay(models.Model):
    """What a product's health address answered on one day: how often it was asked, failed or was slow.

    `latency_ms` is the sum of all answers' milliseconds; by `answers` it is their mean.
    """

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="health_days")
    checked_on = models.DateField()
    checks = models.PositiveIntegerField()
    failures = models.PositiveIntegerField()
    degraded = models.PositiveIntegerField()
    latency_ms = models.PositiveBigIntegerField()

    objects = HealthDayQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "checked_on"], name="launch_healthday_once"),
            models.CheckConstraint(
                condition=Q(checks__gte=F("failures") + F("degraded")), name="launch_healthday_failures_are_checks"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} on {self.checked_on}"

    @property
    def answers(self) -> int:
        """How often it answered."""
        return self.checks - self.failures

    @property
    def mean_ms(self) -> int | None:
        """How long it took to answer on average, in milliseconds; None where it never did."""
        return round(self.latency_ms / self.answers) if self.answers else None


class IncidentQuerySet(models.QuerySet["Incident"]):
    """Times when products did not work."""

    def open(self) -> Self:
        """Those that are not over."""
        return self.filter(ended_at=None)

    def of(self, product: Product) -> Self:
        """Those of one product, the last first."""
        return self.filter(product=product).order_by("-started_at")


class Incident(PublicIdModel):
    """A time when a product did not work, opened and closed by its health; staff write the note that customers read."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="incidents")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    cause = models.CharField(max_length=200, blank=True, help_text="What its health address answered.")
    note = models.TextField(
        blank=True, max_length=1000, help_text="Customers read it: what is wrong, and when it will work again."
    )

    objects = IncidentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product"], condition=Q(ended_at=None), name="launch_incident_one_open"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")), name="launch_incident_ends_after_start"
            ),
        ]
        indexes = [models.Index(fields=["product", "-started_at"], name="launch_incident_last")]

    def __str__(self) -> str:
        return f"{self.product} on {self.started_at:%d %B %Y}"
