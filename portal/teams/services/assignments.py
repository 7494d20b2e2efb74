"""Developers come into companies' teams: `assignments.propose(…)`. The approval decides, these are its effects."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import Company, User
from portal.activity import services as activity
from portal.approvals import addresses
from portal.approvals import services as approvals
from portal.approvals.models import Approval
from portal.core.errors import Conflict
from portal.notifications.services import notices
from portal.teams.models import Assignment, Developer
from portal.teams.services import concerned

KIND = "team_assignment"
PERMISSION = "teams.assign_developer"


class NotInCommunity(Conflict):
    """Only approved developers can be assigned."""

    code = "not_in_community"


class CompanyInactive(Conflict):
    """The company does not use the portal any more."""

    code = "company_inactive"


class AlreadyAssigned(Conflict):
    """The company has this developer, or has to decide on them."""

    code = "already_assigned"


@transaction.atomic
def propose(*, company: Company, developer: Developer, by: User | None, at: datetime, note: str = "") -> Assignment:
    """Propose a developer to a company, whose approvers decide.

    Raises NotInCommunity, CompanyInactive, AlreadyAssigned.
    """
    assignment = Assignment(company=company, developer=developer, proposed_by=by, proposed_at=at, note=note.strip())
    _check_partners(assignment)
    try:
        with transaction.atomic():
            assignment.save(force_insert=True)
    except IntegrityError as error:
        if "teams_assignment_one_open" not in str(error):
            raise
        words = {"developer": developer, "company": company}
        raise AlreadyAssigned(
            _("%(developer)s is proposed to %(company)s or in its team already.") % words, field="company"
        ) from None
    approvals.ask(
        kind=KIND,
        subject=assignment,
        by=by,
        at=at,
        company=company,
        concerns=developer.user,
        label=str(developer),
    )
    return assignment


def withdraw(*, assignment: Assignment, by: User, at: datetime) -> Approval:
    """Take a proposal back that the company has not decided. Raises approvals.AlreadyDecided."""
    return approvals.cancel(approval=decision_on(assignment), by=by, at=at)


def decision_on(assignment: Assignment) -> Approval:
    """The approval that decides, or decided, whether the developer joins."""
    return Approval.objects.about(assignment).select_related("company").get(kind=KIND)


def on_ask(approval: Approval, at: datetime) -> None:
    """Tell those who may decide for the company."""
    assignment = locked(approval.object_id)
    notices.notify(
        kind="team_proposal",
        people=concerned.approvers(assignment.company),
        key=f"approval {approval.pk}",
        at=at,
        fields=concerned.words_of(assignment) | {"note": assignment.note},
        url=addresses.member_page(approval),
        company=assignment.company,
    )


def on_approve(approval: Approval, at: datetime) -> None:
    """Let the developer join the team from today. Raises NotInCommunity, CompanyInactive, InvalidTransition."""
    assignment = locked(approval.object_id)
    _check_partners(assignment)
    assignment.start(today=timezone.localdate(at))
    assignment.save(update_fields=["status", "starts_on"])
    _decided(assignment, approval, at, kinds=("team_approval", "team_joined"), verb="team.joined")


def on_reject(approval: Approval, at: datetime) -> None:
    """Leave the developer out, telling why. Raises InvalidTransition."""
    assignment = _declined(approval)
    _decided(assignment, approval, at, kinds=("team_rejection", "team_declined"), verb="team.declined")


def on_cancel(approval: Approval, at: datetime) -> None:
    """Forget a proposal that was taken back. Raises InvalidTransition."""
    _declined(approval)


def locked(pk: int) -> Assignment:
    """The assignment under lock, with the people it is about."""
    return Assignment.objects.select_for_update(of=("self",)).with_people().get(pk=pk)


def _declined(approval: Approval) -> Assignment:
    assignment = locked(approval.object_id)
    assignment.decline()
    assignment.save(update_fields=["status"])
    return assignment


def _decided(assignment: Assignment, approval: Approval, at: datetime, *, kinds: tuple[str, str], verb: str) -> None:
    person = assignment.developer.user
    activity.record(verb=verb, actor=approval.decided_by, company=assignment.company, subject=person, at=at)
    proposer = [assignment.proposed_by] if assignment.proposed_by else []
    concerned.tell_of_decision(
        assignment.developer,
        kinds=kinds,
        others=[*concerned.agency_admins(assignment.developer), *proposer],
        key=f"approval {approval.pk}",
        at=at,
        fields=concerned.words_of(assignment) | {"comment": approval.comment},
        url="/dashboard/",
    )


def _check_partners(assignment: Assignment) -> None:
    """Raise when developer or company cannot take part; the developer stays locked until the decision stands."""
    developer = Developer.objects.select_for_update(of=("self",), no_key=True).get(pk=assignment.developer_id)
    if not developer.is_approved:
        raise NotInCommunity(_("This developer is not an approved member of the community."), field="developer")
    if not Company.objects.filter(pk=assignment.company_id, is_active=True).exists():
        raise CompanyInactive(_("This company is not active."), field="company")
