"""Plans, the families within which a subscription may move, and what a plan holds."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from djmoney.money import Money
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.models import PreviewableMixin

from billing.catalog import comparison
from billing.catalog.models.plan_companies import PlanCompany
from billing.catalog.models.prices import MeteredComponent, PlanPrice
from billing.catalog.models.products import Metric, Product
from portal.accounts.models import Company
from portal.core.models import PublicIdModel

LONGEST_TRIAL = 365


class PlanFamily(models.Model):
    """Plans among which a subscription may move, in the order of their levels."""

    class Moves(models.TextChoices):
        ANY = "any", "To higher and to lower plans"
        UP = "up", "To higher plans only"
        NONE = "none", "Not at all"

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    description = models.CharField(max_length=200, blank=True)
    moves = models.CharField(
        "allowed moves",
        max_length=4,
        choices=Moves.choices,
        default=Moves.ANY,
        help_text="Where a subscription may go.",
    )
    position = models.PositiveSmallIntegerField(default=100)

    class Meta:
        ordering = ["position", "name"]
        verbose_name_plural = "plan families"

    def __str__(self) -> str:
        return self.name


class PlanQuerySet(models.QuerySet["Plan"]):
    """Plans, as far as they can be had."""

    def offered(self) -> Self:
        """Plans that can be chosen now: not archived, and every product of theirs is offered."""
        return self.filter(archived_at=None).exclude(products__is_active=False)

    def visible_to(self, company: Company) -> Self:
        """Public plans, and those kept for this company."""
        own = PlanCompany.objects.filter(company=company).values("plan")
        return self.filter(Q(is_public=True) | Q(pk__in=own))

    def with_prices(self, currency: str) -> Self:
        """With the live prices in one currency at hand, also those of metered components."""
        prices = PlanPrice.objects.live().filter(amount_currency=currency)
        components = MeteredComponent.objects.live().filter(unit_price_currency=currency).select_related("metric")
        return self.prefetch_related(models.Prefetch("prices", prices), models.Prefetch("components", components))

    def with_contents(self) -> Self:
        """With family, products, features and limits at hand."""
        return self.select_related("family").prefetch_related("products", "features", "limits__metric")


class Plan(PreviewableMixin, ClusterableModel, PublicIdModel):
    """One way to have a product, or a bundle of several; archived rather than deleted."""

    family = models.ForeignKey(PlanFamily, on_delete=models.PROTECT, related_name="plans")
    level = models.PositiveSmallIntegerField(
        help_text="Place within the family: going to a higher level is an upgrade, to a lower one a downgrade."
    )
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=80)
    description = models.CharField(max_length=200, blank=True, help_text="One sentence: for whom it is.")
    products = ParentalManyToManyField(Product, related_name="plans", help_text="Several make a bundle.")
    trial_days = models.PositiveSmallIntegerField(default=0)
    seats_min = models.PositiveIntegerField("fewest seats", default=1)
    seats_max = models.PositiveIntegerField("most seats", null=True, blank=True, help_text="Left empty: no maximum.")
    is_recommended = models.BooleanField("recommended", default=False)
    is_public = models.BooleanField(
        "for everyone", default=True, help_text="Switched off: only the companies below see it, or nobody yet."
    )
    needs_verification = models.BooleanField(
        "for verified companies", default=False, help_text="A company hands in its papers before it can choose it."
    )
    companies = models.ManyToManyField(Company, through=PlanCompany, related_name="+")
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["family__position", "family__name", "level"]
        constraints = [
            models.UniqueConstraint(
                fields=["family", "level"],
                name="catalog_plan_level",
                violation_error_message="Another plan of the family has this level.",
            ),
            models.UniqueConstraint(
                fields=["family"],
                condition=Q(is_recommended=True),
                name="catalog_plan_recommended_once",
                violation_error_message="Another plan of the family is recommended already.",
            ),
            models.CheckConstraint(
                condition=Q(is_recommended=False) | Q(archived_at=None), name="catalog_plan_recommended_is_offered"
            ),
            models.CheckConstraint(
                condition=Q(seats_min__gte=1) & (Q(seats_max=None) | Q(seats_max__gte=F("seats_min"))),
                name="catalog_plan_seats",
                violation_error_message="There is at least one seat, and the most are no fewer than the fewest.",
            ),
            models.CheckConstraint(
                condition=Q(trial_days__lte=LONGEST_TRIAL),
                name="catalog_plan_trial_days",
                violation_error_message=f"A trial lasts {LONGEST_TRIAL} days at most.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.family.name}: {self.name}" if self.family_id else self.name

    @property
    def is_archived(self) -> bool:
        """Whether nobody can choose it any more; subscriptions that have it go on."""
        return self.archived_at is not None

    @property
    def state(self) -> str:
        """Who can choose it, in words."""
        if self.is_archived:
            return "Archived"
        return "For everyone" if self.is_public else "For certain companies"

    def is_above(self, other: "Plan") -> bool:
        """Whether coming from the other plan of the family is an upgrade."""
        return self.family_id == other.family_id and self.level > other.level

    def may_become(self, other: "Plan") -> bool:
        """Whether a subscription may move from this plan to the other, as the family allows."""
        if self.family_id != other.family_id or self.level == other.level or other.is_archived:
            return False
        moves = self.family.moves
        return moves == PlanFamily.Moves.ANY or (moves == PlanFamily.Moves.UP and other.is_above(self))

    def allows_seats(self, seats: int) -> bool:
        """Whether a subscription to this plan may have so many seats."""
        return seats >= self.seats_min and (self.seats_max is None or seats <= self.seats_max)

    def price(self, interval: str, currency: str) -> PlanPrice | None:
        """The live price, None where there is none; asks the database unless read `with_prices`."""
        found = (row for row in self.prices.all() if row.is_live and row.interval == interval)
        return next((row for row in found if str(row.amount.currency) == currency), None)

    def metered(self, currency: str) -> list[MeteredComponent]:
        """The live metered components; asks the database unless read `with_prices`."""
        return [row for row in self.components.all() if row.is_live and str(row.unit_price.currency) == currency]

    def yearly_saving(self, currency: str) -> Money | None:
        """What a year at once costs less than twelve months, by the seat where that is how it is charged.

        None where it does not cost less, where one of the prices is missing, or only one of them is by the seat.
        """
        month, year = self.price(PlanPrice.Interval.MONTH, currency), self.price(PlanPrice.Interval.YEAR, currency)
        if month is None or year is None or month.is_per_seat != year.is_per_seat:
            return None
        if month.amount * 12 <= year.amount:
            return None
        return month.amount * 12 - year.amount

    def archive(self, *, at: datetime) -> None:
        """Offer it no more."""
        self.archived_at, self.is_recommended = at, False

    def restore(self) -> None:
        """Offer it again."""
        self.archived_at = None

    @property
    def preview_modes(self) -> list[tuple[str, str]]:
        """Monthly and yearly, in each currency that the plan has a price in."""
        priced = {str(row.amount.currency) for row in self.prices.all() if row.is_live} if self.pk else set()
        return [
            (f"{interval}-{currency}", f"{label}, {currency}")
            for currency in sorted(priced | {str(settings.DEFAULT_CURRENCY)})
            for interval, label in PlanPrice.Interval.choices
        ]

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """The family as customers compare it, with this plan as it stands in the form."""
        interval, _dash, currency = mode_name.partition("-")
        others = self.family.plans.offered().exclude(pk=self.pk).with_prices(currency).with_contents()
        plans = sorted([self, *others], key=lambda plan: plan.level)
        sections = comparison.of(plans, interval=interval, currency=currency)
        return render(
            request, "catalog/preview.html", {"sections": sections, "currency": currency, "interval": interval}
        )


class PlanFeature(models.Model):
    """A line of the comparison: the same group and words on two plans meet in one row."""

    plan = ParentalKey(Plan, on_delete=models.CASCADE, related_name="features")
    group = models.CharField(max_length=60, help_text="Heading above it in the comparison, such as “Accounts”.")
    label = models.CharField("feature", max_length=120)
    value = models.CharField(max_length=60, blank=True, help_text="How much of it; left empty: included.")

    sort_order = models.IntegerField(null=True, blank=True, editable=False)

    sort_order_field = "sort_order"

    class Meta:
        ordering = ["sort_order"]
        constraints = [models.UniqueConstraint(fields=["plan", "group", "label"], name="catalog_planfeature_once")]

    def __str__(self) -> str:
        return self.label


class PlanLimit(models.Model):
    """How much of something a subscription may use; without one there is no limit."""

    plan = ParentalKey(Plan, on_delete=models.CASCADE, related_name="limits")
    metric = models.ForeignKey(Metric, on_delete=models.PROTECT, related_name="limits")
    quantity = models.PositiveBigIntegerField()

    class Meta:
        ordering = ["metric__position", "metric__name"]
        constraints = [models.UniqueConstraint(fields=["plan", "metric"], name="catalog_planlimit_once")]

    def __str__(self) -> str:
        return f"{self.metric}: {self.quantity:,}"
