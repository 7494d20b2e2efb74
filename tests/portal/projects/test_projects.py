"""Projects and milestones: what staff do with them, and what archives and erasure know of them."""

from datetime import date, timedelta

import pytest

from portal.accounts.models import Company, User
from portal.activity.models import ActivityEvent
from portal.core.errors import InvalidTransition
from portal.core.privacy import Erasing, company_exporters, person_erasers, person_exporters
from portal.core.privacy import company_erasers as erasers
from portal.projects.models import Contribution, Milestone, Project, ProjectDeveloper, Repository
from portal.projects.services import milestones, people, projects
from portal.teams.models import Assignment
from tests.factories import (
    MilestoneFactory,
    ProjectDeveloperFactory,
    RepositoryFiguresFactory,
)
from tests.portal.core.state_matrix import assert_state_matrix
from tests.portal.core.threads import race
from tests.portal.projects.conftest import AT
from tests.portal.teams.told import told

TODAY = date(2026, 11, 20)


def verbs() -> list[str]:
    """What was written down, in order."""
    return list(ActivityEvent.objects.order_by("pk").values_list("verb", flat=True))


def test_project_states() -> None:
    assert_state_matrix(
        lambda state: Project(status=state or "planning"),
        {
            "start": {"planning": "active", "paused": "active"},
            "pause": {"planning": "paused", "active": "paused"},
            "complete": {"active": "completed", "paused": "completed"},
            "reopen": {"completed": "active"},
        },
    )


@pytest.mark.django_db
def test_project_goes_through_its_life(company: Company, owner: User, viewer: User, staff: User) -> None:
    values = {"name": "Farm shop", "type": "custom", "description": "Orders.", "starts_on": TODAY, "ends_on": None}
    made = projects.create(company=company, values=values, by=staff, at=AT)
    assert (made.status, made.company, made.starts_on) == ("planning", company, TODAY)
    for move, state in (("start", "active"), ("pause", "paused"), ("start", "active"), ("complete", "completed")):
        assert getattr(projects, move)(project=made, by=staff, at=AT).status == state
    with pytest.raises(InvalidTransition):
        projects.start(project=made, by=staff, at=AT)
    assert projects.reopen(project=made, by=staff, at=AT).status == "active"
    names = ["created", "started", "paused", "started", "completed", "reopened"]
    assert verbs() == [f"project.{name}" for name in names]
    assert told("project_completed") == {owner.email}


@pytest.mark.django_db
def test_names_are_a_companys_own_and_periods_end_after_they_begin(
    project: Project, other_company: Company, staff: User
) -> None:
    values = {"name": project.name, "type": "custom"}
    with pytest.raises(projects.NameTaken):
        projects.create(company=project.company, values=values, by=staff, at=AT)
    assert projects.create(company=other_company, values=values, by=staff, at=AT).name == project.name
    with pytest.raises(projects.WrongPeriod):
        projects.edit(project=project, values={"starts_on": TODAY, "ends_on": TODAY}, by=staff, at=AT)
    project.refresh_from_db()
    assert (project.starts_on, project.ends_on) == (None, None)
    assert verbs() == ["project.created"]


@pytest.mark.django_db
def test_edit_that_changes_nothing_is_no_event(project: Project, staff: User) -> None:
    projects.edit(project=project, values={"name": project.name, "company": None}, by=staff, at=AT)
    assert verbs() == []
    projects.edit(project=project, values={"name": "Another"}, by=staff, at=AT)
    assert verbs() == ["project.edited"]


@pytest.mark.django_db
def test_milestone_is_reached_once_and_both_sides_are_told_once(
    project: Project, owner: User, viewer: User, amina: Assignment, staff: User
) -> None:
    people.add(project=project, assignment=amina, role="lead", by=staff, at=AT)
    made = milestones.add(project=project, name=" Go live ", due_on=TODAY, by=staff, at=AT)
    assert milestones.reach(milestone=made, by=staff, at=AT).reached_on == TODAY
    with pytest.raises(milestones.AlreadyReached):
        milestones.reach(milestone=made, by=staff, at=AT)
    assert milestones.take_back(milestone=made, by=staff, at=AT).reached_on is None
    with pytest.raises(milestones.NotReached):
        milestones.take_back(milestone=made, by=staff, at=AT)
    milestones.reach(milestone=made, by=staff, at=AT + timedelta(days=1))
    assert told("milestone_reached") == {owner.email, amina.developer.user.email}
    event = ActivityEvent.objects.get(verb="project.milestone_added")
    assert event.data == {"milestone": "Go live", "due": "20 November 2026"}


@pytest.mark.django_db
def test_milestone_is_changed_and_removed(project: Project, staff: User) -> None:
    made = milestones.add(project=project, name="Go live", due_on=TODAY, by=staff, at=AT)
    words = {"name": "Launch", "description": "All of it.", "by": staff, "at": AT}
    milestones.change(milestone=made, due_on=TODAY, **words)
    milestones.change(milestone=made, due_on=TODAY + timedelta(days=7), **words)
    made.refresh_from_db()
    assert (made.name, made.description, made.due_on) == ("Launch", "All of it.", date(2026, 11, 27))
    milestones.remove(milestone=made, by=staff, at=AT)
    assert not Milestone.objects.exists()
    done = ["added", "edited", "moved", "removed"]
    assert verbs() == [f"project.milestone_{word}" for word in done]


def test_milestones_that_are_late_come_first(db: None) -> None:
    days = (date(2026, 12, 1), date(2026, 11, 1), date(2026, 11, 20))
    rows = [MilestoneFactory.create(due_on=day) for day in days]
    MilestoneFactory.create(due_on=TODAY, reached_on=TODAY)
    assert list(Milestone.objects.upcoming(today=TODAY)) == [rows[1], rows[2], rows[0]]


@pytest.mark.django_db(transaction=True)
def test_milestone_that_four_mark_at_once_is_reached_once(project: Project, owner: User, staff: User) -> None:
    made = MilestoneFactory.create(project=project)
    results = race(lambda _n: milestones.reach(milestone=made, by=staff, at=AT), threads=4)
    assert sum(isinstance(one, milestones.AlreadyReached) for one in results) == 3
    assert verbs() == ["project.milestone_reached"]
    assert told("milestone_reached") == {owner.email}


@pytest.mark.django_db
def test_archives_hold_projects_and_no_tokens(project: Project, amina: Assignment) -> None:
    MilestoneFactory.create(project=project, name="Go live")
    ProjectDeveloperFactory.create(project=project, assignment=amina, role="lead")
    figures = RepositoryFiguresFactory.create(repository__project=project, repository__full_name="octo/shop")
    Contribution.objects.create(repository=figures.repository, developer=amina.developer, commits=12)
    [one] = company_exporters.get("projects").records(project.company)
    assert (one["name"], one["milestones"][0]["name"], one["developers"][0]["role"]) == ("Farm shop", "Go live", "lead")
    [repository] = company_exporters.get("repositories").records(project.company)
    assert (repository["name"], repository["commits"], "token" in repository) == ("octo/shop", 1204, False)
    user = amina.developer.user
    [place] = person_exporters.get("projects").records(user)
    assert (place["role"], place["project_name"], place["company_name"]) == ("lead", "Farm shop", "Savanna Foods")
    [done] = person_exporters.get("contributions").records(user)
    assert done == {"commits": 12, "repository_name": "octo/shop"}


@pytest.mark.django_db
def test_erasure_forgets_persons_and_companies_projects(project: Project, amina: Assignment) -> None:
    MilestoneFactory.create(project=project)
    ProjectDeveloperFactory.create(project=project, assignment=amina)
    figures = RepositoryFiguresFactory.create(repository__project=project)
    Contribution.objects.create(repository=figures.repository, developer=amina.developer, commits=12)
    user = amina.developer.user
    person_erasers.get("projects").erase(Erasing(user, "Amina", frozenset(), AT))
    assert (ProjectDeveloper.objects.count(), Contribution.objects.count(), Repository.objects.count()) == (0, 0, 1)
    erasers.get("projects").erase(Erasing(project.company, "Savanna", frozenset(), AT))
    project.refresh_from_db()
    assert (project.name, project.description) == (f"Project {project.public_id}", "")
    assert (Repository.objects.count(), Milestone.objects.count()) == (0, 0)
