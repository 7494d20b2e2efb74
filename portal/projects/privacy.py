"""What projects know of people and companies: their archives, their erasure, and how long messages are kept.

A token is a secret of whoever made it: no archive holds it.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet

from portal.accounts.models import Company, User
from portal.core.privacy import Eraser, Erasing, Exporter, Record, RetentionRule
from portal.projects.models import Contribution, Delivery, Project, ProjectDeveloper, Repository, Synchronisation

KEPT_DAYS = 30
FIGURES = (
    "commits", "open_pull_requests", "merged_pull_requests", "open_issues", "contributors", "commits_this_week",
)  # fmt: skip


def places(user: User) -> Iterable[Record]:
    """Projects on which the person works."""
    rows = ProjectDeveloper.objects.filter(assignment__developer__user=user).order_by("pk")
    names = {"project_name": F("project__name"), "company_name": F("project__company__name")}
    return rows.values("role", "since_on", **names).iterator()


def contributions(user: User) -> Iterable[Record]:
    """What the person was found to have done in repositories of projects."""
    rows = Contribution.objects.filter(developer__user=user).order_by("pk")
    return rows.values("commits", repository_name=F("repository__full_name")).iterator()


def projects(company: Company) -> Iterator[Record]:
    """The company's projects with milestones and people."""
    rows = Project.objects.for_company(company).prefetch_related(
        "milestones", "developers__assignment__developer__user"
    )
    for project in rows.order_by("pk"):
        yield {
            "name": project.name,
            "type": project.type,
            "status": project.status,
            "description": project.description,
            "labs_url": project.labs_url,
            "starts_on": project.starts_on,
            "ends_on": project.ends_on,
            "milestones": [
                {"name": one.name, "description": one.description, "due_on": one.due_on, "reached_on": one.reached_on}
                for one in project.milestones.all()
            ],
            "developers": [
                {"developer": str(one.assignment.developer), "role": one.role, "since_on": one.since_on}
                for one in project.developers.all()
            ],
        }


def repositories(company: Company) -> Iterator[Record]:
    """The repositories of its projects with their figures, without tokens."""
    rows = Repository.objects.filter(project__company=company).select_related("project", "figures").order_by("pk")
    for row in rows.iterator():
        figures = getattr(row, "figures", None)
        counted = {name: getattr(figures, name) for name in FIGURES} if figures else {}
        yield {
            "project": row.project.name,
            "name": row.full_name,
            "state": row.state,
            "synced_at": row.synced_at,
            **counted,
        }


def erase_person(erasing: Erasing[User]) -> None:
    """Forget on which projects the person works, and what they did there."""
    Contribution.objects.filter(developer__user=erasing.owner).delete()
    ProjectDeveloper.objects.filter(assignment__developer__user=erasing.owner).delete()


def erase_company(erasing: Erasing[Company]) -> None:
    """Forget its repositories with their tokens and figures, and what its projects and milestones were about."""
    Repository.objects.filter(project__company=erasing.owner).delete()
    for project in Project.objects.select_for_update().filter(company=erasing.owner).order_by("pk"):
        project.milestones.all().delete()
        project.developers.all().delete()
        project.name, project.description, project.labs_url = f"Project {project.public_id}", "", ""
        project.save(update_fields=["name", "description", "labs_url"])


def old_messages(limit: datetime) -> "Sequence[QuerySet[Any]]":
    """Messages that were acted on before then, and looks that had ended."""
    return [Delivery.objects.filter(finished_at__lt=limit), Synchronisation.objects.filter(finished_at__lt=limit)]


PERSON = {"projects": Exporter(places), "contributions": Exporter(contributions)}
COMPANY = {"projects": Exporter(projects), "repositories": Exporter(repositories)}
PERSON_ERASER = Eraser("Your parts in projects, and your contributions to their repositories", erase_person)
COMPANY_ERASER = Eraser("Projects' names and descriptions, milestones, repositories and their tokens", erase_company)
RULES = {"github_messages": RetentionRule("Messages of GitHub, and looks at repositories", KEPT_DAYS, old_messages)}
