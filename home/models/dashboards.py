"""Dashboards as editors arrange them."""

from typing import Any, ClassVar, cast

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PageManager
from wagtail.query import PageQuerySet

from home.visits import Visit
from home.widgets import DashboardBlock
from portal.accounts.desks import HOME_URLS, Desk, Kind
from portal.core import widgets
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
        """Widgets that the viewer may see, and the results of all their readers, each run once.

        What reads much comes later, by itself; with "all" in the address, as without JavaScript, it comes at once.
        """
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        visit = Visit.of(cast("PortalRequest", request))
        return {**context, **self.shown_to(visit, with_later="all" in request.GET), **visit.range}

    def shown_to(self, visit: Visit, *, with_later: bool) -> dict[str, Any]:
        """What the templates of this dashboard's widgets need."""
        shown = [child for child in self.body if self.shows(child.block, visit.request)]
        is_own = self.is_at(visit.request)
        has_later = not with_later and any(child.block.later_readers(child.value, self.desk_kind) for child in shown)
        results = self.read(shown, visit.scope, with_later=with_later)
        return {
            "widgets": shown,
            "results": results,
            "kind": self.desk_kind,
            "has_later": has_later,
            "live_url": visit.live_url if is_own and shown else "",
            "all_url": visit.all_url,
        }

    def asked_again(self, visit: Visit) -> dict[str, Any]:
        """The same for a dashboard that is open: what is live of it, what comes later, or the one that is asked for."""
        later, only = "later" in visit.request.GET, visit.request.GET.get("only")
        shown = []
        for child in self.body:
            waits = bool(child.block.later_readers(child.value, self.desk_kind))
            wanted = child.id == only if only else waits if later else child.block.is_live or waits
            if wanted and self.shows(child.block, visit.request):
                shown.append(child)
        results = self.read(shown, visit.scope, with_later=True)
        addresses = {"live_url": visit.live_url, "all_url": visit.all_url}
        return {"widgets": shown, "results": results, "kind": self.desk_kind, "is_together": not only, **addresses}

    def is_at(self, request: PortalRequest) -> bool:
        """Whether the viewer is at a desk of this dashboard's kind; in a preview nobody is."""
        return (
            request.desk is not None
            and request.desk.kind == self.desk_kind
            and not getattr(request, "is_preview", False)
        )

    def shows(self, block: widgets.WidgetBlock, request: PortalRequest) -> bool:
        """Whether a widget is for this desk and its viewer; a preview shows what anybody may see."""
        return block.shown_at(self.desk_kind) and (not self.is_at(request) or block.may_see(request))

    def read(self, shown: list[Any], scope: widgets.Scope, *, with_later: bool) -> dict[widgets.Need, Any] | None:
        """The results of all readers; None, so that widgets show samples, in a preview."""
        request, kind = scope.request, self.desk_kind
        if not self.is_at(request):
            request.desk = Desk(Kind(kind), "preview", "Preview")
            return None
        needs = [need for child in shown for need in child.block.readers(child.value, kind)]
        if with_later:
            needs += [need for child in shown for need in child.block.later_readers(child.value, kind)]
        return widgets.read_all((need for need in needs if widgets.may_read(need, request)), scope)
