"""Dashboards of each kind of desk."""

from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from billing.launch import looks
from home import live as marks
from home.models import DashboardPage
from home.services import choices
from portal.core import periods
from portal.core.http import PortalRequest
from portal.core.posting import posted_from
from portal.core.reader_cache import kept_while
from portal.core.widgets import Failed

if TYPE_CHECKING:
    from portal.accounts.models import User


@require_safe
@login_required
@cache_control(private=True, no_store=True)
def dashboard(request: PortalRequest, kind: str) -> HttpResponse:
    """The dashboard that editors arranged for this kind of desk; 404 for everyone at another."""
    if request.desk is None or request.desk.kind != kind:
        raise Http404
    page = DashboardPage.objects.for_viewer(kind, cast("User", request.user))
    if page is None:
        return render(request, "home/no_dashboard.html")
    visit = page.visit(request)
    # Asked before anything is read: what changes meanwhile makes the page anew.
    question = None if "all" in request.GET else marks.question_of(visit.scope)
    context = page.get_context(request)
    response = looks.remember(request, render(request, page.template, context))
    return kept_while(response, question) if question and is_whole(request, context) else response


def is_whole(request: PortalRequest, context: dict[str, Any]) -> bool:
    """Whether all that was read and drawn is there."""
    is_read = all(result is not Failed for result in context["results"].values())
    return is_read and not vars(request).get("has_broken_widget")


@require_safe
@login_required
@cache_control(private=True, no_store=True)
def live(request: PortalRequest) -> HttpResponse:
    """Parts of the viewer's dashboard as they are now; 304 while nothing changed, 404 once another desk is in use."""
    page = open_page(request)
    visit = page.visit(request)
    shown = (page.live_revision_id, looks.chosen(request), visit.choices)
    etag = "" if "only" in request.GET else marks.etag_of(visit.scope, *shown)
    unchanged = get_conditional_response(request, etag=etag) if etag else None
    response = unchanged or render(request, "home/live.html", page.asked_again(visit))
    if etag:
        response["ETag"] = etag
    return response


def open_page(request: PortalRequest) -> DashboardPage:
    """The dashboard that a request is sent from; 404 if it was made for another desk than the one in use."""
    desk, viewer = request.desk, cast("User", request.user)
    if desk is None or desk.key != request.GET.get("desk"):
        raise Http404
    page = DashboardPage.objects.for_viewer(desk.kind, viewer)
    if page is None:
        raise Http404
    return page


@posted_from("dashboard")
@login_required
def remember(request: PortalRequest) -> HttpResponse:
    """Keep the days that the viewer chose on the dashboard, and lead to their address, which can be shared."""
    if request.desk is None or not periods.names_days(request.POST):
        return redirect(request.desk.home_url if request.desk else "/")
    days = periods.said(*periods.chosen(request.POST, today=timezone.localdate()))
    choices.remember(user=cast("User", request.user), kind=request.desk.kind, days=days)
    return redirect(f"{request.desk.home_url}?{urlencode(days)}")
