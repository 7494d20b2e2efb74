"""Who invoices, and how, as staff keep it."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

SERIES = RegexValidator(r"^[A-Z][A-Z0-9]{0,9}$", "Write up to ten capital letters and digits, such as INV.")


def check_number_format(value: str) -> None:
    """Refuse a format that does not tell series, year and number, or that cannot be read."""
    try:
        shown = {value.format(series=series, year=year, number=number) for series, year, number in EXAMPLES}
    except (KeyError, IndexError, ValueError):
        shown = set()
    if len(shown) != len(EXAMPLES) or max(map(len, shown), default=0) > LONGEST_NUMBER:
        raise ValidationError("Name {series}, {year} and {number}, such as {series}-{year}-{number:06d}.")


LONGEST_NUMBER = 40
EXAMPLES = [("INV", 2026, 1), ("CN", 2026, 1), ("INV", 2027, 1), ("INV", 2026, 1234567)]


@register_setting(icon="doc-full")
class BillingSettings(BaseGenericSetting):
    """The vendor as invoices name it, the numbers of documents, and when invoices are due."""

    name = models.CharField("legal name", max_length=160, default="Tamarind Software Limited")
    registration_number = models.CharField(max_length=60, blank=True)
    tax_id = models.CharField("tax number", max_length=40, blank=True, help_text="As it stands on invoices.")
    street = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=80, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    country = models.CharField(max_length=2, default="KE", help_text="ISO 3166-1 alpha-2")
    email = models.EmailField("e-mail for questions", default="billing@portal.example")
    phone = models.CharField(max_length=40, blank=True)
    payment_instructions = models.TextField(
        blank=True, help_text="How to pay, as it stands at the foot of invoices: bank, account, M-Pesa paybill."
    )
    invoice_series = models.CharField(max_length=10, default="INV", validators=[SERIES])
    credit_note_series = models.CharField(max_length=10, default="CN", validators=[SERIES])
    number_format = models.CharField(
        max_length=60, default="{series}-{year}-{number:06d}", validators=[check_number_format]
    )
    payment_days = models.PositiveSmallIntegerField(
        default=14, validators=[MaxValueValidator(365)], help_text="Days from the issue of an invoice until it is due."
    )

    panels: ClassVar[list[Any]] = [
        MultiFieldPanel(
            [
                FieldPanel(name)
                for name in (
                    "name",
                    "registration_number",
                    "tax_id",
                    "street",
                    "postal_code",
                    "city",
                    "country",
                    "email",
                    "phone",
                )
            ],
            heading="The vendor on invoices",
        ),
        MultiFieldPanel(
            [FieldPanel(name) for name in ("invoice_series", "credit_note_series", "number_format")], heading="Numbers"
        ),
        MultiFieldPanel([FieldPanel(name) for name in ("payment_days", "payment_instructions")], heading="Payment"),
    ]

    class Meta:
        verbose_name = "billing"

    def clean(self) -> None:
        """Refuse one series for both kinds of document: their numbers would be the same."""
        super().clean()
        if self.invoice_series == self.credit_note_series:
            raise ValidationError({"credit_note_series": "Credit notes need a series of their own."})
