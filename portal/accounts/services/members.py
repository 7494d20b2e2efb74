"""Who belongs to a company, and what each may do.

Every change locks the company first, then reads the memberships it depends on: the right of whoever acts is that of
this moment, and of two owners who demote each other one remains. With `override`, the reason for it, staff act in an
owner's place.
"""

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts import grants, roles
from portal.accounts.models import Company, Membership, User
from portal.accounts.roles import NotAllowed, demand
from portal.accounts.services import overrides
from portal.activity import services as activity
from portal.core.errors import Conflict, DomainError
from portal.notifications.services import notices

Role = Membership.Role


class LastOwner(Conflict):
    """A company always keeps at least one owner."""

    code = "last_owner"


class CompanyClosed(DomainError):
    """Staff have closed the company's access: nobody joins it."""

    code = "company_closed"
    status = HTTPStatus.GONE


class NotAMember(Conflict):
    """This person does not belong to the company any more."""

    code = "not_a_member"


def lock(company: Company) -> Company:
    """Lock the company until the transaction ends, and read it anew."""
    return Company.objects.select_for_update().get(pk=company.pk)


def check_open(company: Company) -> None:
    """Raise CompanyClosed for a company whose access is closed, or that was erased."""
    if not company.is_active:
        raise CompanyClosed(_("This company does not use the portal any more."))


def membership_of(company: Company, user: User) -> Membership | None:
    """The membership of this moment; None for strangers."""
    return Membership.objects.filter(company=company, user=user).select_related("user", "company").first()


class NotAnOwner(Conflict):
    """Only an owner hands the ownership over."""

    code = "not_an_owner"


@transaction.atomic
def add(*, company: Company, user: User, role: str, by: User | None) -> Membership:
    """Make somebody a member with the flags that the role starts with; a member already stays as it is."""
    membership, made = Membership.objects.get_or_create(
        company=company, user=user, defaults={"role": role, **roles.default_flags(role)}
    )
    if made:
        data = {"role": membership.get_role_display()}
        activity.record(verb="member.joined", actor=by, company=company, subject=user, data=data)
    return membership


@transaction.atomic
def change_role(
    *,
    company: Company,
    user: User,
    role: str,
    by: User,
    flags: Mapping[str, bool] | None = None,
    override: str | None = None,
) -> Membership:
    """Give a member another role; owners may also set the flags, everybody else takes those the role starts with.

    Raises NotAllowed (admins touch no owner, make none, and not themselves), NotAMember, LastOwner, ReasonMissing.
    """
    locked = lock(company)
    mine, theirs = _both(locked, by, user, override)
    _check_reach(mine, theirs, role)
    if theirs.role == Role.OWNER and role != Role.OWNER:
        _keep_an_owner(locked, theirs)
    before = {name: getattr(theirs, name) for name in ("role", *roles.default_flags(role))}
    wanted = _flags(mine, theirs, role, flags)
    theirs.role = role
    for name, value in wanted.items():
        setattr(theirs, name, value)
    if before == {"role": role, **wanted}:
        return theirs
    theirs.save(update_fields=["role", *wanted])
    _tell_of_role(theirs, by, override)
    return theirs


@transaction.atomic
def change(
    *,
    company: Company,
    user: User,
    role: str,
    by: User,
    flags: Mapping[str, bool] | None = None,
    chosen: Mapping[str, list[str]] | None = None,
) -> Membership:
    """Change role, flags, and what a member may use of each registered kind.

    Raises as `change_role`, and as the sources of `grants` do.
    """
    theirs = change_role(company=company, user=user, role=role, by=by, flags=flags)
    grants.give_all(theirs, chosen or {}, by=by)
    return theirs


@transaction.atomic
def remove(*, company: Company, user: User, by: User, at: datetime, override: str | None = None) -> None:
    """End somebody's membership; oneself one takes out by `leave`.

    Raises NotAllowed, NotAMember, LastOwner, ReasonMissing.
    """
    locked = lock(company)
    mine, theirs = _both(locked, by, user, override)
    _check_reach(mine, theirs, theirs.role)
    if theirs.role == Role.OWNER:
        _keep_an_owner(locked, theirs)
    key = f"membership {theirs.pk}"
    theirs.delete()
    data = overrides.told(override)
    activity.record(verb="member.removed", actor=by, company=locked, subject=user, data=data, at=at)
    notices.notify(kind="member_removed", people=[user], key=key, at=at, fields={"company": locked.name, "by": str(by)})


@transaction.atomic
def leave(*, company: Company, user: User, at: datetime) -> None:
    """End one's own membership. Raises NotAMember, LastOwner."""
    locked = lock(company)
    mine = _member(locked, user)
    if mine.role == Role.OWNER:
        _keep_an_owner(locked, mine)
    mine.delete()
    activity.record(verb="member.left", actor=user, company=locked, subject=user, at=at)


@transaction.atomic
def transfer_ownership(
    *, company: Company, to: User, by: User, of: User | None = None, override: str | None = None
) -> Membership:
    """Make another member an owner and oneself an admin, at once; by an override, the owner `of` hands over.

    Raises NotAllowed, NotAMember, NotAnOwner, ReasonMissing.
    """
    locked = lock(company)
    mine, theirs = _both(locked, by, to, override)
    demand(mine, roles.Permission.GOVERN_COMPANY)
    giver = mine if override is None or of is None else _member(locked, of)
    if giver.pk == theirs.pk:
        raise NotAllowed(_("You are an owner already."))
    if giver.role != Role.OWNER or giver.pk is None:
        raise NotAnOwner(_("Choose who hands the ownership over: an owner of the company."), field="of")
    for membership, role in ((theirs, Role.OWNER), (giver, Role.ADMIN)):
        membership.role = role
        for name, value in roles.default_flags(role).items():
            setattr(membership, name, value)
        membership.save(update_fields=["role", *roles.default_flags(role)])
    activity.record(verb="member.ownership", actor=by, company=locked, subject=to, data=overrides.told(override))
    _notify_of_role(theirs, by)
    if override is not None:
        _notify_of_role(giver, by)
    return theirs


def seen(*, membership: Membership, at: datetime) -> None:
    """Note when a member was last here; one of several requests at once does."""
    Membership.objects.filter(pk=membership.pk).exclude(last_seen_at__gte=at).update(last_seen_at=at)


def managers(company: Company, *, but: User | None = None) -> list[User]:
    """Those who manage the members of a company."""
    found = Membership.objects.filter(company=company, role__in=[Role.OWNER, Role.ADMIN]).select_related("user")
    return [membership.user for membership in found if membership.user_id != getattr(but, "pk", None)]


def check_may_hold(mine: Membership | None, role: str) -> None:
    """Raise NotAllowed unless this member may bring somebody in with the role."""
    demand(mine, roles.Permission.MANAGE_MEMBERS)
    if role == Role.OWNER and (mine is None or mine.role != Role.OWNER):
        raise NotAllowed(_("Only owners make owners."), field="role")


def _both(company: Company, by: User, user: User, override: str | None = None) -> tuple[Membership, Membership]:
    mine = membership_of(company, by) if override is None else in_place_of_owner(company, by, override)
    if mine is None:
        raise NotAllowed(_("You do not belong to this company any more."))
    return mine, mine if mine.pk and by.pk == user.pk else _member(company, user)


def in_place_of_owner(company: Company, by: User, reason: str) -> Membership:
    """What staff act by: an owner's membership that is never saved. Raises NotAllowed, ReasonMissing."""
    overrides.check(by, reason)
    return Membership(company=company, user=by, role=Role.OWNER, **roles.default_flags(Role.OWNER))


def _member(company: Company, user: User) -> Membership:
    membership = membership_of(company, user)
    if membership is None:
        raise NotAMember(_("This person does not belong to the company any more."))
    return membership


def _check_reach(mine: Membership, theirs: Membership, role: str) -> None:
    check_may_hold(mine, role)
    if theirs.role == Role.OWNER and mine.role != Role.OWNER:
        raise NotAllowed(_("Only owners change or remove owners."))
    if mine.pk == theirs.pk and mine.role != Role.OWNER:
        raise NotAllowed(_("Nobody changes their own role. Ask an owner."))


def _keep_an_owner(company: Company, leaving: Membership) -> None:
    others = Membership.objects.filter(company=company, role=Role.OWNER, user__is_active=True).exclude(pk=leaving.pk)
    if not others.exists():
        raise LastOwner(_("A company keeps at least one owner. Make somebody else an owner first."))


def _flags(mine: Membership, theirs: Membership, role: str, flags: Mapping[str, bool] | None) -> dict[str, bool]:
    if mine.role == Role.OWNER and flags is not None:
        return {name: flags.get(name, False) and roles.may_hold(role, name) for name in roles.default_flags(role)}
    if role == theirs.role:
        return {name: getattr(theirs, name) for name in roles.default_flags(role)}
    return roles.default_flags(role)


def _tell_of_role(membership: Membership, by: User, override: str | None) -> None:
    data = {"role": membership.get_role_display(), **overrides.told(override)}
    activity.record(verb="member.role", actor=by, company=membership.company, subject=membership.user, data=data)
    _notify_of_role(membership, by)


def _notify_of_role(membership: Membership, by: User) -> None:
    now = timezone.now()
    notices.notify(
        kind="role_changed",
        people=[] if membership.user_id == by.pk else [membership.user],
        key=f"membership {membership.pk} {now.isoformat()}",
        at=now,
        fields={"company": membership.company.name, "role": membership.get_role_display(), "by": str(by)},
        url="/customer/members/",
        company=membership.company,
    )
