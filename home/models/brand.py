"""How the vendor looks."""

from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting


@register_setting(icon="view")
class BrandSettings(BaseGenericSetting):
    """Name, logo and accent colour, which editors keep."""

    name = models.CharField(max_length=60, default="Tamarind")
    tagline = models.CharField(
        max_length=160, blank=True, default="Business software, and the people who help you run it."
    )
    logo = models.ForeignKey("wagtailimages.Image", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    accent = models.CharField(
        max_length=7,
        default="#2563eb",
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$", "Write the colour as # and six digits, such as #2563eb.")],
        help_text="Adjusted where it would be too faint to read.",
    )
    support_email = models.EmailField(default="help@portal.example")

    panels: ClassVar = [FieldPanel(name) for name in ("name", "tagline", "logo", "accent", "support_email")]

    class Meta:
        verbose_name = "brand"
