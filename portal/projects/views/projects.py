"""Projects, at the desks of companies and of developers."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.accounts import roles
from portal.accounts.desks import Kind
from portal.accounts.permissions import requires
from portal.core.http import MemberRequest
from portal.projects import pages
from portal.projects.models import Project
from portal.projects.models.projects import ProjectQuerySet
from portal.teams.desk import at_desk

PER_PAGE = 24


def listing(request: MemberRequest, found: ProjectQuerySet, *, route: str, template: str) -> HttpResponse:
    """A page of projects, narrowed by state."""
    state = request.GET.get("state", "")
    state = state if state in pages.STATES else ""
    narrowed = found if not state else found.completed() if state == "completed" else found.not_completed()
    page = Paginator(narrowed.newest().with_parts(), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, template, pages.listed(page, route=route, state=state, at=timezone.now()))


@require_safe
@requires(roles.Permission.VIEW_COMPANY)
def projects(request: MemberRequest) -> HttpResponse:
    """The company's projects."""
    found = Project.objects.for_company(request.company)
    return listing(request, found, route="project", template="projects/list.html")


@require_safe
@requires(roles.Permission.VIEW_COMPANY)
def project(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """One project of the company."""
    mine = Project.objects.for_company(request.company).select_related("company").with_parts()
    found = get_object_or_404(mine, public_id=public_id)
    return render(request, "projects/project.html", pages.project(found, at=timezone.now(), at_company=True))


@require_safe
@at_desk(Kind.DEVELOPER)
def developer_projects(request: MemberRequest) -> HttpResponse:
    """Projects on which the developer works today."""
    found = Project.objects.worked_on_by(request.user, today=timezone.localdate()).select_related("company")
    return listing(request, found, route="developer-project", template="projects/developer_list.html")


@require_safe
@at_desk(Kind.DEVELOPER)
def developer_project(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """One of them."""
    mine = Project.objects.worked_on_by(request.user, today=timezone.localdate())
    found = get_object_or_404(mine.select_related("company").with_parts(), public_id=public_id)
    return render(request, "projects/project.html", pages.project(found, at=timezone.now(), at_company=False))
