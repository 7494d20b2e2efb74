"""A project, its people, and a GitHub to ask."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from portal.accounts.models import Company, User
from portal.projects.models import Contribution, Project, Repository
from portal.projects.services import repositories
from portal.teams.models import Assignment, Developer
from tests.factories import (
    AssignmentFactory,
    MilestoneFactory,
    ProjectDeveloperFactory,
    ProjectFactory,
    RepositoryFactory,
    RepositoryFiguresFactory,
)
from tests.portal.projects.github_server import DATA, RECORDED, GitHub, github3, running

AT = datetime(2026, 11, 20, 9, tzinfo=UTC)
TOKEN = "github_pat_11AAAAAAA0abcdefghijkl"


@pytest.fixture
def project(company: Company) -> Project:
    return ProjectFactory.create(company=company, name="Farm shop", active=True)


@pytest.fixture
def amina(developer: User, company: Company) -> Assignment:
    """The developer, active in the company's team, known at GitHub as the recorded repository's main author."""
    Developer.objects.filter(user=developer).update(github_name="SigmaVirus24")
    return AssignmentFactory.create(company=company, developer=Developer.objects.get(user=developer), active=True)


@pytest.fixture
def github(settings: Any) -> Iterator[GitHub]:
    """GitHub, with what was recorded of one repository."""
    if not DATA.exists():
        pytest.skip("MISSING: shared/data/github")
    with running(github3()) as server:
        settings.GITHUB_API_URL = server.url
        yield server


@pytest.fixture
def repository(project: Project) -> Repository:
    """The recorded repository, not looked at yet."""
    return RepositoryFactory.create(
        project=project, full_name=RECORDED, token=TOKEN, token_key=repositories.key_of(TOKEN)
    )


def filled(company: Company, number: int, assignment: Assignment) -> None:
    """So many projects with everything that can belong to one."""
    for _one in range(number):
        project = ProjectFactory.create(company=company, active=True)
        MilestoneFactory.create_batch(2, project=project, due_on=timezone.localdate() + timedelta(days=3))
        ProjectDeveloperFactory.create(project=project, assignment=assignment)
        figures = RepositoryFiguresFactory.create(repository__project=project, repository__synced_at=timezone.now())
        Contribution.objects.create(repository=figures.repository, developer=assignment.developer, commits=3)
