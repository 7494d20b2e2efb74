"""What products report of themselves and of what goes on in them."""

from typing import Self

from django.db import models

from billing.catalog.models import Product
from portal.accounts.models import Company


class ProductReport(models.Model):
    """That something which a product told as activity is known: of one id becomes one event, however often it comes."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+", db_index=False)
    report_id = models.CharField(max_length=100)
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    received_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["product", "report_id"], name="launch_productreport_once")]

    def __str__(self) -> str:
        return f"{self.product_id} {self.report_id}"


class ProductFigureQuerySet(models.QuerySet["ProductFigure"]):
    """Quick statistics."""

    def for_company(self, company: Company) -> Self:
        """Those of one company, in the order of each product."""
        return self.filter(company=company).order_by("product_id", "position")


class ProductFigure(models.Model):
    """A quick statistic of a company in a product, such as its members or employees, as the product told it last."""

    MOST = 6

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="product_figures", db_index=False)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    key = models.SlugField(max_length=40, db_index=False)
    label = models.CharField(max_length=40)
    value = models.PositiveBigIntegerField()
    position = models.PositiveSmallIntegerField()
    reported_at = models.DateTimeField()
    before = models.PositiveBigIntegerField(null=True, help_text="The last value of the day before that was told.")
    before_at = models.DateTimeField(null=True, help_text="When the product told that value.")

    objects = ProductFigureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "product", "key"], name="launch_productfigure_once"),
        ]

    def __str__(self) -> str:
        return f"{self.label}: {self.value}"


class ProductSyncQuerySet(models.QuerySet["ProductSync"]):
    """States of synchronisation."""

    def for_company(self, company: Company) -> Self:
        """Those of one company."""
        return self.filter(company=company)


class ProductSync(models.Model):
    """How the last synchronisation of a company's data in a product went, as the product told it."""

    class State(models.TextChoices):
        OK = "ok", "In step"
        RUNNING = "running", "Synchronising"
        FAILED = "failed", "Failed"

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="product_syncs", db_index=False)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=7, choices=State.choices)
    synced_at = models.DateTimeField(help_text="Since when this has been so.")
    detail = models.CharField(max_length=200, blank=True)

    objects = ProductSyncQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "product"], name="launch_productsync_once")]

    def __str__(self) -> str:
        return f"{self.product_id}: {self.state}"
