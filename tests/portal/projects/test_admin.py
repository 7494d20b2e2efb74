"""Staff keep projects in the admin: buttons call services, and no form edits a state."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.accounts.models import Company, User
from portal.projects.models import Milestone, Project, ProjectDeveloper, Repository, Synchronisation
from portal.teams.models import Assignment
from tests.cast import client_of
from tests.portal.projects.github_server import RECORDED, GitHub

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def address(model: str, name: str, *args: int) -> str:
    """An address of the admin."""
    return reverse(f"wagtailsnippets_projects_{model}:{name}", args=args)


def test_support_keeps_a_project(company: Company, support: User, amina: Assignment, github: GitHub) -> None:
    client = client_of(support)
    form = {"company": company.pk, "name": "Farm shop", "type": "custom", "description": "", "labs_url": ""}
    assert client.post(address("project", "add"), form).status_code == 302
    project = Project.objects.get()
    again = client.post(address("project", "add"), form)
    assert again.status_code == 200
    assert Project.objects.count() == 1
    other = {**form, "name": "Shop", "company": 10**6}
    assert client.post(address("project", "edit", project.pk), other).status_code == 302
    project.refresh_from_db()
    assert (project.name, project.company, project.status) == ("Shop", company, "planning")
    assert client.post(address("project", "start", project.pk)).status_code == 302
    client.post(address("project", "add_milestone", project.pk), {"name": "Go live", "due_on": "2026-12-24"})
    client.post(address("project", "add_developer", project.pk), {"assignment": amina.pk, "role": "lead"})
    client.post(address("project", "add_repository", project.pk), {"full_name": RECORDED, "token": "abc"})
    assert Milestone.objects.get().name == "Go live"
    assert ProjectDeveloper.objects.get().assignment == amina
    repository = Repository.objects.get()
    for model, row, ways in (
        ("milestone", Milestone.objects.get(), ["reach", "take_back"]),
        ("repository", repository, ["look_now"]),
        ("projectdeveloper", ProjectDeveloper.objects.get(), ["remove"]),
    ):
        for way in ways:
            assert client.get(address(model, way, row.pk)).status_code == 200
            assert client.post(address(model, way, row.pk)).status_code == 302
    assert Synchronisation.objects.filter(state="queued").count() == 1
    assert client.post(address("repository", "remove", repository.pk)).status_code == 302
    assert not Repository.objects.exists()


def test_buttons_are_what_the_state_allows(support: User, project: Project) -> None:
    page = client_of(support).get(address("project", "list")).text
    shown = [words in page for words in ("Pause", "Complete", "Connect a repository", "Start work", "Take up again")]
    assert shown == [True, True, True, False, False]


def test_token_that_is_refused_is_explained_at_the_form(support: User, project: Project, github: GitHub) -> None:
    github.scopes = "repo"
    answer = client_of(support).post(
        address("project", "add_repository", project.pk), {"full_name": RECORDED, "token": "ghp_classic"}
    )
    assert "may too much" in answer.text
    assert "ghp_classic" not in answer.text
    assert not Repository.objects.exists()


@pytest.mark.parametrize("model", ["project", "milestone", "projectdeveloper", "repository", "delivery"])
def test_admin_is_for_those_with_the_right(model: str, support: User, finance: User, editor: User, owner: User) -> None:
    def status(user: User) -> int:
        return client_of(user).get(address(model, "list")).status_code

    assert status(support) == 200
    # Wagtail leads those without the right back to its start page.
    assert {status(finance), status(editor), status(owner)} <= {302, 404, 403}


def test_finance_may_not_act_on_projects(finance: User, project: Project) -> None:
    client: Client = client_of(finance)
    assert client.post(address("project", "pause", project.pk)).status_code in (302, 403)
    project.refresh_from_db()
    assert project.status == "active"
