"""What happened in the company."""

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.accounts.permissions import requires
from portal.accounts.roles import Permission
from portal.accounts.trail import Trail, items, table
from portal.accounts.views.companies import shell
from portal.activity import services as activity
from portal.core import periods, sheets
from portal.core.http import MemberRequest
from portal.core.paging import LongPaginator

PER_PAGE = 50


@requires(Permission.VIEW_COMPANY)
@require_safe
def index(request: MemberRequest) -> HttpResponse:
    """The timeline, as far as the member may read it."""
    trail = Trail(request)
    choice, page = trail.choice, LongPaginator(trail.events(), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        **shell(request),
        **periods.shown_as(choice.preset, choice.period),
        "choice": choice,
        "hidden": choice.pairs("who", "kind"),
        "kept": [pair for pair in choice.pairs() if pair[0] in ("who", "kind")],
        "selects": trail.selects(),
        "items": items(list(page)),
        "page": page,
    }
    return render(request, "accounts/activity.html", context)


@requires(Permission.VIEW_COMPANY)
@require_safe
def sheet(request: MemberRequest) -> StreamingHttpResponse:
    """The same events, all pages of them, as CSV; that somebody took them is an event itself."""
    events = Trail(request).events()
    if request.method == "GET":
        data = {"format": "CSV"}
        activity.record(verb="activity.exported", actor=request.user, company=request.company, label="", data=data)
    return sheets.answer(table(events), name=f"activity-{request.company.slug}")
