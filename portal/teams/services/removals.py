"""Developers leave teams: a request, thirty days' notice, and what staff may change about it."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.accounts.services import staff
from portal.activity import services as activity
from portal.approvals import addresses
from portal.approvals import services as approvals
from portal.approvals.models import Approval
from portal.core.errors import Conflict, DomainError, InvalidTransition
from portal.notifications.services import notices
from portal.teams.models import Assignment
from portal.teams.services import concerned, ending
from portal.teams.services.assignments import locked

KIND = "removal"
PERMISSION = "teams.decide_removal"


class NotInTeam(Conflict):
    """Only a developer who is active in the team can be removed."""

    code = "not_in_team"


class NotShorter(DomainError):
    """A notice ends on a day from today on, and earlier than before."""

    code = "not_shorter"


@transaction.atomic
def ask(*, assignment: Assignment, by: User, at: datetime, reason: str) -> Approval:
    """Ask staff to remove a developer from a team.

    Raises approvals.ReasonMissing, NotInTeam, approvals.AlreadyAsked.
    """
    reason = _stated(reason)
    approval = approvals.ask(
        kind=KIND,
        subject=assignment,
        by=by,
        at=at,
        company=assignment.company,
        label=str(assignment.developer),
    )
    Assignment.objects.filter(pk=assignment.pk).update(removal_reason=reason)
    return approval


def waiting_on(assignment: Assignment) -> Approval | None:
    """The request for removal that waits for staff, if there is one."""
    return Approval.objects.about(assignment).pending().filter(kind=KIND).select_related("asked_by").first()


@transaction.atomic
def withdraw_notice(*, assignment: Assignment, by: User, at: datetime, reason: str) -> Assignment:
    """Keep a developer under notice in the team.

    Raises approvals.ReasonMissing, InvalidTransition once the notice has run out.
    """
    reason = _stated(reason)
    kept = locked(assignment.pk)
    if not kept.gives_access(today=timezone.localdate(at)) and kept.status == Assignment.Status.NOTICE:
        raise InvalidTransition(_("The notice has run out: propose the developer again."))
    kept.withdraw_notice()
    kept.notice_reason = reason
    kept.save(update_fields=["status", "ends_on", "notice_reason"])
    _tell_change(kept, by, at, kind="notice_withdrawn", verb="team.notice_withdrawn")
    return kept


@transaction.atomic
def shorten_notice(*, assignment: Assignment, by: User, at: datetime, ends_on: date, reason: str) -> Assignment:
    """Let a notice end earlier; today ends it at once.

    Raises approvals.ReasonMissing, NotInTeam if there is no notice, NotShorter.
    """
    reason = _stated(reason)
    shortened = locked(assignment.pk)
    today = timezone.localdate(at)
    if shortened.status != Assignment.Status.NOTICE or shortened.ends_on is None:
        raise NotInTeam(_("This developer is not under notice."))
    if not today <= ends_on < shortened.ends_on:
        words = {"today": date_format(today), "end": date_format(shortened.ends_on)}
        raise NotShorter(_("Choose a day from %(today)s on that is before %(end)s.") % words, field="ends_on")
    shortened.ends_on, shortened.notice_reason = ends_on, reason
    shortened.save(update_fields=["ends_on", "notice_reason"])
    _tell_change(shortened, by, at, kind="notice_shortened", verb="team.notice_shortened")
    if ends_on == today:
        ending.end(assignment=shortened, at=at)
    return shortened


def on_ask(approval: Approval, at: datetime) -> None:
    """Tell staff who decide. Raises NotInTeam."""
    assignment = locked(approval.object_id)
    if assignment.status != Assignment.Status.ACTIVE:
        raise NotInTeam(_("Only a developer who is active in the team, and not under notice, can be removed."))
    person = assignment.developer.user
    activity.record(
        verb="team.removal_asked", actor=approval.asked_by, company=assignment.company, subject=person, at=at
    )
    notices.notify(
        kind="removal_request",
        people=staff.who_may(PERMISSION),
        key=f"approval {approval.pk}",
        at=at,
        fields=concerned.words_of(assignment),
        url=addresses.staff_page(approval),
    )


def on_approve(approval: Approval, at: datetime) -> None:
    """Start thirty days' notice on the day of the decision. Raises InvalidTransition."""
    assignment = locked(approval.object_id)
    assignment.give_notice(today=timezone.localdate(at))
    assignment.save(update_fields=["status", "ends_on"])
    person, company = assignment.developer.user, assignment.company
    data = {"last_day": concerned.words_of(assignment)["date"]}
    activity.record(
        verb="team.notice_started", actor=approval.decided_by, company=company, subject=person, data=data, at=at
    )
    concerned.tell_both_sides(assignment, kind="notice_started", key=f"approval {approval.pk}", at=at)


def on_reject(approval: Approval, at: datetime) -> None:
    """Tell the company why the developer stays."""
    assignment = locked(approval.object_id)
    person, company = assignment.developer.user, assignment.company
    activity.record(verb="team.removal_rejected", actor=approval.decided_by, company=company, subject=person, at=at)
    notices.notify(
        kind="removal_rejection",
        people={*concerned.approvers(assignment.company), *([approval.asked_by] if approval.asked_by else [])},
        key=f"approval {approval.pk}",
        at=at,
        fields=concerned.words_of(assignment) | {"comment": approval.comment},
        url=f"/customer/team/{assignment.developer.public_id}/",
        company=assignment.company,
    )


def _stated(reason: str) -> str:
    if not reason.strip():
        raise approvals.ReasonMissing(_("Say why: it is kept with the request."), field="reason")
    return reason.strip()


def _tell_change(assignment: Assignment, by: User, at: datetime, *, kind: str, verb: str) -> None:
    person = assignment.developer.user
    data = {"last_day": concerned.words_of(assignment)["date"]} if assignment.ends_on else {}
    activity.record(verb=verb, actor=by, company=assignment.company, subject=person, data=data, at=at)
    concerned.tell_both_sides(assignment, kind=kind, key=f"assignment {assignment.pk} {at.isoformat()}", at=at)
