"""The developer's desk: profile, application, and the companies one is assigned to."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts import downloads
from portal.accounts.desks import Kind
from portal.accounts.models import Membership
from portal.core.forms import refusals_on
from portal.core.http import MemberRequest
from portal.teams import onboarding, rows
from portal.teams.desk import at_desk
from portal.teams.forms import ProfileForm
from portal.teams.models import Assignment, Developer
from portal.teams.services import community


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def profile(request: MemberRequest) -> HttpResponse:
    """What one says of oneself as a developer; saving may apply for the community as well."""
    developer = Developer.objects.with_person().filter(user=request.user).first()
    form = ProfileForm(request.POST or None, request.FILES or None, instance=developer)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            developer = community.save_profile(user=request.user, profile=form.profile(), cv=form.new_cv())
            return applied(request, developer) if "apply" in request.POST else saved(request)
    application = community.application_of(developer) if developer else None
    context = {"form": form, "developer": developer, "application": application}
    return render(request, "teams/profile.html", context)


def saved(request: MemberRequest) -> HttpResponse:
    """Show the profile again, with word that it is kept."""
    messages.success(request, "Your profile is saved.")
    return redirect("developer-profile")


def applied(request: MemberRequest, developer: Developer) -> HttpResponse:
    """Apply with what was saved. Raises as community.apply does; the profile is kept even so."""
    community.apply(developer=developer, at=timezone.now())
    messages.success(request, "Your application is with our staff. You will hear when they decide.")
    return redirect("developer-profile")


@require_safe
@login_required
def cv(request: MemberRequest) -> FileResponse:
    """One's own CV."""
    developer = get_object_or_404(Developer.objects.with_person().exclude(cv=""), user=request.user)
    return downloads.hand_out(
        file=developer.cv,
        name=developer.cv_name,
        content_type="application/pdf",
        by=request.user,
        subject=developer.user,
        company=None,
    )


@require_safe
@at_desk(Kind.DEVELOPER)
def company(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """A company as its developers see it: gone on the day on which the assignment ends."""
    today = timezone.localdate()
    mine = Assignment.objects.visible_to(request.user).giving_access(today=today).with_people()
    assignment = get_object_or_404(mine, public_id=public_id)
    team = Assignment.objects.for_company(assignment.company).giving_access(today=today).with_people()
    context = {
        "assignment": assignment,
        "progress": onboarding.progress_of([assignment])[assignment.pk],
        "notice": rows.notice_progress(assignment, today=today) if assignment.ends_on else None,
        "team": [str(colleague.developer) for colleague in team if colleague.pk != assignment.pk],
        "owners": [member.user for member in owners(assignment)],
    }
    return render(request, "teams/company.html", context)


def owners(assignment: Assignment) -> list[Membership]:
    """Whom the developer turns to in the company."""
    members = assignment.company.memberships.filter(role=Membership.Role.OWNER, user__is_active=True)
    return list(members.select_related("user").order_by("created_at"))
