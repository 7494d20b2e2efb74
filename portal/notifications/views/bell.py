"""The bell in the top bar: its count, asked for every minute, and the panel below it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from portal.core.http import MemberRequest
from portal.notifications.models import Notification
from portal.notifications.services import reading

SHOWN = 8
NOTHING_NEW = 204
# htmx stops asking at this status.
STOP_POLLING = 286


@never_cache
@require_GET
def count(request: MemberRequest) -> HttpResponse:
    """The count where it differs from what the page shows; who has signed out meanwhile is not asked for again."""
    if not request.user.is_authenticated:
        return HttpResponse(status=STOP_POLLING)
    unread = reading.unread_count(user=request.user, company=request.company)
    known = request.GET.get("known", "")
    if known == str(unread):
        return HttpResponse(status=NOTHING_NEW)
    grew = known.isdecimal() and unread > int(known[:9])
    return render(request, "notifications/bell.html", {"count": unread, "grew": grew})


@login_required
@never_cache
@require_GET
def panel(request: MemberRequest) -> HttpResponse:
    """The last few, in short; with a page around them where there is no htmx."""
    rows = Notification.objects.visible_to(request.user, company=request.company).select_related("company").newest()
    context = {"rows": list(rows[:SHOWN]), "show_company": request.company is None}
    template = "notifications/panel.html" if request.htmx else "notifications/panel_page.html"
    return render(request, template, context)
