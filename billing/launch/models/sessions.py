"""Members who are signed in to products."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from billing.catalog.models import Product
from portal.accounts.models import Company, SignIn
from portal.core.models import PublicIdModel

if TYPE_CHECKING:
    from portal.accounts.models import Membership


class ProductSessionQuerySet(models.QuerySet["ProductSession"]):
    """Members' sessions in products."""

    def of_member(self, membership: "Membership") -> Self:
        """Those of one member of a company."""
        return self.filter(user=membership.user_id, company=membership.company_id)

    def open(self) -> Self:
        """Those whose tokens are good."""
        return self.filter(ended_at=None)


class ProductSession(PublicIdModel):
    """A member of a company signed in to a product: every code and token belongs to one, and dies with it.

    `public_id` is the `sid` of the ID token. The last one of a member says when the product was last opened.
    """

    class Reason(models.TextChoices):
        SIGNED_OUT = "signed_out", "Signed out"
        REPLACED = "replaced", "Opened anew"
        CLOSED = "closed", "The company may not open the product any more"
        TAKEN = "taken", "The product was taken from the member"
        ROLE = "role", "The member's role changed"
        LEFT = "left", "The member left, or the account was closed"
        CHANGED = "changed", "The password was changed"
        EXPIRED = "expired", "Not used for long"
        REUSED = "reused", "A code or token was used twice"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="product_sessions")
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="product_sessions")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=20, help_text="The member's role when it began.")
    sign_in = models.ForeignKey(
        SignIn, null=True, on_delete=models.SET_NULL, related_name="+", help_text="The browser it was opened with."
    )
    authenticated_at = models.DateTimeField(help_text="When the member last proved who they are.")
    started_at = models.DateTimeField()
    expires_at = models.DateTimeField(help_text="When it ends by itself, unless the product refreshes its tokens.")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_reason = models.CharField(max_length=10, choices=Reason.choices, blank=True)

    objects = ProductSessionQuerySet.as_manager()

    class Meta:
        permissions = [("keep_clients", "Can keep the sign-in clients of products")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_reason="") | (Q(ended_at__isnull=False) & ~Q(ended_reason="")),
                name="launch_productsession_end_has_reason",
            )
        ]
        indexes = [
            models.Index(fields=["company", "user", "product", "-started_at"], name="launch_productsession_last"),
            models.Index(fields=["user"], condition=Q(ended_at=None), name="launch_productsession_open"),
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.product}"
