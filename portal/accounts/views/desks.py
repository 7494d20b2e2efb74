"""Choosing for whom one acts."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from portal.accounts import desks
from portal.accounts.middleware import sit_at
from portal.core.http import MemberRequest, PortalRequest
from portal.core.posting import posted_from


@login_required
@posted_from("dashboard")
def switch_desk(request: MemberRequest) -> HttpResponse:
    """Act for another of one's desks from now on, beginning at its dashboard."""
    desk = desks.find(request.user, request.POST.get("desk", ""))
    if desk is None:
        raise Http404
    sit_at(request, desk)
    return redirect(desk.home_url)


@require_safe
@login_required
def dashboard(request: PortalRequest) -> HttpResponse:
    """Lead to the dashboard of the desk in use; without a desk editors go to the admin, others choose how to go on."""
    if request.desk:
        return redirect(request.desk.home_url)
    return redirect("wagtailadmin_home" if request.user.has_perm("wagtailadmin.access_admin") else "join")
