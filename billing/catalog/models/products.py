"""What the vendor sells, and what is counted of its use."""

from django.db import models

from portal.core.models import PublicIdModel


class ProductQuerySet(models.QuerySet["Product"]):
    """Products, as far as they are offered."""

    def offered(self) -> "ProductQuerySet":
        """Products that are shown to customers."""
        return self.filter(is_active=True)


class Product(PublicIdModel):
    """Something a company can subscribe to, such as ERP, SACCO or Payroll; named by slug in every address."""

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    icon = models.CharField(max_length=40, help_text="Name of an icon in the set of icons.")
    description = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField(default=100)
    is_active = models.BooleanField(default=True)

    objects = ProductQuerySet.as_manager()

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class Metric(models.Model):
    """Something that products count and plans limit or charge for, such as users, storage or payslips."""

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=60, help_text="What is counted, in the plural: “Payslips”, “Storage in GB”.")
    unit = models.CharField(max_length=40, help_text="One of it, as in “for each payslip”.")
    position = models.PositiveSmallIntegerField(default=100)

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name
