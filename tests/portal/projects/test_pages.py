"""Pages and API of projects."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from portal.accounts.models import Company, User
from portal.projects.models import Contribution, Project
from portal.teams.models import Assignment
from tests.cast import client_of
from tests.factories import (
    MilestoneFactory,
    ProjectDeveloperFactory,
    ProjectFactory,
    RepositoryFactory,
    RepositoryFiguresFactory,
)
from tests.portal.projects.conftest import filled

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.mark.parametrize("path", ["/customer/projects/", "/api/customer/projects/"])
def test_lists_take_as_many_queries_for_twenty_as_for_one(
    path: str, company: Company, viewer: User, amina: Assignment, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_of(viewer)
    filled(company, 1, amina)
    client.get(path)
    with django_assert_num_queries(20, exact=False) as one:
        client.get(path)
    filled(company, 19, amina)
    with django_assert_num_queries(len(one)):
        client.get(path)


def test_developers_list_takes_as_many_queries_for_twenty_as_for_one(
    company: Company, developer: User, amina: Assignment, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_of(developer)
    filled(company, 1, amina)
    client.get("/developer/projects/")
    with django_assert_num_queries(20, exact=False) as one:
        client.get("/developer/projects/")
    filled(company, 19, amina)
    with django_assert_num_queries(len(one)):
        client.get("/developer/projects/")


def test_page_of_a_project_shows_all_of_it(project: Project, viewer: User, amina: Assignment) -> None:
    Project.objects.filter(pk=project.pk).update(labs_url="https://labs.example/p/1")
    MilestoneFactory.create(project=project, name="Go live", due_on=TODAY() + timedelta(days=3))
    MilestoneFactory.create(project=project, name="First orders", due_on=TODAY() - timedelta(days=2))
    ProjectDeveloperFactory.create(project=project, assignment=amina, role="lead")
    figures = RepositoryFiguresFactory.create(
        repository__project=project, repository__full_name="octo/shop", repository__synced_at=timezone.now()
    )
    Contribution.objects.create(repository=figures.repository, developer=amina.developer, commits=41)
    page = client_of(viewer).get(f"/customer/projects/{project.public_id}/").text
    for words in (
        "Farm shop", "Go live", "due in 3 days", "2 days late", "octo/shop", "1,204", "41 commits", "Lead",
        "https://labs.example/p/1", "Commits a week", "From just now",
    ):  # fmt: skip
        assert words in page, words


@pytest.mark.parametrize(
    ("state", "hours", "words"),
    [
        ("unreachable", 49, "From 2 days ago: GitHub did not answer"),
        ("bad_token", 3, "From 3 hours ago: GitHub refuses the token"),
        ("missing", 3, "From 3 hours ago: GitHub does not find the repository"),
        ("rate_limited", 3, "From 3 hours ago: GitHub asked us to wait"),
        ("ok", 3, "From 3 hours ago"),
    ],
)
def test_figures_say_how_old_they_are_and_why(
    project: Project, viewer: User, state: str, hours: int, words: str
) -> None:
    then = timezone.now() - timedelta(hours=hours)
    RepositoryFiguresFactory.create(repository__project=project, repository__state=state, repository__synced_at=then)
    client = client_of(viewer)
    page = client.get(f"/customer/projects/{project.public_id}/").text
    assert words in page.replace("\xa0", " ")
    assert ("repository__figures--old" in page) is (state != "ok")
    assert ("Old figures" in client.get("/customer/projects/").text) is (state != "ok")


def test_never_read_and_made_up_repositories_say_so(project: Project, viewer: User) -> None:
    RepositoryFactory.create(project=project, full_name="octo/new")
    RepositoryFactory.create(project=project, full_name="octo/refused", state="bad_token")
    RepositoryFiguresFactory.create(repository__project=project, repository__is_demo=True)
    page = client_of(viewer).get(f"/customer/projects/{project.public_id}/").text
    for words in ("Not read yet<", "Not read yet: GitHub refuses the token", "Made-up figures of the demo"):
        assert words in page, words


def test_empty_pages_teach(company: Company, viewer: User, developer: User) -> None:
    assert "No projects yet" in client_of(viewer).get("/customer/projects/").text
    assert "No projects yet" in client_of(developer).get("/developer/projects/").text
    assert "No such projects" in client_of(viewer).get("/customer/projects/?state=completed").text
    project = ProjectFactory.create(company=company)
    page = client_of(viewer).get(f"/customer/projects/{project.public_id}/").text
    assert "No repository is connected" in page
    assert "Commits a week" not in page


def test_states_narrow_the_list(company: Company, viewer: User) -> None:
    ProjectFactory.create(company=company, name="Running", active=True)
    ProjectFactory.create(company=company, name="Finished", completed=True)
    client = client_of(viewer)
    for state, shown in (
        ("", [True, True]),
        ("open", [True, False]),
        ("completed", [False, True]),
        ("x", [True, True]),
    ):
        page = client.get(f"/customer/projects/?state={state}").text
        assert [name in page for name in ("Running", "Finished")] == shown


def test_developer_sees_own_projects_and_no_others(
    project: Project, developer: User, amina: Assignment, other_company: Company
) -> None:
    own = ProjectDeveloperFactory.create(project=project, assignment=amina).project
    beside = ProjectFactory.create(company=project.company, name="Beside")
    foreign = ProjectFactory.create(company=other_company, name="Foreign")
    client = client_of(developer)
    page = client.get("/developer/projects/").text
    assert [name in page for name in ("Farm shop", "Beside", "Foreign")] == [True, False, False]
    found = [client.get(f"/developer/projects/{one.public_id}/").status_code for one in (own, beside, foreign)]
    assert found == [200, 404, 404]
    Assignment.objects.filter(pk=amina.pk).update(status="notice", ends_on=TODAY())
    assert client.get(f"/developer/projects/{own.public_id}/").status_code == 404


def test_api_tells_everything_but_tokens(project: Project, viewer: User, amina: Assignment) -> None:
    MilestoneFactory.create(project=project, name="Go live", reached_on=TODAY())
    ProjectDeveloperFactory.create(project=project, assignment=amina, role="lead")
    RepositoryFiguresFactory.create(
        repository__project=project, repository__full_name="octo/shop", repository__token="t", repository__state="ok",
        repository__synced_at=timezone.now(),
    )  # fmt: skip
    RepositoryFactory.create(project=project, full_name="octo/unread")
    client = client_of(viewer)
    listed = client.get("/api/customer/projects/?status=active").json()["results"]
    assert [(one["name"], one["milestones_reached"], one["milestones_total"]) for one in listed] == [
        ("Farm shop", 1, 1)
    ]
    assert client.get("/api/customer/projects/?status=paused").json()["count"] == 0
    answer = client.get(f"/api/customer/projects/{project.public_id}/").json()
    assert (answer["id"], answer["status"], answer["company"]) == (str(project.public_id), "active", "savanna-foods")
    assert [(one["role"], one["id"]) for one in answer["developers"]] == [("lead", str(amina.developer.public_id))]
    figures = {one["name"]: one for one in answer["repositories"]}
    assert (figures["octo/shop"]["figures"]["commits"], figures["octo/shop"]["is_stale"]) == (1204, False)
    assert (figures["octo/unread"]["figures"], figures["octo/unread"]["state"]) == (None, "waiting")
    assert set(figures["octo/shop"]) == {"id", "name", "state", "is_stale", "is_demo", "synced_at", "figures"}
