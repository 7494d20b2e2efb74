"""Dashboards of each kind of desk."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from home import live as marks
from home.models import DashboardPage
from home.visits import Visit
from portal.core.http import PortalRequest


@require_safe
@login_required
@cache_control(private=True, no_store=True)
def dashboard(request: PortalRequest, kind: str) -> HttpResponse:
    """The dashboard that editors arranged for this kind of desk; 404 for everyone at another."""
    if request.desk is None or request.desk.kind != kind:
        raise Http404
    page = DashboardPage.objects.for_kind(kind)
    if page is None:
        return render(request, "home/no_dashboard.html")
    return render(request, page.template, page.get_context(request))


@require_safe
@login_required
@cache_control(private=True, no_store=True)
def live(request: PortalRequest) -> HttpResponse:
    """Parts of the viewer's dashboard as they are now; 304 while nothing changed, 404 once another desk is in use."""
    desk = request.desk
    page = DashboardPage.objects.for_kind(desk.kind) if desk and desk.key == request.GET.get("desk") else None
    if page is None:
        raise Http404
    visit = Visit.of(request)
    etag = None if "only" in request.GET else marks.etag_of(visit.scope, page.live_revision_id, visit.choices)
    unchanged = get_conditional_response(request, etag=etag) if etag else None
    response = unchanged or render(request, "home/live.html", page.asked_again(visit))
    if etag:
        response["ETag"] = etag
    return response
