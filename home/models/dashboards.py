"""Dashboards as editors arrange them."""

from copy import copy
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PageManager
from wagtail.query import PageQuerySet

from home.models.previews import owners
from home.models.states import DashboardState
from home.visits import Visit
from home.widgets import DashboardBlock
from portal.accounts.desks import HOME_URLS, Desk, Kind
from portal.core import widgets
from portal.core.http import PortalRequest
from portal.core.page_cache import remembered

if TYPE_CHECKING:
    from portal.accounts.models import User


def is_preview(request: HttpRequest) -> bool:
    """Whether an editor looks at a draft."""
    return bool(getattr(request, "is_preview", False))


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

    def for_viewer(self, kind: str, user: "User") -> "DashboardPage | None":
        """The same with the days that this person chose last, as `kept_days`.

        The layout is read once a generation of kept pages: to make widgets of it costs more than to ask for it.
        """
        page = remembered(("dashboard", kind), lambda: self.for_kind(kind))
        if page is None:
            return None
        mine = copy(page)
        mine.kept_days = DashboardState.objects.filter(user=user, desk_kind=kind).values_list("days", flat=True).first()
        return mine


class DashboardPage(Page):
    """Layout of one kind of desk's dashboard. Figures are read when it is shown; nothing of them is stored."""

    desk_kind = models.CharField("shown to", max_length=10, choices=DESK_CHOICES)
    greeting = models.CharField(max_length=120, blank=True, help_text="Below the title, such as a word of welcome.")
    body = StreamField(DashboardBlock(required=False), blank=True)

    # The days that the viewer chose last, where they were read for the page.
    kept_days: str | None = None

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
        visit = self.visit(cast("PortalRequest", request))
        with_later = "all" in request.GET or is_preview(request)
        return {**context, **self.shown_to(visit, with_later=with_later), **visit.range}

    def visit(self, request: PortalRequest) -> Visit:
        """The days that the address names, or else those that the viewer chose last."""
        return Visit.of(request, kept=self.kept_days or "")

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
            "live_url": visit.live_url if is_own and shown and not is_preview(visit.request) else "",
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
        known = {"results": results, "kind": self.desk_kind, "is_together": not only}
        return {"widgets": shown, **known, **addresses}

    @property
    def preview_modes(self) -> list[tuple[str, str]]:
        """Sample data, or for companies' dashboards what the owner of each company for show sees."""
        shown = owners() if self.desk_kind == Kind.COMPANY else {}
        return [("", "Sample data"), *((mode, f"As {row.company.name}") for mode, row in shown.items())]

    def serve_preview(self, request: Any, mode_name: str) -> Any:
        """Show the draft with samples, or as the owner of a company for show: read alone, and no visit of theirs."""
        owner = owners().get(mode_name) if self.desk_kind == Kind.COMPANY else None
        if owner:
            request.user, request.membership, request.company = owner.user, owner, owner.company
            request.desk = Desk(Kind.COMPANY, owner.company.slug, owner.company.name, owner)
        request.is_shown_as = owner is not None
        return super().serve_preview(request, mode_name)

    def is_at(self, request: PortalRequest) -> bool:
        """Whether the viewer is at a desk of this dashboard's kind; in a preview only as somebody else."""
        is_own = request.desk is not None and request.desk.kind == self.desk_kind
        return is_own and getattr(request, "is_shown_as", not is_preview(request))

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
