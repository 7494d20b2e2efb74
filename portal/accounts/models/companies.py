"""The tenant and its members."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models

from portal.core.models import PublicIdModel

if TYPE_CHECKING:
    from portal.accounts.models.users import User


class CompanyQuerySet(models.QuerySet["Company"]):
    """Companies, as far as somebody may know of them."""

    def visible_to(self, user: "User") -> Self:
        """Companies that `user` belongs to; staff see all."""
        return self.all() if user.is_staff else self.filter(memberships__user=user)


class Company(PublicIdModel):
    """The customer organisation: the tenant. What belongs to one does not exist for another."""

    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=80, unique=True)
    country = models.CharField(max_length=2, default="KE", help_text="ISO 3166-1 alpha-2")
    currency = models.CharField(max_length=3, default="KES", help_text="ISO 4217")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "companies"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A user's role in a company, with the three rights that an owner may switch on one by one."""

    class Role(models.TextChoices):
        OWNER = "owner"
        ADMIN = "admin"
        BILLING = "billing"
        VIEWER = "viewer"

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=8, choices=Role.choices)
    can_approve_developers = models.BooleanField()
    can_sign_contracts = models.BooleanField()
    can_manage_billing = models.BooleanField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "user"], name="accounts_membership_once"),
            models.CheckConstraint(
                condition=models.Q(role__in=["owner", "admin", "billing", "viewer"]), name="accounts_membership_role"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()}) of {self.company}"
