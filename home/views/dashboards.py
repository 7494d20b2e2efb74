"""Dashboards of each kind of desk."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from home.models import DashboardPage
from home.widgets import DashboardBlock
from portal.core import periods
from portal.core.http import PortalRequest
from portal.core.widgets import Failed, LaterWidgetBlock, Scope, read_all


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
def widget(request: PortalRequest, name: str) -> HttpResponse:
    """What a widget that reads much shows, for the desk that the viewer is at; 404 for those who may not see it."""
    block = DashboardBlock().child_blocks.get(name)
    kind = request.desk.kind if request.desk else ""
    if not isinstance(block, LaterWidgetBlock) or not block.shown_at(kind) or not block.may_see(request):
        raise Http404
    _key, period = periods.chosen(request.GET, today=timezone.localdate())
    (result,) = read_all(block.needs, Scope(request, period)).values()
    return render(request, block.body_template, {"data": result, "failed": result is Failed})
