"""A company's team."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts import downloads, roles
from portal.accounts.permissions import requires
from portal.approvals import services as approvals
from portal.core.forms import refusals_on
from portal.core.http import MemberRequest
from portal.core.posting import posted_from
from portal.teams import filters, pages
from portal.teams.forms import RemovalForm
from portal.teams.models import Assignment
from portal.teams.services import removals

PER_PAGE = 24
APPROVE = roles.Permission.APPROVE_DEVELOPERS


@require_safe
@requires(roles.Permission.VIEW_COMPANY)
def team(request: MemberRequest) -> HttpResponse:
    """Developers of the company, as a table or as cards."""
    choice, as_cards = filters.chosen(request.GET), request.GET.get("view") == "cards"
    found = filters.narrowed(Assignment.objects.for_company(request.company), choice).with_people().newest()
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        **pages.team(choice, page, as_cards=as_cards),
        "may_invite": roles.allows(request.membership, roles.Permission.MANAGE_MEMBERS),
    }
    return render(request, "teams/team.html", context)


def found_at_company(request: MemberRequest, public_id: UUID) -> Assignment:
    """The latest assignment of a developer to the company whose desk is in use. Raises Http404."""
    mine = Assignment.objects.for_company(request.company).with_people().newest()
    assignment = mine.filter(developer__public_id=public_id).first()
    if assignment is None:
        raise Http404
    return assignment


@require_safe
@requires(roles.Permission.VIEW_COMPANY)
def developer(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """One developer of the team: profile while the assignment is open, its days and what happened."""
    assignment = found_at_company(request, public_id)
    return render(request, "teams/developer.html", pages.developer(request, assignment, RemovalForm()))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(APPROVE)
def remove(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Ask for a removal, after reading what will happen."""
    assignment = found_at_company(request, public_id)
    form = RemovalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            reason = form.cleaned_data["reason"]
            removals.ask(assignment=assignment, by=request.user, at=timezone.now(), reason=reason)
            messages.success(request, "Your request is with our staff. You will hear when they decide.")
            return redirect("team-developer", public_id)
    return render(request, "teams/remove.html", pages.developer(request, assignment, form))


@posted_from("team-developer", "public_id")
@requires(APPROVE)
def keep(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Take a request for removal back that staff have not decided."""
    waiting = removals.waiting_on(found_at_company(request, public_id))
    if waiting is None:
        raise Http404
    approvals.cancel(approval=waiting, by=request.user, at=timezone.now())
    messages.success(request, "The request was taken back. Nothing changes for the developer.")
    return redirect("team-developer", public_id)


@require_safe
@requires(APPROVE)
def cv(request: MemberRequest, public_id: UUID) -> FileResponse:
    """The CV of a developer whom the company has, or decides on."""
    assignment = found_at_company(request, public_id)
    developer = assignment.developer
    if assignment.status not in Assignment.OPEN or not developer.cv:
        raise Http404
    return downloads.hand_out(
        file=developer.cv,
        name=developer.cv_name,
        content_type="application/pdf",
        by=request.user,
        subject=developer.user,
        company=request.company,
    )
