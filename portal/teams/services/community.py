"""Developers present themselves, apply for the community and are taken in: `community.apply(…)`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.accounts.services import staff
from portal.activity import services as activity
from portal.approvals import addresses
from portal.approvals import services as approvals
from portal.approvals.models import Approval
from portal.core import files
from portal.core.errors import Conflict, DomainError
from portal.notifications.services import notices
from portal.teams.models import Assignment, Developer
from portal.teams.services import assignments, concerned

if TYPE_CHECKING:
    from django.core.files import File

KIND = "community_membership"
PERMISSION = "teams.approve_developer"
PROFILE_URL = "/developer/profile/"


class AlreadyMember(Conflict):
    """The community has the developer already."""

    code = "already_member"


class NotApplied(Conflict):
    """There is no application that waits."""

    code = "not_applied"


class ProfileIncomplete(DomainError):
    """Staff could not decide on such a profile."""

    code = "profile_incomplete"


class StillAssigned(Conflict):
    """A company's team still counts on the developer."""

    code = "still_assigned"


@dataclass(frozen=True, slots=True)
class Profile:
    """What a developer says of themselves."""

    headline: str
    skills: Sequence[str]
    links: Sequence[str]
    github_name: str
    availability: str


@transaction.atomic
def save_profile(*, user: User, profile: Profile, cv: "File[bytes] | Literal[False] | None" = None) -> Developer:
    """Keep what somebody says of themselves as a developer; the first time it makes them one, pending.

    `cv` is a checked file that takes the place of the one before; False removes it, None leaves it.
    """
    developer, _made = Developer.objects.select_for_update().get_or_create(user=user)
    developer.headline, developer.github_name = profile.headline, profile.github_name
    developer.skills, developer.links = list(profile.skills), list(profile.links)
    developer.availability = profile.availability
    if cv is not None:
        files.delete_on_commit(developer.cv)
        developer.cv = cv or ""
    developer.save(update_fields=["headline", "github_name", "skills", "links", "availability", "cv"])
    return developer


def apply(*, developer: Developer, at: datetime) -> Approval:
    """Ask to be taken into the community.

    Raises ProfileIncomplete without a headline and skills, AlreadyMember, approvals.AlreadyAsked.
    """
    if not (developer.headline and developer.skills):
        raise ProfileIncomplete(_("Add a headline and at least one skill: staff decide by them."), field="headline")
    return approvals.ask(kind=KIND, subject=developer, by=developer.user, at=at, concerns=developer.user)


def application_of(developer: Developer) -> Approval | None:
    """The developer's latest application, if there is one."""
    return Approval.objects.about(developer).filter(kind=KIND).order_by("-asked_at", "-pk").first()


def approve(*, developer: Developer, by: User, at: datetime, comment: str = "") -> Approval:
    """Decide for a developer's application. Raises NotApplied, and as approvals.approve does."""
    application = application_of(developer)
    if application is None:
        raise NotApplied(_("%(name)s has not applied for the community yet.") % {"name": developer})
    return approvals.approve(approval=application, by=by, at=at, comment=comment)


@transaction.atomic
def exclude(*, developer: Developer, by: User, at: datetime, reason: str) -> Developer:
    """Take an approved developer out of the community, and back what companies have not decided yet.

    Raises approvals.ReasonMissing, StillAssigned while a team counts on the developer, and InvalidTransition.
    """
    if not reason.strip():
        raise approvals.ReasonMissing(_("Say why: the developer will read it."), field="reason")
    for proposed in developer.assignments.filter(status=Assignment.Status.PROPOSED).order_by("pk"):
        assignments.withdraw(assignment=proposed, by=by, at=at)
    locked = _locked(developer.pk)
    if locked.assignments.filter(status__in=Assignment.IN_TEAM).exists():
        raise StillAssigned(_("The developer is in a company's team. End that assignment first."))
    locked.exclude()
    locked.save(update_fields=["status"])
    activity.record(verb="community.excluded", actor=by, subject=locked.user, at=at)
    notices.notify(
        kind="community_exclusion",
        people=[locked.user],
        key=f"developer {locked.pk} {at.isoformat()}",
        at=at,
        fields={"reason": reason.strip()},
        url=PROFILE_URL,
    )
    return locked


def on_ask(approval: Approval, at: datetime) -> None:
    """Open the file of a rejected developer again, and tell staff. Raises AlreadyMember."""
    developer = _locked_subject(approval)
    if developer.is_approved:
        raise AlreadyMember(_("You are a member of the community already."))
    if developer.status == Developer.Status.REJECTED:
        developer.apply_again()
        developer.save(update_fields=["status"])
    notices.notify(
        kind="community_application",
        people=staff.who_may(PERMISSION),
        key=f"approval {approval.pk}",
        at=at,
        fields={"developer": str(developer)},
        url=addresses.staff_page(approval),
    )


def on_approve(approval: Approval, at: datetime) -> None:
    """Take the developer in. Raises InvalidTransition when somebody has decided otherwise meanwhile."""
    developer = _locked_subject(approval)
    developer.approve()
    _decided(developer, approval, at, kinds=("community_approval", "community_joined"))


def on_reject(approval: Approval, at: datetime) -> None:
    """Decline, telling why. Raises InvalidTransition when somebody has decided otherwise meanwhile."""
    developer = _locked_subject(approval)
    developer.reject()
    _decided(developer, approval, at, kinds=("community_rejection", "community_declined"))


def _decided(developer: Developer, approval: Approval, at: datetime, *, kinds: tuple[str, str]) -> None:
    developer.save(update_fields=["status"])
    concerned.tell_of_decision(
        developer,
        kinds=kinds,
        others=concerned.agency_admins(developer),
        key=f"approval {approval.pk}",
        at=at,
        fields={"developer": str(developer), "comment": approval.comment},
        url=PROFILE_URL,
    )


def _locked_subject(approval: Approval) -> Developer:
    return _locked(approval.object_id)


def _locked(pk: int) -> Developer:
    return Developer.objects.select_for_update(of=("self",)).with_person().get(pk=pk)
