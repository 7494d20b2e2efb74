"""Rates of tax and exemptions, as staff keep them."""

from typing import Any

from django import forms
from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.ui.tables import Column
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from billing.invoicing.models import TaxExemption, TaxRate
from portal.accounts import countries
from portal.accounts.wagtail_hooks.choosers import COMPANY_CHOOSER
from portal.core.admin_choosers import Unchosen


class TaxRateViewSet(SnippetViewSet):
    """Rates by country, from a day on."""

    model = TaxRate
    icon = "tag"
    menu_label = "Rates"
    copy_view_enabled = False
    add_to_reference_index = False
    list_display = [
        "__str__",
        Column("country", label="Country", accessor=lambda row: countries.name_of(row.country)),
        Column("category", label="Category", accessor="get_category_display"),
        "starts_on",
    ]
    list_filter = ["country", "category"]
    panels = [
        FieldRowPanel(
            [FieldPanel("country", widget=forms.Select(choices=countries.choices())), FieldPanel("category")]
        ),
        FieldRowPanel([FieldPanel("name"), FieldPanel("percent")]),
        FieldPanel(
            "starts_on", help_text="It holds until the next rate of its category begins. Issued invoices keep theirs."
        ),
    ]


class TaxExemptionViewSet(Unchosen, SnippetViewSet):
    """Companies that are charged no tax."""

    model = TaxExemption
    icon = "tag"
    menu_label = "Exemptions"
    copy_view_enabled = False
    add_to_reference_index = False
    list_display = ["company", "reason", "certificate", "starts_on", "ends_on"]
    search_fields = ["company__name", "reason", "certificate"]
    panels = [
        FieldPanel("company", widget=COMPANY_CHOOSER.widget_class),
        FieldRowPanel([FieldPanel("reason"), FieldPanel("certificate")]),
        FieldRowPanel([FieldPanel("starts_on"), FieldPanel("ends_on")]),
    ]

    def get_queryset(self, request: HttpRequest) -> Any:
        """With companies at hand."""
        return TaxExemption.objects.select_related("company")


class TaxGroup(SnippetViewSetGroup):
    """One entry of the menu for both."""

    items = (TaxRateViewSet, TaxExemptionViewSet)
    menu_label = "Tax"
    menu_icon = "tag"
    menu_name = "tax"
    menu_order = 175


register_snippet(TaxGroup)
