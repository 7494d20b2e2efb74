"""Contracts on the page of a project."""

from datetime import UTC, datetime

import pytest

from portal.accounts.models import Company, User
from portal.contracts.models import Contract
from portal.contracts.project_section import MOST, lines
from portal.projects.models import Project
from portal.teams.models import Assignment, Developer
from tests.cast import client_of
from tests.factories import AssignmentFactory, ContractFactory, ProjectDeveloperFactory, ProjectFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(company: Company) -> Project:
    return ProjectFactory.create(company=company, active=True)


@pytest.fixture
def amina(developer: User, company: Company, project: Project) -> Assignment:
    """The developer, who works on the project."""
    known = Developer.objects.get(user=developer)
    assignment = AssignmentFactory.create(company=company, developer=known, active=True)
    ProjectDeveloperFactory.create(project=project, assignment=assignment)
    return assignment


def test_page_of_a_project_leads_to_its_contracts(company: Company, project: Project, viewer: User) -> None:
    build: Contract = ContractFactory.create(company=company, project=project, title="Build it", active=True)
    keep: Contract = ContractFactory.create(
        company=company,
        project=project,
        title="Keep it running",
        ends_on=None,
        sent=True,
        created_at=datetime(2026, 2, 1, tzinfo=UTC),
    )
    page = client_of(viewer).get(f"/customer/projects/{project.public_id}/")
    assert page.context["sections"] == [
        {
            "title": "Contracts",
            "items": [
                {
                    "title": "Keep it running",
                    "url": f"/customer/contracts/{keep.public_id}/",
                    "note": "from 1 Mar 2026, no end",
                    "badge": "sent",
                    "badge_label": "Waiting for signatures",
                },
                {
                    "title": "Build it",
                    "url": f"/customer/contracts/{build.public_id}/",
                    "note": "1 Mar 2026 – 28 Feb 2027",
                    "badge": "active",
                    "badge_label": "Active",
                },
            ],
        }
    ]
    for one in (build, keep):
        assert f'href="/customer/contracts/{one.public_id}/"' in page.text
        assert client_of(viewer).get(f"/customer/contracts/{one.public_id}/").status_code == 200


def test_drafts_and_contracts_of_others_stay_away(company: Company, project: Project, stranger: User) -> None:
    theirs = ProjectFactory.create(company=stranger.memberships.get().company, active=True)
    ContractFactory.create(company=company, project=project)
    ContractFactory.create(company=company, active=True)
    ContractFactory.create(company=theirs.company, project=theirs, active=True)
    ContractFactory.create(company=theirs.company, project=project, active=True)
    assert lines(project) == []
    assert len(lines(theirs)) == 1


def test_strangers_and_developers_are_shown_none(
    company: Company, project: Project, amina: Assignment, developer: User, stranger: User
) -> None:
    ContractFactory.create(company=company, project=project, title="Build it", active=True)
    assert client_of(stranger).get(f"/customer/projects/{project.public_id}/").status_code == 404
    page = client_of(developer).get(f"/developer/projects/{project.public_id}/")
    assert page.status_code == 200
    assert "Build it" not in page.text


def test_the_newest_are_shown_where_there_are_many(company: Company, project: Project) -> None:
    for day in range(1, MOST + 3):
        ContractFactory.create(
            company=company,
            project=project,
            title=f"No. {day}",
            active=True,
            created_at=datetime(2026, 3, day, tzinfo=UTC),
        )
    assert [line["title"] for line in lines(project)] == [f"No. {day}" for day in range(MOST + 2, 2, -1)]
