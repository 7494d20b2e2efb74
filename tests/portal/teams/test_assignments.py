"""Staff propose, the company decides."""

import pytest

from portal.accounts.models import Company, User
from portal.activity.models import ActivityEvent
from portal.approvals import services as approvals
from portal.approvals.models import Approval
from portal.core.errors import InvalidTransition
from portal.notifications.models import Notification
from portal.teams.models import Assignment, Developer
from portal.teams.services import assignments, community
from tests.portal.teams.conftest import AT
from tests.portal.teams.told import kinds_told, told

OTHERS = {"boss@talent.example", "staff@portal.example"}


def test_those_who_may_approve_are_told_of_a_proposal(proposed: Assignment) -> None:
    assert told("team_proposal") == {"owner@savanna.example", "admin@savanna.example"}
    assert "Knows payroll." in Notification.objects.filter(kind="team_proposal").first().body
    assert proposed.status == "proposed"
    assert not proposed.gives_access(today=AT.date())


def test_approval_puts_the_developer_into_the_team(active: Assignment, owner: User) -> None:
    assert (active.status, active.starts_on) == ("active", AT.date())
    assert (told("team_approval"), told("team_joined")) == ({"amina@talent.example"}, OTHERS)
    joined = ActivityEvent.objects.get(verb="team.joined")
    assert (joined.actor, joined.company, joined.subject) == (owner, active.company, active.developer.user)
    assert not ActivityEvent.objects.filter(verb="approval.overridden").exists()


def test_words_stay_clear_where_a_person_is_named_like_the_company(
    company: Company, owner: User, amina: Developer, staff: User
) -> None:
    User.objects.filter(pk=amina.user_id).update(first_name="Savanna", last_name="Foods")
    amina.refresh_from_db()
    proposed = assignments.propose(company=company, developer=amina, by=staff, at=AT)
    approvals.approve(approval=assignments.decision_on(proposed), by=owner, at=AT)
    assert Notification.objects.get(kind="team_approval").subject == "You are in the team of Savanna Foods now"
    others = set(Notification.objects.filter(kind="team_joined").values_list("subject", flat=True))
    assert others == {"The developer Savanna Foods is in the team of Savanna Foods now"}


def test_an_admin_of_the_agency_who_develops_too_is_told_once(
    proposed: Assignment, owner: User, amina: Developer
) -> None:
    amina.agency.admins.add(amina.user)
    approvals.approve(approval=assignments.decision_on(proposed), by=owner, at=AT)
    assert (told("team_approval"), told("team_joined")) == ({"amina@talent.example"}, OTHERS)


def test_rejection_says_why_to_the_developer(proposed: Assignment, owner: User) -> None:
    decision = assignments.decision_on(proposed)
    with pytest.raises(approvals.ReasonMissing):
        approvals.reject(approval=decision, by=owner, at=AT, comment=" ")
    approvals.reject(approval=decision, by=owner, at=AT, comment="We need Java.")
    proposed.refresh_from_db()
    assert (proposed.status, proposed.starts_on) == ("rejected", None)
    assert (told("team_rejection"), told("team_declined")) == ({"amina@talent.example"}, OTHERS)
    for kind in ("team_rejection", "team_declined"):
        assert "We need Java." in Notification.objects.filter(kind=kind).first().body


def test_staff_decide_in_place_of_the_company_only_with_a_reason(proposed: Assignment, support: User) -> None:
    decision = assignments.decision_on(proposed)
    with pytest.raises(approvals.ReasonMissing):
        approvals.approve(approval=decision, by=support, at=AT)
    proposed.refresh_from_db()
    assert proposed.status == "proposed"
    approvals.approve(approval=decision, by=support, at=AT, comment="Agreed by phone.")
    proposed.refresh_from_db()
    assert proposed.status == "active"
    assert ActivityEvent.objects.filter(verb="approval.overridden", actor=support).count() == 1


@pytest.mark.parametrize("person", ["viewer", "billing_member", "stranger", "finance", "developer"])
def test_nobody_else_decides(person: str, proposed: Assignment, request: pytest.FixtureRequest) -> None:
    before = kinds_told()
    with pytest.raises(approvals.MayNotDecide):
        approvals.approve(approval=assignments.decision_on(proposed), by=request.getfixturevalue(person), at=AT)
    proposed.refresh_from_db()
    assert proposed.status == "proposed"
    assert kinds_told() == before


def test_member_with_the_flag_decides_whatever_the_role(proposed: Assignment, viewer: User) -> None:
    viewer.memberships.update(can_approve_developers=True)
    approvals.approve(approval=assignments.decision_on(proposed), by=viewer, at=AT)
    proposed.refresh_from_db()
    assert proposed.status == "active"


def test_developer_rejected_meanwhile_does_not_join(proposed: Assignment, owner: User) -> None:
    Developer.objects.update(status="rejected")
    _refused(proposed, owner, assignments.NotInCommunity)


def test_nobody_joins_a_company_that_left(proposed: Assignment, owner: User) -> None:
    Company.objects.update(is_active=False)
    _refused(proposed, owner, assignments.CompanyInactive)


def test_decision_on_an_assignment_that_moved_on_is_refused(proposed: Assignment, owner: User) -> None:
    Assignment.objects.update(status="rejected")
    _refused(proposed, owner, InvalidTransition, status="rejected")


def _refused(assignment: Assignment, by: User, error: type[Exception], *, status: str = "proposed") -> None:
    before = (kinds_told(), ActivityEvent.objects.count())
    decision = assignments.decision_on(assignment)
    with pytest.raises(error):
        approvals.approve(approval=decision, by=by, at=AT)
    assignment.refresh_from_db()
    decision.refresh_from_db()
    assert (assignment.status, assignment.starts_on, decision.status) == (status, None, "pending")
    assert (kinds_told(), ActivityEvent.objects.count()) == before


def test_withdrawn_proposal_cannot_be_approved_any_more(proposed: Assignment, staff: User, owner: User) -> None:
    assignments.withdraw(assignment=proposed, by=staff, at=AT)
    proposed.refresh_from_db()
    assert proposed.status == "rejected"
    with pytest.raises(approvals.AlreadyDecided):
        approvals.approve(approval=assignments.decision_on(proposed), by=owner, at=AT)
    assert "team_approval" not in kinds_told()


@pytest.mark.parametrize("state", ["pending", "rejected"])
def test_only_members_of_the_community_are_proposed(
    state: str, company: Company, owner: User, amina: Developer, staff: User
) -> None:
    Developer.objects.update(status=state)
    with pytest.raises(assignments.NotInCommunity):
        assignments.propose(company=company, developer=amina, by=staff, at=AT)
    _nothing_proposed()


def test_nobody_is_proposed_to_an_inactive_company(company: Company, amina: Developer, staff: User) -> None:
    Company.objects.update(is_active=False)
    with pytest.raises(assignments.CompanyInactive):
        assignments.propose(company=company, developer=amina, by=staff, at=AT)
    _nothing_proposed()


def _nothing_proposed() -> None:
    assert not Assignment.objects.exists()
    assert not Approval.objects.exists()
    assert kinds_told() == []


def test_second_proposal_is_refused_but_another_company_may_have_one(
    proposed: Assignment, other_company: Company, amina: Developer, staff: User
) -> None:
    with pytest.raises(assignments.AlreadyAssigned, match="is proposed to Savanna Foods or in its team already"):
        assignments.propose(company=proposed.company, developer=amina, by=staff, at=AT)
    elsewhere = assignments.propose(company=other_company, developer=amina, by=staff, at=AT)
    assert list(Assignment.objects.for_company(other_company)) == [elsewhere]
    assert Approval.objects.pending().count() == 2


def test_developer_sees_own_assignments_without_declined_ones(
    active: Assignment, amina: Developer, owner: User, developer: User
) -> None:
    assert list(Assignment.objects.visible_to(amina.user)) == [active]
    assert not Assignment.objects.visible_to(owner).exists()
    assert not Assignment.objects.visible_to(developer).exists()
    assert list(Assignment.objects.of_agency(amina.agency)) == [active]
    Assignment.objects.update(status="rejected", starts_on=None)
    assert not Assignment.objects.visible_to(amina.user).exists()
    assert community.application_of(amina) is None
