"""What the vendor sells, and what is counted of its use."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel

from portal.core.models import PublicIdModel

# What a setting is worth: a line, a whole number (or none), on or off.
Value = str | int | bool | None
SWITCHED = {"": False, "off": False, "false": False, "on": True, "true": True}
LARGEST = 10**12


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

    def clean(self) -> None:
        """Refuse another key for what companies have set already, and a default that nobody could choose."""
        super().clean()
        if self.pk and not type(self)._default_manager.filter(pk=self.pk, key=self.key).exists():
            raise ValidationError({"key": "The key stays as it is: the product and what companies have set name it."})
        if self.kind == self.Kind.CHOICE and len(self.options) < 2:
            raise ValidationError({"choices": "Name at least two to choose from, each on a line of its own."})
        try:
            self.value_of(self.default)
        except ValueError as error:
            raise ValidationError({"default": str(error)}) from error

    @property
    def options(self) -> list[str]:
        """What there is to choose from, each once."""
        return list(dict.fromkeys(line.strip() for line in self.choices.splitlines() if line.strip()))

    @property
    def default_value(self) -> Value:
        """What holds where a company has set nothing; what makes no sense (any more) is nothing."""
        try:
            return self.value_of(self.default)
        except ValueError:
            return self.value_of("")

    def value_of(self, text: str) -> Value:
        """The value that a text stands for; an empty one is off, the first choice, an empty line or no number at all.

        Raises ValueError, whose words say what is expected.
        """
        if self.kind == self.Kind.NUMBER:
            return self._number(text)
        if self.kind == self.Kind.SWITCH:
            if text.lower() not in SWITCHED:
                raise ValueError("Write “on” or “off”.")
            return SWITCHED[text.lower()]
        if self.kind == self.Kind.CHOICE:
            if text and text not in self.options:
                raise ValueError("This is none of the choices.")
            return text or next(iter(self.options), "")
        return text

    def _number(self, text: str) -> int | None:
        try:
            number = int(text) if text else None
        except ValueError:
            raise ValueError("Write a whole number.") from None
        if number is not None and abs(number) > LARGEST:
            raise ValueError("The number is too large.")
        return number
