"""Which company may open which product."""

from typing import TYPE_CHECKING, Self

from django.db import models

from billing.catalog.models import Product
from portal.accounts.models import Company

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
    """A company's right to open a product; open or closed."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="product_accesses")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="accesses")
    is_open = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ProductAccessQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "product accesses"
        constraints = [models.UniqueConstraint(fields=["company", "product"], name="subscriptions_productaccess_once")]

    def __str__(self) -> str:
        return f"{self.company}: {self.product}"
