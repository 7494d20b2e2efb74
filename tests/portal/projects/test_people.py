"""Who works on projects, and until when."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from portal.accounts.models import Company, User
from portal.activity.models import ActivityEvent
from portal.core.errors import Conflict
from portal.projects.models import Project, ProjectDeveloper
from portal.projects.services import people
from portal.teams.models import Assignment
from portal.teams.services import ending
from tests.factories import (
    AssignmentFactory,
    ProjectDeveloperFactory,
    ProjectFactory,
)
from tests.portal.core.threads import race
from tests.portal.projects.conftest import AT

TODAY = date(2026, 11, 20)


def verbs() -> list[str]:
    """What was written down, in order."""
    return list(ActivityEvent.objects.order_by("pk").values_list("verb", flat=True))


@pytest.mark.django_db
def test_only_those_of_the_companys_team_work_on_a_project(
    project: Project, amina: Assignment, other_company: Company, staff: User
) -> None:
    strangers = AssignmentFactory.create(company=other_company, active=True)
    company = project.company
    refused = [
        strangers,
        AssignmentFactory.create(company=company),
        AssignmentFactory.create(company=company, rejected=True),
        AssignmentFactory.create(company=company, ended=True),
        AssignmentFactory.create(company=company, notice=True, ends_on=TODAY),
        AssignmentFactory.create(company=company, active=True, developer__rejected=True),
    ]
    for assignment in refused:
        with pytest.raises(people.NotInTeam):
            people.add(project=project, assignment=assignment, role="lead", by=staff, at=AT)
    assert not ProjectDeveloper.objects.exists()
    leaving = AssignmentFactory.create(company=company, notice=True, ends_on=TODAY + timedelta(days=1))
    for assignment in (amina, leaving):
        people.add(project=project, assignment=assignment, role="developer", by=staff, at=AT)
    with pytest.raises(people.AlreadyOnProject):
        people.add(project=project, assignment=amina, role="lead", by=staff, at=AT)
    assert ProjectDeveloper.objects.count() == 2


@pytest.mark.django_db
def test_who_leaves_the_team_leaves_its_projects_and_no_others(
    project: Project, amina: Assignment, other_company: Company, staff: User
) -> None:
    elsewhere = AssignmentFactory.create(company=other_company, developer=amina.developer, active=True)
    places = [(project, amina), (ProjectFactory.create(company=project.company), amina)]
    places.append((ProjectFactory.create(company=other_company), elsewhere))
    for where, assignment in places:
        people.add(project=where, assignment=assignment, role="lead", by=staff, at=AT)
    user = amina.developer.user
    assert Project.objects.worked_on_by(user, today=TODAY).count() == 3
    ending.end_now(pk=amina.pk, today=TODAY, at=AT)
    assert list(Project.objects.worked_on_by(user, today=TODAY)) == [places[2][0]]
    assert ProjectDeveloper.objects.get().assignment == elsewhere
    assert verbs().count("project.developer_left") == 2
    event = ActivityEvent.objects.filter(verb="project.developer_left").latest("pk")
    assert (event.subject_label, event.object_id) == ("", str(user.pk)), "no name where nobody could erase it"


@pytest.mark.django_db
def test_project_is_out_of_reach_on_the_day_the_notice_runs_out_though_nothing_has_ended_it(
    project: Project, company: Company
) -> None:
    leaving = AssignmentFactory.create(company=company, notice=True, ends_on=TODAY)
    ProjectDeveloperFactory.create(project=project, assignment=leaving)
    user = leaving.developer.user
    assert Project.objects.worked_on_by(user, today=TODAY - timedelta(days=1)).exists()
    assert not Project.objects.worked_on_by(user, today=TODAY).exists()
    assert not Project.objects.visible_to(user, today=TODAY).exists()


@pytest.mark.django_db
def test_roles_change_and_people_are_taken_off(project: Project, amina: Assignment, staff: User) -> None:
    place = people.add(project=project, assignment=amina, role="developer", by=staff, at=AT)
    assert people.change_role(place=place, role="lead", by=staff, at=AT).role == "lead"
    people.change_role(place=place, role="lead", by=staff, at=AT)
    people.remove(place=place, by=staff, at=AT)
    assert verbs() == ["project.developer_joined", "project.developer_role", "project.developer_left"]
    assert Assignment.objects.get(pk=amina.pk).status == "active"


@pytest.mark.django_db
def test_visible_to_members_developers_and_staff(
    project: Project, owner: User, stranger: User, developer: User, amina: Assignment, staff: User
) -> None:
    ProjectFactory.create()
    ProjectDeveloperFactory.create(project=project, assignment=amina)

    def seen(user: User) -> int:
        return Project.objects.visible_to(user, today=TODAY).count()

    assert [seen(user) for user in (owner, stranger, developer, staff)] == [1, 0, 1, 2]
    Company.objects.filter(pk=project.company_id).update(is_active=False)
    assert [seen(user) for user in (owner, developer)] == [0, 0]


@pytest.mark.django_db(transaction=True)
def test_developer_who_ends_while_being_added_does_not_stay(project: Project, amina: Assignment, staff: User) -> None:
    """Whichever comes first: nobody works on a project of a team they have left."""

    def act(number: int) -> Any:
        if number:
            return people.add(project=project, assignment=amina, role="lead", by=staff, at=timezone.now())
        return ending.end_now(pk=amina.pk, today=timezone.localdate(), at=timezone.now())

    results = race(act, threads=2)
    assert [one for one in results if isinstance(one, BaseException) and not isinstance(one, Conflict)] == []
    assert Assignment.objects.get(pk=amina.pk).status == "ended"
    assert not ProjectDeveloper.objects.exists()
