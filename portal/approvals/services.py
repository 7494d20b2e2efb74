"""Asking for decisions and making them: `from portal.approvals import services as approvals`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Literal
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from portal.activity import services as activity
from portal.approvals.models import Approval
from portal.approvals.registry import kinds
from portal.core.errors import Conflict, DomainError

if TYPE_CHECKING:
    from portal.accounts.models import Company, User

Decision = Literal["approve", "reject"]
LONGEST_LABEL = 200


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
    label: str = "",
) -> Approval:
    """Ask for a decision about `subject`, named `label` or as it names itself. Raises AlreadyAsked."""
    rules = kinds.get(kind)
    approval = Approval(
        kind=kind,
        content_type=ContentType.objects.get_for_model(subject),
        object_id=subject.pk,
        subject_label=(label or str(subject))[:LONGEST_LABEL],
        company=company,
        asked_by=by,
        asked_at=at,
    )
    try:
        with transaction.atomic():
            approval.save(force_insert=True)
    except IntegrityError as error:
        if "approvals_approval_one_pending" not in str(error):
            raise
        raise AlreadyAsked(_("This has been asked already and waits for a decision.")) from None
    _record("approval.asked", approval, by, at)
    rules.on_ask(approval, at)
    return approval


def approve(*, approval: Approval, by: "User", at: datetime, comment: str = "") -> Approval:
    """Say yes, with the effect of the kind, in one transaction.

    Raises MayNotDecide, AlreadyDecided, ReasonMissing when staff decide for a company without saying why, and whatever
    the effect refuses with.
    """
    return _decide(approval, "approve", by, at, comment)


def reject(*, approval: Approval, by: "User", at: datetime, comment: str) -> Approval:
    """Say no, with the effect of the kind, in one transaction. Raises as `approve`, ReasonMissing without a comment."""
    return _decide(approval, "reject", by, at, comment)


@transaction.atomic
def cancel(*, approval: Approval, by: "User | None", at: datetime) -> Approval:
    """Take a question back that nobody needs answered any more. Raises AlreadyDecided."""
    locked = _locked_pending(approval)
    locked.cancel(by=by, at=at)
    _save(locked)
    _record("approval.cancelled", locked, by, at)
    locked.rules.on_cancel(locked, at)
    return locked


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one of many: `refusal` is empty where the decision stands."""

    approval: Approval
    refusal: str = ""


def decide_many(
    *, approvals: Iterable[UUID], decision: Decision, by: "User", at: datetime, comment: str = ""
) -> list[Result]:
    """Decide each in a transaction of its own, in the order in which they were asked; what fails hinders no other."""
    rows = list(Approval.objects.filter(public_id__in=list(approvals)).oldest())
    return [_attempt(row, decision, by, at, comment) for row in rows]


def _attempt(approval: Approval, decision: Decision, by: "User", at: datetime, comment: str) -> Result:
    try:
        return Result(_decide(approval, decision, by, at, comment))
    except DomainError as error:
        return Result(approval, error.message)


@transaction.atomic
def _decide(approval: Approval, decision: Decision, by: "User", at: datetime, comment: str) -> Approval:
    locked = _locked_pending(approval)
    overrides = _check_right(locked, by)
    comment = comment.strip()
    if not comment and (overrides or decision == "reject"):
        raise ReasonMissing(_("Say why: the people concerned will read it."), field="comment")
    getattr(locked, decision)(by=by, at=at, comment=comment)
    _save(locked)
    _record("approval.approved" if decision == "approve" else "approval.rejected", locked, by, at)
    if overrides:
        _record("approval.overridden", locked, by, at)
    (locked.rules.on_approve if decision == "approve" else locked.rules.on_reject)(locked, at)
    return locked


def _locked_pending(approval: Approval) -> Approval:
    locked = Approval.objects.select_for_update(of=("self",)).select_related("company", "asked_by").get(pk=approval.pk)
    if locked.status != Approval.Status.PENDING:
        raise AlreadyDecided(_("This is %(state)s already.") % {"state": locked.get_status_display().lower()})
    return locked


def _check_right(approval: Approval, by: "User") -> bool:
    """Return whether the decision is an override, by staff in place of the company. Raises MayNotDecide."""
    rules = approval.rules
    if rules.four_eyes and approval.asked_by_id == by.pk:
        raise MayNotDecide(_("You asked for this yourself: somebody else has to decide."))
    if rules.member_may and approval.company and rules.member_may(by, approval.company):
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
        subject=approval.subject,
        data={"what": approval.label.lower(), "approval": str(approval.public_id)},
        at=at,
    )
