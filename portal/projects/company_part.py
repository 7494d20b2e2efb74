"""A company's projects, as staff read them on the company's page in the admin."""

from collections.abc import Iterator

from portal.accounts.company_parts import Part
from portal.accounts.models import Company
from portal.projects.models import Project


def lines(company: Company) -> Iterator[str]:
    """Each project with its type and state."""
    for project in Project.objects.for_company(company).newest():
        yield f"{project.name} ({project.get_type_display()}): {project.get_status_display().lower()}"


PROJECTS = Part("Projects", lines)
