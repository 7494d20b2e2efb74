"""Developers apply for the community and staff decide."""

import pytest

from portal.accounts.models import User
from portal.activity.models import ActivityEvent
from portal.approvals import services as approvals
from portal.approvals.models import Approval
from portal.core.errors import InvalidTransition
from portal.notifications.models import Notification
from portal.teams.models import Assignment, Developer
from portal.teams.services import assignments, community
from tests.factories import AssignmentFactory, DeveloperFactory
from tests.portal.teams.conftest import AT
from tests.portal.teams.told import told

PROFILE = community.Profile("Django and React", ["Django"], ["https://amina.example"], "amina-h", "part_time")


@pytest.fixture
def junior(support: User, staff: User, finance: User) -> Developer:
    """A developer who has not applied."""
    return DeveloperFactory.create(pending=True, user__email="junior@talent.example")


def test_first_profile_makes_a_pending_developer_and_the_next_changes_it(viewer: User) -> None:
    made = community.save_profile(user=viewer, profile=PROFILE)
    assert (made.status, made.skills, made.github_name) == ("pending", ["Django"], "amina-h")
    busy = community.Profile("Django", ["Django", "SQL"], [], "", "busy")
    assert community.save_profile(user=viewer, profile=busy).pk == made.pk
    kept = Developer.objects.get()
    assert (kept.headline, kept.skills, kept.links, kept.availability) == ("Django", ["Django", "SQL"], [], "busy")


def test_application_needs_a_headline_and_skills(junior: Developer) -> None:
    junior.skills = []
    with pytest.raises(community.ProfileIncomplete):
        community.apply(developer=junior, at=AT)
    assert not Approval.objects.exists()
    assert not Notification.objects.exists()


def test_staff_who_may_decide_are_told_of_an_application(junior: Developer) -> None:
    community.apply(developer=junior, at=AT)
    with pytest.raises(approvals.AlreadyAsked):
        community.apply(developer=junior, at=AT)
    assert told("community_application") == {"support@portal.example", "staff@portal.example"}


def test_approval_takes_the_developer_in(junior: Developer, support: User) -> None:
    application = community.apply(developer=junior, at=AT)
    community.approve(developer=junior, by=support, at=AT, comment="Welcome!")
    junior.refresh_from_db()
    assert junior.is_approved
    assert told("community_approval") == {"junior@talent.example"}
    assert "Welcome!" in Notification.objects.get(kind="community_approval").body
    with pytest.raises(approvals.AlreadyDecided):
        approvals.reject(approval=application, by=support, at=AT, comment="No.")
    with pytest.raises(community.AlreadyMember):
        community.apply(developer=junior, at=AT)


def test_finance_may_not_decide(junior: Developer, finance: User) -> None:
    community.apply(developer=junior, at=AT)
    with pytest.raises(approvals.MayNotDecide):
        community.approve(developer=junior, by=finance, at=AT)
    junior.refresh_from_db()
    assert junior.status == "pending"
    assert not told("community_approval")


def test_without_an_application_there_is_nothing_to_approve(junior: Developer, support: User) -> None:
    with pytest.raises(community.NotApplied):
        community.approve(developer=junior, by=support, at=AT)
    junior.refresh_from_db()
    assert junior.status == "pending"


def test_rejected_developer_reads_why_and_may_apply_again(junior: Developer, support: User) -> None:
    application = community.apply(developer=junior, at=AT)
    approvals.reject(approval=application, by=support, at=AT, comment="Tell us of your work.")
    junior.refresh_from_db()
    assert junior.status == "rejected"
    assert "Tell us of your work." in Notification.objects.get(kind="community_rejection").body
    community.apply(developer=junior, at=AT)
    junior.refresh_from_db()
    assert junior.status == "pending"


def test_decision_on_a_developer_who_has_moved_on_changes_nothing(junior: Developer, support: User) -> None:
    application = community.apply(developer=junior, at=AT)
    Developer.objects.update(status="rejected")
    with pytest.raises(InvalidTransition):
        approvals.approve(approval=application, by=support, at=AT)
    application.refresh_from_db()
    assert application.status == "pending"
    assert not told("community_approval")


def test_exclusion_takes_proposals_back_and_tells_why(amina: Developer, proposed: Assignment, staff: User) -> None:
    community.exclude(developer=amina, by=staff, at=AT, reason="No answer to three messages.")
    amina.refresh_from_db()
    proposed.refresh_from_db()
    assert (amina.status, proposed.status) == ("rejected", "rejected")
    assert assignments.decision_on(proposed).status == "cancelled"
    assert told("community_exclusion") == {"amina@talent.example"}


@pytest.mark.parametrize("state", ["active", "notice"])
def test_developer_in_a_team_is_not_excluded(state: str, amina: Developer, staff: User) -> None:
    AssignmentFactory.create(developer=amina, **{state: True})
    with pytest.raises(community.StillAssigned):
        community.exclude(developer=amina, by=staff, at=AT, reason="Gone.")
    with pytest.raises(approvals.ReasonMissing):
        community.exclude(developer=amina, by=staff, at=AT, reason=" ")
    amina.refresh_from_db()
    assert amina.is_approved
    assert not Notification.objects.exists()


def test_no_event_names_the_person(amina: Developer, active: Assignment) -> None:
    texts = [f"{event.subject_label} {event.data}" for event in ActivityEvent.objects.all()]
    assert not [text for text in texts if "Amina" in text or "Hassan" in text]
