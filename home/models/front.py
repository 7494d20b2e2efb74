"""The home page."""

from typing import ClassVar

from django.db import models
from django.http import HttpRequest, HttpResponse
from wagtail import blocks
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from portal.core.addresses import INVALID, PATTERN
from portal.core.icons import IconBlock
from portal.core.page_cache import cacheable


class FeatureBlock(blocks.StructBlock):
    """What a product or a part of the portal is good for."""

    icon = IconBlock(default="package")
    title = blocks.CharBlock(max_length=80)
    text = blocks.TextBlock(max_length=300)
    link = blocks.RegexBlock(
        PATTERN, max_length=300, required=False, help_text=INVALID, error_messages={"invalid": INVALID}
    )
    link_text = blocks.CharBlock(max_length=60, required=False, help_text="Left empty, “Read more”.")

    class Meta:
        icon = "check"
        template = "home/blocks/feature.html"
        description = "A card with an icon, a title, a sentence and a link."
        preview_value: ClassVar = {
            "icon": "erp",
            "title": "ERP",
            "text": "Sell, buy and close the month.",
            "link": "/help/erp/",
            "link_text": "Read the guide",
        }


class HomePage(Page):
    """The front door."""

    headline = models.CharField(max_length=120, default="Everything you run on, in one place")
    introduction = models.TextField(max_length=400, blank=True)
    products = StreamField([("feature", FeatureBlock())], blank=True)
    features = StreamField([("feature", FeatureBlock())], blank=True)

    page_description = "The front door of the portal. There is one."
    max_count = 1
    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]
    private_page_options: ClassVar[list[str]] = []
    template = "home/home_page.html"
    content_panels: ClassVar = [
        *Page.content_panels,
        FieldPanel("headline"),
        FieldPanel("introduction"),
        FieldPanel("products"),
        FieldPanel("features"),
    ]

    def serve(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """The page, kept for anonymous readers."""
        return cacheable(super().serve(request, *args, **kwargs).render())
