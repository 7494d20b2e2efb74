"""A real project of the company, at every address that names one."""

from datetime import date

from portal.accounts.models import Company, User
from portal.projects.models import Project
from portal.teams.models import Assignment, Developer
from tests.factories import AssignmentFactory, ProjectDeveloperFactory, ProjectFactory, RepositoryFiguresFactory
from tests.records import TEAM, Asked, reached


def project_requests(company: Company, cast: dict[str, User]) -> list[Asked]:
    """The company's people reach it, and the developer who works on it; everybody else finds nothing."""
    developer = Developer.objects.get(user=cast["developer"])
    mine = Assignment.objects.for_company(company).filter(developer=developer).first()
    assignment = mine or AssignmentFactory.create(company=company, developer=developer, active=True)
    project: Project = ProjectFactory.create(company=company, name="Of the matrix", starts_on=date(2026, 1, 5))
    ProjectDeveloperFactory.create(project=project, assignment=assignment)
    RepositoryFiguresFactory.create(repository__project=project)
    number = project.public_id
    return [
        Asked("customer/projects/<uuid:public_id>/", f"/customer/projects/{number}/", reached(*TEAM)),
        Asked("developer/projects/<uuid:public_id>/", f"/developer/projects/{number}/", reached("developer")),
        Asked(
            "api/customer/projects/<uuid:public_id>/",
            f"/api/customer/projects/{number}/",
            reached(*TEAM, anonymous=401),
        ),
    ]
