"""Asking people to join a company, by e-mail."""

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus

from allauth.account.models import EmailAddress
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts import grants as granting
from portal.accounts import roles
from portal.accounts.models import Company, Invitation, InvitationMail, Membership, User
from portal.accounts.services import members
from portal.activity import services as activity
from portal.core.errors import Conflict, DomainError
from portal.core.services import jobs
from portal.notifications.services import notices

MOST_OPEN = 100


class AlreadyAMember(Conflict):
    """This address is a member's."""

    code = "already_a_member"


class AlreadyInvited(Conflict):
    """An invitation to this address is open."""

    code = "already_invited"


class TooManyInvitations(DomainError):
    """A company has no more than 100 open invitations."""

    code = "too_many_invitations"


class InvitationClosed(Conflict):
    """It was accepted or revoked."""

    code = "invitation_closed"


class InvitationExpired(DomainError):
    """Its seven days are over."""

    code = "invitation_expired"
    status = HTTPStatus.GONE


class AnotherAddress(DomainError):
    """It is for somebody else."""

    code = "another_address"
    status = HTTPStatus.FORBIDDEN


@transaction.atomic
def invite(
    *,
    company: Company,
    email: str,
    role: str,
    by: User,
    at: datetime,
    flags: Mapping[str, bool] | None = None,
    grants: Mapping[str, list[str]] | None = None,
) -> Invitation:
    """Invite whoever has this address; an invitation of theirs that has expired is replaced.

    Raises NotAllowed (admins invite no owners), CompanyClosed, AlreadyAMember, AlreadyInvited, TooManyInvitations.
    """
    locked = members.lock(company)
    members.check_open(locked)
    mine = members.membership_of(locked, by)
    members.check_may_hold(mine, role)
    address = email.strip().lower()
    _check_new(locked, address, at)
    invitation = Invitation(
        company=locked,
        email=address,
        role=role,
        invited_by=by,
        created_at=at,
        grants=dict(grants or {}),
        **_flags(mine, role, flags),
    )
    invitation.renew(at=at)
    invitation.save(force_insert=True)
    _send(invitation, at)
    data = {"role": invitation.get_role_display()}
    activity.record(verb="invitation.sent", actor=by, company=locked, subject=invitation, data=data, at=at)
    return invitation


@transaction.atomic
def resend(*, invitation: Invitation, by: User, at: datetime) -> Invitation:
    """Send another link, good for seven days; the old one is dead.

    Raises NotAllowed, InvitationClosed, CompanyClosed.
    """
    locked = _locked(invitation)
    members.check_open(locked.company)
    members.check_may_hold(members.membership_of(locked.company, by), locked.role)
    _check_open(locked)
    locked.renew(at=at)
    locked.save(update_fields=["nonce", "token_digest", "sent_at", "expires_at"])
    _send(locked, at)
    activity.record(verb="invitation.resent", actor=by, company=locked.company, subject=locked, at=at)
    return locked


@transaction.atomic
def revoke(*, invitation: Invitation, by: User, at: datetime) -> Invitation:
    """Take an invitation back. Raises NotAllowed, InvitationClosed."""
    locked = _locked(invitation)
    members.check_may_hold(members.membership_of(locked.company, by), locked.role)
    _check_open(locked)
    locked.revoke(at=at)
    locked.save(update_fields=["status", "closed_at"])
    activity.record(verb="invitation.revoked", actor=by, company=locked.company, subject=locked, at=at)
    return locked


@transaction.atomic
def accept(*, invitation: Invitation, user: User, at: datetime) -> Membership:
    """Join by an invitation, once. Whoever has its link has the address: it counts as confirmed from now on.

    Raises AnotherAddress, InvitationClosed, InvitationExpired, CompanyClosed, AlreadyAMember.
    """
    locked = _locked(invitation)
    check_acceptable(locked, user, at)
    if members.membership_of(locked.company, user):
        raise AlreadyAMember(_("You belong to this company already."))
    locked.accept(by=user, at=at)
    locked.save(update_fields=["status", "accepted_by", "closed_at"])
    membership = members.add(company=locked.company, user=user, role=locked.role, by=user)
    flags = {name: getattr(locked, name) for name in roles.default_flags(locked.role)}
    for name, value in flags.items():
        setattr(membership, name, value)
    membership.save(update_fields=list(flags))
    # Whoever joins does so without what has run out meanwhile.
    granting.give_all(membership, locked.grants, by=locked.invited_by or user, as_far_as_there_is=True)
    EmailAddress.objects.filter(user=user, email__iexact=locked.email).update(verified=True)
    _tell_managers(locked, user, at)
    return membership


def check_acceptable(invitation: Invitation, user: User | None, at: datetime) -> None:
    """Raise what keeps this person from joining by the invitation; `user` is None for somebody not signed in."""
    _check_open(invitation)
    members.check_open(invitation.company)
    if invitation.has_expired(at):
        raise InvitationExpired(_("This invitation has expired. Ask for a new one."))
    if user is not None and not is_for(invitation, user):
        raise AnotherAddress(_("This invitation is for another e-mail address than yours."))


def is_for(invitation: Invitation, user: User) -> bool:
    """Whether the address of the invitation is one of the person's."""
    if user.email.lower() == invitation.email:
        return True
    confirmed = EmailAddress.objects.filter(user=user, email__iexact=invitation.email, verified=True)
    return bool(confirmed.exists())


def _check_new(company: Company, email: str, at: datetime) -> None:
    if Membership.objects.filter(company=company, user__email__iexact=email).exists():
        raise AlreadyAMember(_("This person belongs to the company already."), field="email")
    open_ones = Invitation.objects.for_company(company).pending()
    if open_ones.count() >= MOST_OPEN:
        raise TooManyInvitations(_("Too many invitations are open. Revoke some first."))
    earlier = open_ones.filter(email=email).first()
    if earlier and not earlier.has_expired(at):
        raise AlreadyInvited(_("This address is invited already. Send that invitation again."), field="email")
    if earlier:
        earlier.revoke(at=at)
        earlier.save(update_fields=["status", "closed_at"])


def _flags(mine: Membership | None, role: str, flags: Mapping[str, bool] | None) -> dict[str, bool]:
    if mine and mine.role == Membership.Role.OWNER and flags is not None:
        return {name: flags.get(name, False) and roles.may_hold(role, name) for name in roles.default_flags(role)}
    return roles.default_flags(role)


def _locked(invitation: Invitation) -> Invitation:
    members.lock(invitation.company)
    return (
        Invitation.objects.select_for_update(of=("self",)).select_related("company", "invited_by").get(pk=invitation.pk)
    )


def _check_open(invitation: Invitation) -> None:
    if invitation.status != Invitation.Status.PENDING:
        if invitation.status == Invitation.Status.REVOKED:
            raise InvitationClosed(_("This invitation was taken back."))
        raise InvitationClosed(_("This invitation was accepted already."))


def _send(invitation: Invitation, at: datetime) -> None:
    jobs.enqueue(job=InvitationMail(invitation=invitation, nonce=invitation.nonce, available_at=at), at=at)
    _show_in_bell(invitation, at)


def _show_in_bell(invitation: Invitation, at: datetime) -> None:
    """Tell whoever has proved to have the address; the page asks for that proof, so the link holds no token."""
    proved = EmailAddress.objects.filter(email__iexact=invitation.email, verified=True).select_related("user").first()
    if proved:
        notices.notify(
            kind="invitation_received",
            people=[proved.user],
            key=f"invitation {invitation.public_id} {invitation.sent_at.isoformat()}",
            at=at,
            fields={
                "company": invitation.company.name,
                "inviter": str(invitation.invited_by or invitation.company),
                "role": invitation.get_role_display(),
            },
            url=reverse("own-invitation", args=[invitation.public_id]),
        )


def _tell_managers(invitation: Invitation, user: User, at: datetime) -> None:
    notices.notify(
        kind="member_joined",
        people=members.managers(invitation.company, but=user),
        key=f"invitation {invitation.public_id}",
        at=at,
        fields={"name": str(user), "company": invitation.company.name, "role": invitation.get_role_display()},
        url="/customer/members/",
        company=invitation.company,
    )
