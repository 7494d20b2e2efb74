"""Who is told of what happens in projects."""

from collections.abc import Mapping
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from portal.accounts.models import Company, Membership, User
from portal.notifications.services import notices
from portal.projects.models import Project, ProjectDeveloper
from portal.teams.models import Assignment


def managers(company: Company) -> list[User]:
    """The company's owners and admins."""
    wanted = [Membership.Role.OWNER, Membership.Role.ADMIN]
    members = Membership.objects.filter(company=company, role__in=wanted).select_related("user")
    return [member.user for member in members]


def developers(project: Project, *, at: datetime) -> list[User]:
    """The project's developers whose place in the team gives them access then."""
    inside = Assignment.objects.giving_access(today=timezone.localdate(at))
    rows = ProjectDeveloper.objects.filter(project=project, assignment__in=inside)
    return [row.assignment.developer.user for row in rows.select_related("assignment__developer__user")]


def tell(project: Project, *, kind: str, key: str, at: datetime, fields: Mapping[str, str]) -> None:
    """Tell the company's managers and the project's developers, each with the page that they have."""
    words = {"project": project.name, "company": project.company.name, **fields}
    at_company = managers(project.company)
    others = [person for person in developers(project, at=at) if person not in at_company]
    page = reverse("project", args=[project.public_id])
    notices.notify(kind=kind, people=at_company, key=key, at=at, fields=words, url=page, company=project.company)
    own_page = reverse("developer-project", args=[project.public_id])
    notices.notify(kind=kind, people=others, key=key, at=at, fields=words, url=own_page)
