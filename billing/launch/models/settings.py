"""What companies set for products."""

from typing import Any

from django.conf import settings
from django.db import models

from billing.catalog.models import Product
from portal.accounts.models import Company


class ProductSettings(models.Model):
    """What a company set for a product, by key; what it did not set is as the schema of the product says.

    `version` goes up with each change: products ask for what is newer than what they have, and whoever saves says which
    version they saw.
    """

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="product_settings")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    values: "models.JSONField[dict[str, Any]]" = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name_plural = "product settings"
        constraints = [models.UniqueConstraint(fields=["company", "product"], name="launch_productsettings_once")]

    def __str__(self) -> str:
        return f"{self.product} of {self.company}"
