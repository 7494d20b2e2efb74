"""Ways to pay that a gateway keeps for a company."""

import calendar
from datetime import date, datetime
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from portal.core.models import PublicIdModel

if TYPE_CHECKING:
    from portal.accounts.models import Company

EXPIRING_DAYS = 60


class PaymentMethodQuerySet(models.QuerySet["PaymentMethod"]):
    """Payment methods."""

    def for_company(self, company: "Company") -> Self:
        """Those of one company that the gateway keeps and nobody has removed; the default first."""
        return self.filter(company=company, added_at__isnull=False, removed_at=None).order_by(
            "-is_default", "added_at", "pk"
        )

    def defaults(self) -> Self:
        """Those that are charged where nobody chooses: one of a company at most."""
        return self.filter(is_default=True)

    def default_of(self, company: "Company") -> "PaymentMethod | None":
        """The default of one company."""
        return self.defaults().filter(company=company).first()


class PaymentMethod(PublicIdModel):
    """A card or account that the gateway keeps under `reference`: no number of it ever comes here.

    The row is written before the gateway is asked to keep it (`key`); `added_at` says that it does.
    """

    company = models.ForeignKey("accounts.Company", on_delete=models.PROTECT, related_name="payment_methods")
    gateway = models.CharField(max_length=20)
    key = models.CharField(max_length=80, unique=True)
    setup_reference = models.CharField(max_length=200, blank=True, help_text="The gateway's name of its being added.")
    reference = models.CharField(max_length=200, null=True, help_text="The gateway's own name of it.")
    customer = models.CharField(max_length=200, blank=True, help_text="The gateway's own name of who pays.")
    brand = models.CharField(max_length=40, blank=True)
    last4 = models.CharField(max_length=4, blank=True)
    expires_on = models.DateField(null=True, help_text="The last day on which it can be used.")
    is_default = models.BooleanField(default=False)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    added_at = models.DateTimeField(null=True)
    renewed_at = models.DateTimeField(null=True, help_text="When its bank last changed it.")
    removed_at = models.DateTimeField(null=True)
    forgotten_at = models.DateTimeField(null=True, help_text="When the gateway was told of the removal.")

    objects = PaymentMethodQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["gateway", "reference"], name="payments_paymentmethod_reference"),
            models.UniqueConstraint(
                fields=["company"], condition=Q(is_default=True), name="payments_paymentmethod_one_default"
            ),
            models.CheckConstraint(
                condition=Q(is_default=False) | Q(added_at__isnull=False, removed_at=None),
                name="payments_paymentmethod_default_usable",
            ),
            models.CheckConstraint(
                condition=Q(added_at=None) | ~Q(reference=None), name="payments_paymentmethod_added_whole"
            ),
        ]
        indexes = [
            models.Index(
                fields=["removed_at"],
                condition=Q(removed_at__isnull=False, forgotten_at=None),
                name="payments_methods_to_forget",
            )
        ]

    def __str__(self) -> str:
        return f"{self.brand} ending in {self.last4}" if self.last4 else self.brand or "Payment method"

    @property
    def is_usable(self) -> bool:
        """Whether it was added and is still there."""
        return self.added_at is not None and self.removed_at is None

    def expires_soon(self, *, today: date) -> bool:
        """Whether it can be used for less than sixty days."""
        return self.expires_on is not None and (self.expires_on - today).days < EXPIRING_DAYS

    def has_expired(self, *, today: date) -> bool:
        """Whether its last day has passed."""
        return self.expires_on is not None and self.expires_on < today

    def keep(self, *, reference: str, brand: str, last4: str, expires_on: str, customer: str, at: datetime) -> None:
        """The gateway keeps it; `expires_on` is its last month, "2027-03"."""
        self.reference, self.customer, self.added_at = reference, customer, at
        self._describe(brand, last4, last_day(expires_on) if expires_on else None)

    def renew(self, *, brand: str, last4: str, expires_on: str, at: datetime) -> bool:
        """The bank has issued it anew; return whether that is news. A message of an earlier day comes late."""
        until = last_day(expires_on) if expires_on else None
        if until is None or (self.expires_on is not None and until < self.expires_on):
            return False
        before = (self.brand, self.last4, self.expires_on)
        self._describe(brand, last4, until)
        if before == (self.brand, self.last4, self.expires_on):
            return False
        self.renewed_at = at
        return True

    def _describe(self, brand: str, last4: str, expires_on: date | None) -> None:
        self.brand, self.last4, self.expires_on = brand[:40], last4[-4:], expires_on


def last_day(month: str) -> date:
    """The last day of a month such as "2027-03"."""
    first = date.fromisoformat(f"{month}-01")
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])
