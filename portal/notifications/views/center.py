"""The notifications center: all that one was told, read and unread."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from portal.core.addresses import is_path
from portal.core.http import MemberRequest
from portal.core.posting import posted_from
from portal.notifications.forms import CenterFilter
from portal.notifications.models import Notification
from portal.notifications.registry import arrivals
from portal.notifications.services import reading

PAGE_SIZE = 25


@login_required
@require_GET
def center(request: MemberRequest) -> HttpResponse:
    """The list, narrowed by what the address says; pages follow one another by the last row shown."""
    filters = CenterFilter(request.GET, request=request)
    rows, older = page_of(filters, request.GET)
    kept = filters.chosen()
    context = {
        "rows": rows,
        "filters": filters,
        "is_filtered": bool(kept),
        "is_first": "before" not in request.GET,
        "older_url": "?" + urlencode(kept | {"before": str(older)}) if older else "",
        "first_url": "?" + urlencode(kept),
        "show_company": request.company is None,
    }
    return render(request, "notifications/center.html", context)


def page_of(filters: CenterFilter, params: Mapping[str, Any]) -> tuple[list[Notification], UUID | None]:
    """One page of what the filters let through, and the row after which the next begins."""
    found = filters.apply().select_related("company").newest()
    after = filters.anchor(params.get("before", ""))
    if after:
        found = found.older_than(after)
    rows = list(found[: PAGE_SIZE + 1])
    return rows[:PAGE_SIZE], rows[PAGE_SIZE - 1].public_id if len(rows) > PAGE_SIZE else None


@login_required
@require_GET
def open_one(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Mark one as read and lead to the thing itself, at the desk of its company."""
    mine = Notification.objects.filter(recipient=request.user)
    notification = get_object_or_404(mine.select_related("company"), public_id=public_id)
    company = notification.company if notification.is_for_member else None
    if company:
        for arrive in arrivals.all():
            arrive(request, company)
    reading.mark_read(
        notifications=mine.filter(pk=notification.pk), user=request.user, company=company, at=timezone.now()
    )
    return redirect(reading.target(notification) or reverse("notifications"))


@login_required
@posted_from("notifications")
def read_one(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Mark one as read; htmx gets the row anew."""
    visible = Notification.objects.visible_to(request.user, company=request.company).filter(public_id=public_id)
    get_object_or_404(visible)
    reading.mark_read(notifications=visible, user=request.user, company=request.company, at=timezone.now())
    if request.htmx:
        context = {"row": visible.select_related("company").get(), "show_company": request.company is None}
        return render(request, "notifications/row_marked.html", context)
    return redirect(_back(request))


@login_required
@posted_from("notifications")
def read_all(request: MemberRequest) -> HttpResponse:
    """Mark all of this desk as read."""
    visible = Notification.objects.visible_to(request.user, company=request.company)
    count = reading.mark_read(notifications=visible, user=request.user, company=request.company, at=timezone.now())
    if count:
        said = ngettext("%(count)d notification marked as read.", "%(count)d notifications marked as read.", count)
        messages.success(request, said % {"count": count})
    else:
        messages.info(request, _("There was nothing unread."))
    return redirect(_back(request))


def _back(request: MemberRequest) -> str:
    """Where the person came from, if it is a page of ours."""
    came_from = request.POST.get("next", "")
    return came_from if is_path(came_from) else reverse("notifications")
