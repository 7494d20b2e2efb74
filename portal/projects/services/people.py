"""Who works on projects: only those who are in the company's team, and while they are."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.activity import services as activity
from portal.core.errors import Conflict
from portal.projects.models import Project, ProjectDeveloper
from portal.projects.services import projects
from portal.teams.models import Assignment


class NotInTeam(Conflict):
    """The developer is not in the team of the project's company today."""

    code = "not_in_team"


class AlreadyOnProject(Conflict):
    """The developer works on the project already."""

    code = "already_on_project"


def _record(verb: str, place: ProjectDeveloper, by: User | None, at: datetime) -> None:
    # The person is the subject, whose name is looked up when it is read.
    data = {"project": place.project.name, "role": place.get_role_display().lower()}
    person = place.assignment.developer.user
    activity.record(verb=verb, actor=by, company=place.project.company, subject=person, data=data, at=at)


def _inside(assignment: Assignment, project: Project, *, at: datetime) -> Assignment:
    """The assignment, held: it does not end before this transaction does. Raises NotInTeam."""
    held = Assignment.objects.select_for_update(of=("self",)).with_people().get(pk=assignment.pk)
    today = timezone.localdate(at)
    is_inside = held.gives_access(today=today) and held.developer.is_approved
    if held.company_id != project.company_id or not is_inside:
        raise NotInTeam(_("Choose somebody who is in the company's team today."), field="assignment")
    return held


@transaction.atomic
def add(*, project: Project, assignment: Assignment, role: str, by: User, at: datetime) -> ProjectDeveloper:
    """Let a developer of the company's team work on the project. Raises NotInTeam, AlreadyOnProject."""
    held = projects.locked(project.pk)
    inside = _inside(assignment, held, at=at)
    place = ProjectDeveloper(project=held, assignment=inside, role=role, since_on=timezone.localdate(at))
    try:
        with transaction.atomic():
            place.save(force_insert=True)
    except IntegrityError as error:
        if "projects_projectdeveloper_once" not in str(error):
            raise
        raise AlreadyOnProject(_("This developer works on the project already."), field="assignment") from None
    _record("project.developer_joined", place, by, at)
    return place


@transaction.atomic
def change_role(*, place: ProjectDeveloper, role: str, by: User, at: datetime) -> ProjectDeveloper:
    """Give a developer another role. Raises NotInTeam."""
    project = projects.locked(place.project_id)
    changed = ProjectDeveloper.objects.select_for_update(of=("self",)).get(pk=place.pk)
    changed.assignment, changed.project = _inside(changed.assignment, project, at=at), project
    if changed.role != role:
        changed.role = role
        changed.save(update_fields=["role"])
        _record("project.developer_role", changed, by, at)
    return changed


@transaction.atomic
def remove(*, place: ProjectDeveloper, by: User, at: datetime) -> None:
    """The developer does not work on the project any more, and stays in the team."""
    project = projects.locked(place.project_id)
    gone = ProjectDeveloper.objects.select_for_update(of=("self",)).get(pk=place.pk)
    gone.project = project
    _record("project.developer_left", gone, by, at)
    gone.delete()


@transaction.atomic
def leave_all(*, assignment: Assignment, at: datetime) -> int:
    """Nobody works on projects of a company whose team they have left; return how many projects that is."""
    found = ProjectDeveloper.objects.filter(assignment=assignment)
    places = list(found.select_related("project__company", "assignment__developer__user").order_by("pk"))
    for place in places:
        _record("project.developer_left", place, None, at)
    found.delete()
    return len(places)
