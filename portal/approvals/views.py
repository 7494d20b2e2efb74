"""Approvals at a company's desk."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.activity.feeds import Entry, entries
from portal.activity.models import ActivityEvent
from portal.approvals import rows, services
from portal.approvals.forms import DecisionForm
from portal.approvals.models import Approval, kinds_of_member
from portal.core.forms import refusals_on
from portal.core.http import MemberRequest
from portal.core.paging import LongPaginator
from portal.core.posting import posted_from

PER_PAGE = 20
MOST_EVENTS = 10
View = Callable[..., HttpResponse]


def at_company_desk(view: View) -> View:
    """For members of a company at its desk; to everybody else the address does not exist."""

    @wraps(view)
    def checked(request: MemberRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.company is None:
            raise Http404
        return view(request, *args, **kwargs)

    return checked


@require_safe
@login_required
@at_company_desk
def approval_list(request: MemberRequest) -> HttpResponse:
    """What waits, one's own decisions and the oldest first; or what was decided, the newest first."""
    decided, text = request.GET.get("state") == "decided", request.GET.get("q", "")[:100]
    found = Approval.objects.visible_to(request.user, company=request.company).with_people().search(text)
    mine = kinds_of_member(request.membership)
    rows_in_order = found.newest_decided() if decided else found.pending().oldest_of_kinds_first(mine)
    shown = LongPaginator(rows_in_order, PER_PAGE).get_page(request.GET.get("page"))
    table = rows.decided_table(shown) if decided else rows.pending_table(shown, mine=mine)
    empty = rows.nothing(decided=decided, searched=bool(text))
    asked = {"state": "decided", "q": text} if decided else {"q": text}
    context = {"table": table, "empty": empty, "page": shown, "pages_url": f"?{urlencode(asked)}&"}
    return render(
        request, "approvals/list.html", {**context, "decided": decided, "text": text, "may_decide": bool(mine)}
    )


@require_safe
@login_required
@at_company_desk
def approval_detail(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """One approval with its facts and its history."""
    return shown(request, found_at_desk(request, public_id), DecisionForm())


@posted_from("team-approval", "public_id")
@login_required
@at_company_desk
def decide(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Approve or reject; what speaks against it shows on the approval."""
    approval, form = found_at_desk(request, public_id), DecisionForm(request.POST)
    if not services.may_decide(approval=approval, by=request.user):
        raise services.MayNotDecide(_("You may not decide this."))
    if form.is_valid():
        with refusals_on(form):
            decided = services.decide(approval=approval, by=request.user, at=timezone.now(), **form.answer)
            messages.success(request, said(decided))
            return redirect("team-approvals")
    return shown(request, found_at_desk(request, public_id), form)


def found_at_desk(request: MemberRequest, public_id: UUID) -> Approval:
    """The approval, if it exists for this person at this desk. Raises Http404."""
    found = Approval.objects.visible_to(request.user, company=request.company).with_people()
    return get_object_or_404(found, public_id=public_id)


def shown(request: MemberRequest, approval: Approval, form: DecisionForm) -> HttpResponse:
    """The page of an approval."""
    may_decide = services.may_decide(approval=approval, by=request.user)
    context = {"approval": approval, "form": form, "may_decide": may_decide, "events": history(request, approval)}
    return render(request, "approvals/detail.html", context)


def said(approval: Approval) -> str:
    """What the decider reads afterwards."""
    outcome = _("You approved “%(subject)s”.") if approval.status == "approved" else _("You rejected “%(subject)s”.")
    return outcome % {"subject": approval.subject_label}


def history(request: MemberRequest, approval: Approval) -> list[Entry]:
    """What happened to the subject at this company, as far as the member may read it."""
    events = ActivityEvent.objects.visible_to(request.user, company=request.company, membership=request.membership)
    about = approval.concerns or approval.subject
    return entries(events.about(about), limit=MOST_EVENTS) if about else []
