"""Projects of companies: `projects.create(…)`, `projects.start(…)`. Staff keep them; companies and developers read."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.accounts.models import Company, User
from portal.activity import services as activity
from portal.core.errors import Conflict, DomainError
from portal.projects.models import Project
from portal.projects.services import concerned

PERMISSION = "projects.run_project"
FIELDS = ("name", "type", "description", "labs_url", "starts_on", "ends_on")


class NameTaken(Conflict):
    """The company has a project of this name."""

    code = "name_taken"


class WrongPeriod(DomainError):
    """It would end before it begins."""

    code = "wrong_period"


def locked(pk: int) -> Project:
    """The project, held until the transaction ends, with its company."""
    return Project.objects.select_for_update(of=("self",)).select_related("company").get(pk=pk)


@transaction.atomic
def create(*, company: Company, values: Mapping[str, Any], by: User, at: datetime) -> Project:
    """Begin a project in planning. Raises NameTaken, WrongPeriod."""
    project = Project(company=company, created_at=at)
    _save(project, values)
    activity.record(verb="project.created", actor=by, company=company, subject=project, at=at)
    return project


@transaction.atomic
def edit(*, project: Project, values: Mapping[str, Any], by: User, at: datetime) -> Project:
    """Change what is said of a project. Raises NameTaken, WrongPeriod."""
    changed = locked(project.pk)
    before = {name: getattr(changed, name) for name in FIELDS}
    _save(changed, values)
    if before != {name: getattr(changed, name) for name in FIELDS}:
        activity.record(verb="project.edited", actor=by, company=changed.company, subject=changed, at=at)
    return changed


def start(*, project: Project, by: User, at: datetime) -> Project:
    """Begin, or go on. Raises InvalidTransition."""
    return _move(project, "start", by, at)


def pause(*, project: Project, by: User, at: datetime) -> Project:
    """Let it rest. Raises InvalidTransition."""
    return _move(project, "pause", by, at)


def complete(*, project: Project, by: User, at: datetime) -> Project:
    """It is done. Raises InvalidTransition."""
    return _move(project, "complete", by, at)


def reopen(*, project: Project, by: User, at: datetime) -> Project:
    """It was not done yet. Raises InvalidTransition."""
    return _move(project, "reopen", by, at)


VERBS = {"start": "project.started", "pause": "project.paused", "complete": "project.completed"} | {
    "reopen": "project.reopened"
}


@transaction.atomic
def _move(project: Project, move: str, by: User, at: datetime) -> Project:
    moved = locked(project.pk)
    getattr(moved, move)()
    moved.save(update_fields=["status"])
    activity.record(verb=VERBS[move], actor=by, company=moved.company, subject=moved, at=at)
    if move == "complete":
        concerned.tell(moved, kind="project_completed", key=f"project {moved.pk} {at.isoformat()}", at=at, fields={})
    return moved


def _save(project: Project, values: Mapping[str, Any]) -> None:
    for name in FIELDS:
        if name in values:
            setattr(project, name, values[name])
    try:
        with transaction.atomic():
            is_new = project._state.adding
            project.save(force_insert=is_new, update_fields=None if is_new else FIELDS)
    except IntegrityError as error:
        if "projects_project_name" in str(error):
            raise NameTaken(_("The company has a project of this name."), field="name") from None
        if "projects_project_period" in str(error):
            raise WrongPeriod(_("It has to end after it begins."), field="ends_on") from None
        raise
