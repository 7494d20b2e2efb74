"""What reports on help pages share: the right to see them, their addresses and their place in the menu."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from wagtail import hooks
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.reports import ReportView

from helpcenter.knowledge.wagtail_hooks.rights import KEEP_PAGES, SEE_REPORTS, RightMenuItem
from portal.core import sheets


class HelpReport(ReportView):
    """A report for those who may see the help center's figures."""

    right = SEE_REPORTS
    is_export_enabled = True
    # What the report says when it has no rows.
    empty: str

    @cached_property
    def no_results_message(self) -> str:
        """Good news, or that nothing is left by the filters."""
        return "Nothing matches these filters." if self.is_filtering else self.empty

    def preprocess_field_value(self, field: str, value: Any, export_format: str) -> Any:
        """A cell as it is written; none begins as a formula does (https://owasp.org/www-community/attacks/CSV_Injection)."""
        cell = super().preprocess_field_value(field, value, export_format)
        return sheets.plain(cell) if isinstance(cell, str) else cell

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse everyone else."""
        if not request.user.has_perm(self.right):
            raise PermissionDenied
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response


class DayColumn(Column):
    """A day as it is written. Wagtail's own column tells how long ago it was, and of days to come “Just now”."""

    def get_value(self, instance: Any) -> str:
        """The day in words."""
        day = super().get_value(instance)
        return date_format(day, "j F Y") if day else ""


class PageColumn(TitleColumn):
    """The title of a page, which leads to its editor those who keep pages, and others nowhere."""

    def __init__(self, accessor: str = "title", page_id: str = "pk") -> None:
        super().__init__("title", label="Page", accessor=accessor, sort_key="title")
        self.page_id = page_id

    def get_link_url(self, instance: Any, parent_context: Any) -> str | None:
        """Address of the page's form."""
        if not parent_context["request"].user.has_perm(KEEP_PAGES):
            return None
        return reverse("wagtailadmin_pages:edit", args=[getattr(instance, self.page_id)])


def register(view: type[HelpReport], place: str, order: int) -> None:
    """Give a report its addresses below /admin/reports/ and its entry in the menu."""

    def urls() -> list[Any]:
        return [
            path(f"reports/{place}/", view.as_view(), name=view.index_url_name),
            path(f"reports/{place}/results/", view.as_view(results_only=True), name=view.index_results_url_name),
        ]

    def menu_item() -> RightMenuItem:
        address, name = reverse(str(view.index_url_name)), str(view.index_url_name)
        return RightMenuItem(
            view.page_title, address, name=name, icon_name=view.header_icon, order=order, right=view.right
        )

    hooks.register("register_admin_urls", urls)
    hooks.register("register_reports_menu_item", menu_item)
