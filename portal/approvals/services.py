"""Asking for decisions and making them: `from portal.approvals import services as approvals`."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Literal

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, models, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from portal.activity import services as activity
from portal.approvals.models import Approval
from portal.approvals.registry import kinds
from portal.core.errors import Conflict, DomainError

if TYPE_CHECKING:
    from portal.accounts.models import Company, User

Decision = Literal["approve", "reject"]
LONGEST_LABEL = 200
ONE_PENDING = "approvals_approval_one_pending"


class AlreadyAsked(Conflict):
    """The same decision about the same subject waits already."""

    code = "already_asked"


class AlreadyDecided(Conflict):
    """Somebody was quicker."""

    code = "already_decided"


class MayNotDecide(DomainError):
    """This person is not entitled to the decision."""

    code = "may_not_decide"
    status = HTTPStatus.FORBIDDEN


class SubjectGone(Conflict):
    """What was to be decided about exists no more."""

    code = "subject_gone"


class ReasonMissing(DomainError):
    """A rejection, or a decision in place of the company, says why."""

    code = "reason_missing"


@transaction.atomic
def ask(
    *,
    kind: str,
    subject: models.Model,
    by: "User | None",
    at: datetime,
    company: "Company | None" = None,
    concerns: "User | None" = None,
    label: str = "",
) -> Approval:
    """Ask for a decision about `subject`, named `label` or as it names itself.

    `concerns` is the person whom it is about, where there is one. Raises AlreadyAsked, NotRegistered for an unknown
    kind, and what the kind's `on_ask` refuses with.
    """
    rules = kinds.get(kind)
    approval = Approval(
        kind=kind,
        content_type=ContentType.objects.get_for_model(subject),
        object_id=subject.pk,
        subject_label=(label or str(subject))[:LONGEST_LABEL],
        company=company,
        concerns=concerns,
        asked_by=by,
        asked_at=at,
    )
    try:
        with transaction.atomic():
            approval.save(force_insert=True)
    except IntegrityError as error:
        if not _is_about(error, ONE_PENDING):
            raise
        raise AlreadyAsked(_("This has been asked already and waits for a decision.")) from None
    _record("approval.asked", approval, by, at)
    rules.on_ask(approval, at)
    return approval


def approve(*, approval: Approval, by: "User", at: datetime, comment: str = "") -> Approval:
    """Say yes, with the effect of the kind, in one transaction.

    Raises MayNotDecide, AlreadyDecided, SubjectGone, ReasonMissing when staff decide for a company without saying why,
    and whatever the effect refuses with: then nothing has changed.
    """
    return decide(approval=approval, decision="approve", by=by, at=at, comment=comment)


def reject(*, approval: Approval, by: "User", at: datetime, comment: str) -> Approval:
    """Say no, with the effect of the kind, in one transaction. Raises as `approve`, ReasonMissing without a comment."""
    return decide(approval=approval, decision="reject", by=by, at=at, comment=comment)


@transaction.atomic
def cancel(*, approval: Approval, by: "User | None", at: datetime) -> Approval:
    """Take a question back that nobody needs answered any more. Raises AlreadyDecided."""
    locked = _locked(approval)
    _check_pending(locked)
    locked.cancel(by=by, at=at)
    _save(locked)
    _record("approval.cancelled", locked, by, at)
    locked.rules.on_cancel(locked, at)
    return locked


@transaction.atomic
def cancel_all(*, waiting: QuerySet[Approval], at: datetime) -> None:
    """Take back, in the order of their keys, those that still wait: whom they are about is leaving."""
    for approval in waiting.filter(status=Approval.Status.PENDING).order_by("pk"):
        with suppress(AlreadyDecided):
            cancel(approval=approval, by=None, at=at)


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one of many: `refusal` is empty where the decision stands."""

    approval: Approval
    refusal: str = ""


def may_decide(*, approval: Approval, by: "User") -> bool:
    """Whether this person is entitled to the decision, as staff or for the company."""
    try:
        _check_right(approval, by)
    except MayNotDecide:
        return False
    return True


def decide_many(
    *, approvals: Iterable[Approval], decision: Decision, by: "User", at: datetime, comment: str = ""
) -> list[Result]:
    """Decide each in a transaction of its own, whoever waits longest first; what fails hinders no other.

    One result for each of them. To be called outside of a transaction: else all stay locked until the last is decided.
    """
    rows = sorted(approvals, key=lambda row: (row.asked_at, row.pk))
    return [_attempt(row, decision, by, at, comment) for row in rows]


def _attempt(approval: Approval, decision: Decision, by: "User", at: datetime, comment: str) -> Result:
    try:
        return Result(decide(approval=approval, decision=decision, by=by, at=at, comment=comment))
    except DomainError as error:
        return Result(approval, error.message)


@transaction.atomic
def decide(*, approval: Approval, decision: Decision, by: "User", at: datetime, comment: str = "") -> Approval:
    """Say yes or no. Raises as `approve` and `reject`."""
    locked = _locked(approval)
    overrides = _check_right(locked, by)
    _check_pending(locked)
    comment = comment.strip()
    if not comment and (overrides or decision == "reject"):
        raise ReasonMissing(_("Say why: the people concerned will read it."), field="comment")
    if locked.subject is None:
        raise SubjectGone(_("What this is about exists no more."))
    getattr(locked, decision)(by=by, at=at, comment=comment)
    _save(locked)
    _record("approval.approved" if decision == "approve" else "approval.rejected", locked, by, at)
    if overrides:
        _record("approval.overridden", locked, by, at)
    (locked.rules.on_approve if decision == "approve" else locked.rules.on_reject)(locked, at)
    return locked


def _locked(approval: Approval) -> Approval:
    return (
        Approval.objects.select_for_update(of=("self",))
        .select_related("company", "asked_by", "concerns")
        .get(pk=approval.pk)
    )


def _check_pending(approval: Approval) -> None:
    if approval.status != Approval.Status.PENDING:
        raise AlreadyDecided(_("This is %(state)s already.") % {"state": approval.get_status_display().lower()})


def _check_right(approval: Approval, by: "User") -> bool:
    """Return whether the decision is an override, by staff in place of the company. Raises MayNotDecide."""
    rules = approval.rules
    if rules.four_eyes and approval.asked_by_id == by.pk:
        raise MayNotDecide(_("You asked for this yourself: somebody else has to decide."))
    if rules.member_may and approval.company:
        membership = by.memberships.filter(company=approval.company).first()
        if membership and rules.member_may(membership):
            return False
    if not (by.is_staff and by.has_perm(rules.permission)):
        raise MayNotDecide(_("You may not decide this."))
    return rules.member_may is not None


def _save(approval: Approval) -> None:
    approval.save(update_fields=["status", "decided_by", "decided_at", "comment"])


def _record(verb: str, approval: Approval, by: "User | None", at: datetime) -> None:
    """Note it in the history of the subject and of the company; the comment stays on the approval alone."""
    activity.record(
        verb=verb,
        actor=by,
        company=approval.company,
        subject=approval.concerns or approval.subject,
        data={"what": approval.label.lower(), "approval": str(approval.public_id)},
        at=at,
    )


def _is_about(error: IntegrityError, constraint: str) -> bool:
    """Whether the database refused because of this constraint."""
    diagnosis = getattr(error.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", None) == constraint
