"""Which company may open which product, and which of its members."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from billing.catalog.models import Product
from portal.accounts.models import Company, Membership

if TYPE_CHECKING:
    from collections.abc import Iterable


class ProductAccessQuerySet(models.QuerySet["ProductAccess"]):
    """A company's rights to open products."""

    def for_company(self, company: Company) -> Self:
        """Rights of one company."""
        return self.filter(company=company)

    def open(self) -> Self:
        """Rights that hold now."""
        return self.filter(is_open=True)

    def product_slugs(self) -> "Iterable[str]":
        """Slugs of the products, in one query."""
        return self.values_list("product__slug", flat=True)


class ProductAccess(models.Model):
    """A company's right to open a product; open or closed.

    It follows `subscription`, the one that gives the product, or did last; without one, staff gave it.
    """

    class Reason(models.TextChoices):
        SUSPENDED = "suspended"
        CANCELLED = "cancelled"
        EXPIRED = "expired"
        NOT_IN_PLAN = "not_in_plan", "Not in the plan"

    WHY = {
        Reason.SUSPENDED: (
            "Access is suspended because an invoice is overdue.",
            "Pay it, and everything opens again at once. Nothing was deleted.",
        ),
        Reason.CANCELLED: ("The subscription was cancelled.", "Subscribe again to go on where you stopped."),
        Reason.EXPIRED: ("The subscription has run out.", "Subscribe again to go on where you stopped."),
        Reason.NOT_IN_PLAN: ("Your plan does not include this product any more.", "Choose a plan that does."),
    }

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="product_accesses")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="accesses")
    subscription = models.ForeignKey(
        "subscriptions.Subscription", null=True, blank=True, on_delete=models.SET_NULL, related_name="accesses"
    )
    is_open = models.BooleanField(default=True)
    closed_reason = models.CharField(max_length=11, choices=Reason.choices, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ProductAccessQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "product accesses"
        constraints = [
            models.UniqueConstraint(fields=["company", "product"], name="subscriptions_productaccess_once"),
            models.CheckConstraint(
                condition=Q(is_open=False) | Q(closed_reason="", closed_at=None),
                name="subscriptions_productaccess_open_has_no_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company}: {self.product}"

    @property
    def why(self) -> str:
        """Why it is closed, in a sentence; nothing while it is open."""
        return self.WHY[self.Reason(self.closed_reason)][0] if self.closed_reason else ""

    @property
    def remedy(self) -> str:
        """What to do about it, in a sentence."""
        return self.WHY[self.Reason(self.closed_reason)][1] if self.closed_reason else ""

    def open(self) -> None:
        """It may be opened from now on."""
        self.is_open, self.closed_reason, self.closed_at = True, "", None

    def close(self, *, reason: str, at: datetime) -> None:
        """It may not be opened any more."""
        self.is_open, self.closed_reason, self.closed_at = False, reason, at


class ProductGrantQuerySet(models.QuerySet["ProductGrant"]):
    """Products that members were given."""

    def usable(self) -> Self:
        """Grants of products that the company may open now."""
        opened = ProductAccess.objects.open().filter(
            company=models.OuterRef("membership__company"), product=models.OuterRef("product")
        )
        return self.filter(models.Exists(opened))


class ProductGrant(models.Model):
    """A member may open a product, as long as the company may."""

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="product_grants")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ProductGrantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["membership", "product"], name="subscriptions_productgrant_once")
        ]

    def __str__(self) -> str:
        return f"{self.membership}: {self.product}"
