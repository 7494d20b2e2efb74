"""Members of a company."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.accounts import roles
from portal.accounts.forms.members import RIGHTS, InviteForm, MemberForm
from portal.accounts.models import Invitation, Membership
from portal.accounts.permissions import requires
from portal.accounts.roles import Permission
from portal.accounts.services import invitations, members
from portal.core.forms import refusals_on
from portal.core.http import MemberRequest
from portal.core.posting import posted_from

Role = Membership.Role


@requires(Permission.VIEW_COMPANY)
@require_safe
def index(request: MemberRequest) -> HttpResponse:
    """Who belongs to the company; who was invited, for those who manage members."""
    may_manage = roles.allows(request.membership, Permission.MANAGE_MEMBERS)
    rows = [row(request, membership) for membership in request.company.memberships.with_people()]
    open_ones = Invitation.objects.for_company(request.company).pending().select_related("invited_by")
    context = {
        "rows": rows,
        "may_manage": may_manage,
        "invitations": [invited(request, one) for one in open_ones.order_by("-sent_at")] if may_manage else [],
    }
    return render(request, "accounts/members.html", context)


@requires(Permission.MANAGE_MEMBERS)
def invite(request: MemberRequest) -> HttpResponse:
    """Invite somebody by e-mail."""
    form = InviteForm(request.POST or None, by=request.membership, company=request.company)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            given = form.invitation_values()
            invitations.invite(company=request.company, by=request.user, at=timezone.now(), **given)
            messages.success(request, _("The invitation is on its way to %s.") % given["email"])
            return redirect("members")
    return render(request, "accounts/invite.html", {"form": form, "crumbs": crumbs(request)})


@requires(Permission.MANAGE_MEMBERS)
@posted_from("members")
def resend(request: MemberRequest, invitation_id: UUID) -> HttpResponse:
    """Send an invitation again, with a new link."""
    invitations.resend(invitation=invitation_of(request, invitation_id), by=request.user, at=timezone.now())
    messages.success(request, _("The invitation was sent again. The link before does not work any more."))
    return redirect("members")


@requires(Permission.MANAGE_MEMBERS)
@posted_from("members")
def revoke(request: MemberRequest, invitation_id: UUID) -> HttpResponse:
    """Take an invitation back."""
    invitations.revoke(invitation=invitation_of(request, invitation_id), by=request.user, at=timezone.now())
    messages.success(request, _("The invitation is taken back."))
    return redirect("members")


@requires(Permission.MANAGE_MEMBERS)
def member(request: MemberRequest, person_id: UUID) -> HttpResponse:
    """One member: role, flags, what was granted."""
    theirs = membership_of(request, person_id)
    form = MemberForm(request.POST or None, by=request.membership, company=request.company, of=theirs)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            members.change(company=request.company, user=theirs.user, by=request.user, **form.values())
            messages.success(request, _("Saved what %s may do.") % theirs.user)
            return redirect("members")
    context = {"form": form, "member": theirs, **reach(request, theirs), "crumbs": crumbs(request)}
    return render(request, "accounts/member.html", context)


@requires(Permission.MANAGE_MEMBERS)
def remove(request: MemberRequest, person_id: UUID) -> HttpResponse:
    """Ask, then remove a member."""
    theirs = membership_of(request, person_id)
    if request.method == "POST":
        members.remove(company=request.company, user=theirs.user, by=request.user, at=timezone.now())
        messages.success(request, _("%s does not belong to the company any more.") % theirs.user)
        return redirect("members")
    return confirm(
        request,
        title=_("Remove %s?") % theirs.user,
        text=_("%(name)s loses access to everything of %(company)s at once. You can invite them again.")
        % {"name": theirs.user, "company": request.company},
        label=_("Remove member"),
    )


@requires(Permission.GOVERN_COMPANY)
def transfer(request: MemberRequest, person_id: UUID) -> HttpResponse:
    """Ask, then hand the ownership to another member."""
    theirs = membership_of(request, person_id)
    if request.method == "POST":
        members.transfer_ownership(company=request.company, to=theirs.user, by=request.user)
        messages.success(request, _("%s owns the company now; you are an admin.") % theirs.user)
        return redirect("members")
    return confirm(
        request,
        title=_("Hand the ownership to %s?") % theirs.user,
        text=_("%(name)s becomes an owner of %(company)s and you become an admin. Only an owner can undo this.")
        % {"name": theirs.user, "company": request.company},
        label=_("Hand over ownership"),
    )


@requires(Permission.VIEW_COMPANY)
def leave(request: MemberRequest) -> HttpResponse:
    """Ask, then leave the company."""
    if request.method == "POST":
        members.leave(company=request.company, user=request.user, at=timezone.now())
        messages.success(request, _("You have left %s.") % request.company)
        return redirect("dashboard")
    return confirm(
        request,
        title=_("Leave %s?") % request.company,
        text=_("You lose access to everything of the company at once. Somebody there can invite you again."),
        label=_("Leave the company"),
    )


def confirm(request: MemberRequest, *, title: str, text: str, label: str) -> HttpResponse:
    """Say what will happen before it does."""
    context = {"title": title, "text": text, "label": label, "crumbs": crumbs(request)}
    return render(request, "accounts/confirm.html", context)


def membership_of(request: MemberRequest, person_id: UUID) -> Membership:
    """A member of the company in use; anybody else does not exist."""
    return get_object_or_404(request.company.memberships.select_related("user"), user__public_id=person_id)


def invitation_of(request: MemberRequest, invitation_id: UUID) -> Invitation:
    """An invitation of the company in use."""
    return get_object_or_404(Invitation.objects.for_company(request.company), public_id=invitation_id)


def reach(request: MemberRequest, theirs: Membership) -> dict[str, bool]:
    """What the viewer may do with this member: admins leave owners and themselves alone."""
    mine = request.membership
    is_below = theirs.role != Role.OWNER and theirs.user_id != mine.user_id
    may_manage = roles.allows(mine, Permission.MANAGE_MEMBERS)
    return {
        "may_change": mine.role == Role.OWNER or (may_manage and is_below),
        "may_transfer": roles.allows(mine, Permission.GOVERN_COMPANY) and theirs.user_id != mine.user_id,
    }


def row(request: MemberRequest, membership: Membership) -> dict[str, Any]:
    """One line of the list."""
    return {
        "membership": membership,
        "is_self": membership.user_id == request.user.pk,
        "rights": [words for flag, words in RIGHTS.items() if holds(membership, flag)],
        **reach(request, membership),
    }


def holds(membership: Membership, flag: str) -> bool:
    """Whether the flag is on and means something for the role."""
    return getattr(membership, flag) and roles.may_hold(membership.role, flag)


def invited(request: MemberRequest, invitation: Invitation) -> dict[str, Any]:
    """One line of the list of invitations."""
    may_change = request.membership.role == Role.OWNER or invitation.role != Role.OWNER
    return {
        "invitation": invitation,
        "has_expired": invitation.has_expired(timezone.now()),
        "may_change": may_change,
    }


def crumbs(request: MemberRequest) -> list[dict[str, str]]:
    """The way to a page below the list."""
    return [{"label": _("Members"), "url": "/customer/members/"}]
