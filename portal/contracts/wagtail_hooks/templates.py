"""Texts of contracts, as editors keep them."""

from typing import Any

from django.urls import path, reverse
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.widgets import Button
from wagtail.snippets.views.snippets import SnippetViewSet

from portal.contracts.models import ContractTemplate
from portal.contracts.wagtail_hooks.importing import NAME, ImportView
from portal.core.admin_choosers import Unchosen
from portal.core.admin_lists import SparingIndexView


class TemplateIndexView(SparingIndexView):
    """By name."""

    @property
    def header_more_buttons(self) -> list[Any]:
        """The way to import one, for those who may add one."""
        buttons: list[Any] = super().header_more_buttons
        if self.user_has_permission("add"):
            buttons.append(Button("Import a template", url=reverse(f"{NAME}:import"), icon_name="upload", priority=5))
        return buttons


class ContractTemplateViewSet(Unchosen, SnippetViewSet):
    """Templates, with drafts, revisions, locks and a preview."""

    model = ContractTemplate
    icon = "doc-full-inverse"
    menu_label = "Contract templates"
    add_to_reference_index = False
    index_view_class = TemplateIndexView
    list_display = [
        "name",
        Column("type", label="Type", accessor="get_type_display", sort_key="type"),
        BooleanColumn("is_counter_signed", label="Counter-signed"),
        BooleanColumn("live", label="Published"),
    ]
    list_filter = ["type", "live"]
    search_fields = ["name"]
    ordering = ["name"]

    def get_urlpatterns(self) -> list[Any]:
        """The way to import one, beside the usual ones."""
        return [*super().get_urlpatterns(), path("import/", self.construct_view(ImportView), name="import")]
