"""Decisions that meet: one stands, the other is told. Real threads, each with a connection of its own."""

from datetime import date

import pytest

from portal.accounts.models import User
from portal.activity.models import ActivityEvent
from portal.approvals import services as approvals
from portal.approvals.models import Approval
from portal.core.errors import Conflict
from portal.notifications.models import Notification
from portal.teams.models import Assignment, Developer
from portal.teams.services import assignments, community, ending, removals
from tests.factories import AssignmentFactory
from tests.portal.core.threads import race
from tests.portal.teams.conftest import AT

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 5


def refusals(results: list[object]) -> list[object]:
    """What was raised; anything but a refusal in words fails the test."""
    raised = [result for result in results if isinstance(result, BaseException)]
    assert [error for error in raised if not isinstance(error, Conflict)] == []
    return raised


def test_company_approves_while_staff_take_the_proposal_back(
    proposed: Assignment, owner: User, staff: User, amina: Developer
) -> None:
    for _ in range(ROUNDS):
        decision = assignments.decision_on(proposed)

        def decide(number: int, proposed: Assignment = proposed, decision: Approval = decision) -> object:
            if number:
                return assignments.withdraw(assignment=proposed, by=staff, at=AT)
            return approvals.approve(approval=decision, by=owner, at=AT)

        assert len(refusals(race(decide, threads=2))) == 1
        proposed.refresh_from_db()
        decision.refresh_from_db()
        assert (decision.status, proposed.status) in {("approved", "active"), ("cancelled", "rejected")}
        Assignment.objects.filter(pk=proposed.pk).update(status="rejected", starts_on=None)
        proposed = assignments.propose(company=proposed.company, developer=amina, by=staff, at=AT)


def test_two_members_ask_for_the_same_removal(active: Assignment, owner: User, company_admin: User) -> None:
    people = [owner, company_admin] * 2
    results = race(
        lambda number: removals.ask(assignment=active, by=people[number], at=AT, reason=f"Reason {number}"), threads=4
    )
    assert len(refusals(results)) == 3
    asked = Approval.objects.get(kind=removals.KIND)
    active.refresh_from_db()
    assert active.removal_reason == f"Reason {results.index(asked)}"


def test_two_members_of_staff_decide_on_a_removal(active: Assignment, owner: User, staff: User, support: User) -> None:
    request = removals.ask(assignment=active, by=owner, at=AT, reason="Done.")
    people = [staff, support] * 2
    results = race(lambda number: approvals.approve(approval=request, by=people[number], at=AT), threads=4)
    assert len(refusals(results)) == 3
    assert ActivityEvent.objects.filter(verb="team.notice_started").count() == 1
    assert Notification.objects.filter(kind="notice_started", recipient=owner).count() == 1


def test_request_meets_the_decision_on_the_one_before(active: Assignment, owner: User, staff: User) -> None:
    for _ in range(ROUNDS):
        request = removals.waiting_on(active) or removals.ask(assignment=active, by=owner, at=AT, reason="Done.")

        def meet(number: int, request: Approval = request) -> object:
            if number:
                return removals.ask(assignment=active, by=owner, at=AT, reason="Really.")
            return approvals.reject(approval=request, by=staff, at=AT, comment="No.")

        assert len(refusals(race(meet, threads=2))) <= 1
        assert Approval.objects.pending().filter(kind=removals.KIND).count() <= 1


def test_developer_is_proposed_twice_at_once(company, owner: User, amina: Developer, staff: User) -> None:
    results = race(lambda number: assignments.propose(company=company, developer=amina, by=staff, at=AT), threads=4)
    assert len(refusals(results)) == 3
    assert Assignment.objects.count() == Approval.objects.count() == 1


def test_developer_is_excluded_while_a_company_approves(
    proposed: Assignment, owner: User, staff: User, amina: Developer
) -> None:
    def meet(number: int) -> object:
        if number:
            return community.exclude(developer=amina, by=staff, at=AT, reason="Fraud.")
        return approvals.approve(approval=assignments.decision_on(proposed), by=owner, at=AT)

    assert len(refusals(race(meet, threads=2))) == 1
    amina.refresh_from_db()
    proposed.refresh_from_db()
    assert (amina.status, proposed.status) in {("rejected", "rejected"), ("approved", "active")}


def test_four_schedulers_end_each_assignment_once(company, owner: User) -> None:
    ending_today = [AssignmentFactory.create(notice=True, company=company) for _ in range(6)]
    day = ending_today[0].ends_on
    results = race(lambda number: ending.end_due(day=day, at=AT), threads=4)
    assert refusals(results) == []
    assert sum(results) == 6
    assert Assignment.objects.filter(status="ended").count() == 6
    assert ActivityEvent.objects.filter(verb="team.left").count() == 6
    assert Notification.objects.filter(kind="assignment_ended", recipient=owner).count() == 6


def test_a_notice_is_withdrawn_on_the_day_on_which_it_ends(company, owner: User, staff: User) -> None:
    for _ in range(ROUNDS):
        row = AssignmentFactory.create(notice=True, company=company)
        day = row.ends_on

        def meet(number: int, row: Assignment = row, day: date = day) -> object:
            if number:
                return removals.withdraw_notice(assignment=row, by=staff, at=AT, reason="They stay.")
            return ending.end_due(day=day, at=AT)

        results = race(meet, threads=2)
        row.refresh_from_db()
        ended = row.status == "ended"
        assert (row.status, len(refusals(results)), results[0]) == (("ended", 1, 1) if ended else ("active", 0, 0))
