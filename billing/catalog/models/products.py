"""What the vendor sells, and what is counted of its use."""

from django.db import models
from django.db.models import Q
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel

from portal.core.models import PublicIdModel


class ProductQuerySet(models.QuerySet["Product"]):
    """Products, as far as they are offered."""

    def offered(self) -> "ProductQuerySet":
        """Products that are shown to customers."""
        return self.filter(is_active=True)


class Metric(models.Model):
    """Something that products count and plans limit or charge for, such as users, storage or payslips."""

    class Kind(models.TextChoices):
        COUNT = "count", "How many: adds up"
        LEVEL = "level", "How much there is: the last value counts"
        DURATION = "duration", "How long it took, in milliseconds"
        FEATURE = "feature", "A feature: how often it was used"

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=60, help_text="What is counted, in the plural: “Payslips”, “Storage in GB”.")
    unit = models.CharField(max_length=40, help_text="One of it, as in “for each payslip”.")
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.COUNT)
    position = models.PositiveSmallIntegerField(default=100)

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class Product(ClusterableModel, PublicIdModel):
    """Something a company can subscribe to, such as ERP, SACCO or Payroll; named by slug in every address."""

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    icon = models.CharField(max_length=40, help_text="Name of an icon in the set of icons.")
    description = models.TextField(blank=True)
    launch_url = models.URLField(
        "launch address",
        blank=True,
        help_text="Where the product begins to sign somebody in (its initiate_login_uri, OpenID Connect Core, 4).",
    )
    health_url = models.URLField(
        "health address", blank=True, help_text="Asked every minute; it answers 200 while the product works."
    )
    needs_verification = models.BooleanField(
        "for verified companies", default=False, help_text="Only members of verified companies can open it."
    )
    metrics = ParentalManyToManyField(Metric, blank=True, related_name="products", help_text="What it reports.")
    client = models.OneToOneField(
        "allauth_idp_oidc.Client", null=True, blank=True, editable=False, on_delete=models.SET_NULL
    )
    position = models.PositiveSmallIntegerField(default=100)
    is_active = models.BooleanField(default=True)

    objects = ProductQuerySet.as_manager()

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class ProductShortcut(models.Model):
    """A place inside a product that its page leads to, signing in on the way."""

    product = ParentalKey(Product, on_delete=models.CASCADE, related_name="shortcuts")
    label = models.CharField(max_length=60)
    icon = models.CharField(max_length=40, default="arrow-right")
    path = models.CharField(max_length=200, help_text="Within the product, beginning with a slash: “/customers/”.")
    sort_order = models.IntegerField(null=True, blank=True, editable=False)

    sort_order_field = "sort_order"

    class Meta:
        ordering = ["sort_order"]
        constraints = [
            models.UniqueConstraint(fields=["product", "path"], name="catalog_productshortcut_once"),
            models.CheckConstraint(
                condition=Q(path__startswith="/") & ~Q(path__startswith="//"),
                name="catalog_productshortcut_within_product",
                violation_error_message="The path begins with one slash.",
            ),
        ]

    def __str__(self) -> str:
        return self.label


class ProductSetting(models.Model):
    """Something that each company can set for a product; together they are the schema of the product's settings."""

    class Kind(models.TextChoices):
        TEXT = "text", "A line of text"
        NUMBER = "number", "A whole number"
        SWITCH = "switch", "On or off"
        CHOICE = "choice", "One of several"

    product = ParentalKey(Product, on_delete=models.CASCADE, related_name="settings")
    key = models.SlugField(max_length=40, help_text="What the product calls it.")
    label = models.CharField(max_length=60)
    help_text = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=6, choices=Kind.choices, default=Kind.TEXT)
    choices = models.TextField(blank=True, help_text="For one of several: each on a line of its own.")
    default = models.CharField(max_length=200, blank=True)
    sort_order = models.IntegerField(null=True, blank=True, editable=False)

    sort_order_field = "sort_order"

    class Meta:
        ordering = ["sort_order"]
        constraints = [models.UniqueConstraint(fields=["product", "key"], name="catalog_productsetting_once")]

    def __str__(self) -> str:
        return self.label
