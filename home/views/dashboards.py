"""Dashboards of each kind of desk."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from home.models import DashboardPage
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
