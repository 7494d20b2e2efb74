"""Members who ask to open a product."""

from django.db import models

from billing.catalog.models import Product
from portal.accounts.models import Membership


class AccessRequest(models.Model):
    """A member wants to open a product; what came of it stands on its approvals. It goes with the membership."""

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["membership", "product"], name="launch_accessrequest_once"),
        ]

    def __str__(self) -> str:
        return self.product.name
