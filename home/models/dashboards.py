"""Dashboards as editors arrange them."""

from typing import Any, ClassVar, cast

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PageManager
from wagtail.query import PageQuerySet

from home.widgets import DashboardBlock
from portal.accounts.desks import HOME_URLS, Desk, Kind
from portal.core import periods, widgets
from portal.core.http import PortalRequest

DESK_CHOICES = [
    (Kind.COMPANY.value, "Companies"),
    (Kind.DEVELOPER.value, "Developers"),
    (Kind.AGENCY.value, "Agencies"),
    (Kind.RESELLER.value, "Resellers"),
    (Kind.STAFF.value, "Staff"),
]


class DashboardQuerySet(PageQuerySet["DashboardPage"]):
    """Dashboards by desk."""

    def for_kind(self, kind: str) -> "DashboardPage | None":
        """The live dashboard of this kind of desk: the first in the tree, where editors made several."""
        return self.live().filter(desk_kind=kind).order_by("path").first()


class DashboardPage(Page):
    """Layout of one kind of desk's dashboard. Figures are read when it is shown; nothing of them is stored."""

    desk_kind = models.CharField("shown to", max_length=10, choices=DESK_CHOICES)
    greeting = models.CharField(max_length=120, blank=True, help_text="Below the title, such as a word of welcome.")
    body = StreamField(DashboardBlock(required=False), blank=True)

    objects = PageManager.from_queryset(DashboardQuerySet)()

    page_description = (
        "What people see first when they are signed in, arranged from widgets; one for each kind of desk."
    )
    parent_page_types: ClassVar[list[str]] = ["home.HomePage"]
    subpage_types: ClassVar[list[str]] = []
    private_page_options: ClassVar[list[str]] = []
    template = "home/dashboard.html"
    content_panels: ClassVar = [
        *Page.content_panels,
        FieldPanel("desk_kind"),
        FieldPanel("greeting"),
        FieldPanel("body"),
    ]

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Lead to the address of the desk: a dashboard has no reader but the one at it."""
        return redirect(HOME_URLS[Kind(self.desk_kind)])

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Widgets that the viewer may see, and the results of all their readers, each run once."""
        key, period = periods.chosen(request.GET, today=timezone.localdate())
        kind = self.desk_kind
        scope = widgets.Scope(cast("PortalRequest", request), period)
        shown = [child for child in self.body if self.shows(child.block, scope.request)]
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        results = self.read(shown, scope)
        return {
            **context,
            "widgets": shown,
            "results": results,
            "kind": kind,
            **periods.shown_as(key, period),
        }

    def shows(self, block: widgets.WidgetBlock, request: PortalRequest) -> bool:
        """Whether a widget is for this desk and its viewer; a preview shows what anybody may see."""
        is_preview = request.desk is None or request.desk.kind != self.desk_kind
        return block.shown_at(self.desk_kind) and (is_preview or block.may_see(request))

    def read(self, shown: list[Any], scope: widgets.Scope) -> dict[widgets.Need, Any] | None:
        """The results of all readers; None, so that widgets show samples, in the preview of who has no such desk."""
        request = scope.request
        if request.desk and request.desk.kind == self.desk_kind:
            readers = (reader for child in shown for reader in child.block.readers(child.value, self.desk_kind))
            return widgets.read_all(readers, scope)
        request.desk = Desk(Kind(self.desk_kind), "preview", "Preview")
        return None
