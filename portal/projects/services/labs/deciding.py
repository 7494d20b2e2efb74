"""What staff say of projects at Labs: which of a company's projects they are, or that they are none."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import Company, User
from portal.activity import services as activity
from portal.core.errors import Conflict
from portal.projects.models import LabsAccount, LabsProject, Project
from portal.projects.services import projects
from portal.projects.services.labs import offers, reading
from portal.teams.models import Assignment

PERMISSION = projects.PERMISSION
State = LabsProject.State


class DecidedAlready(Conflict):
    """It stands for a project already."""

    code = "labs_decided_already"


class ProjectTaken(Conflict):
    """Another project at Labs stands for this one."""

    code = "labs_project_taken"


class NotTheirs(Conflict):
    """Nobody of this company reaches it at Labs."""

    code = "labs_not_theirs"


def companies(row: LabsProject, *, at: datetime) -> "QuerySet[Company]":
    """Companies whose project it can be: those of the people who reach it. What staff reach can be anybody's."""
    people = User.objects.filter(labs_account__reaches__labs_project=row)
    if people.filter(is_staff=True).exists():
        return Company.objects.filter(is_active=True)
    today = timezone.localdate(at)
    inside = Assignment.objects.filter(developer__user__in=people).giving_access(today=today)
    theirs = Q(memberships__user__in=people) | Q(pk__in=inside.values("company"))
    return Company.objects.filter(theirs, is_active=True).distinct()


@transaction.atomic
def join(*, row: LabsProject, project: Project, by: User, at: datetime) -> LabsProject:
    """Say which project it is. Raises DecidedAlready, NotTheirs, ProjectTaken."""
    held = _open(row)
    _join(held, project, by, at)
    return held


@transaction.atomic
def make(*, row: LabsProject, company: Company, name: str, by: User, at: datetime) -> Project:
    """Begin a project of a company for it. Raises DecidedAlready, NotTheirs, and what `projects.create` raises."""
    held = _open(row)
    _check(held, company, at)
    values: Mapping[str, Any] = {"name": name, "type": Project.Type.LABS, "labs_url": held.url}
    made = projects.create(company=company, values=values, by=by, at=at)
    _join(held, made, by, at)
    return made


@transaction.atomic
def leave_out(*, row: LabsProject, by: User, at: datetime) -> LabsProject:
    """Say that it is no company's project; it can still be joined later. Raises DecidedAlready."""
    held = _open(row)
    held.state, held.decided_by, held.decided_at = State.LEFT_OUT, by, at
    held.save(update_fields=["state", "decided_by", "decided_at"])
    activity.record(verb="labs.left_out", actor=by, subject=held, at=at)
    return held


def _open(row: LabsProject) -> LabsProject:
    held = LabsProject.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if held.state == State.JOINED:
        raise DecidedAlready(_("It is joined to a project already."))
    return held


def _check(row: LabsProject, company: Company, at: datetime) -> None:
    if not companies(row, at=at).filter(pk=company.pk).exists():
        raise NotTheirs(_("Nobody of this company reaches it at Labs."))


def _join(row: LabsProject, project: Project, by: User, at: datetime) -> None:
    held = projects.locked(project.pk)
    _check(row, held.company, at)
    if LabsProject.objects.filter(project=held).exists() or held.labs_uuid not in (None, row.uuid):
        raise ProjectTaken(_("Another project at Labs stands for this one."), field="project")
    offers.join(row=row, project=held, by=by, at=at)
    accounts = LabsAccount.objects.filter(reaches__labs_project=row).exclude(state=LabsAccount.State.REFUSED)
    # One is enough to read what Labs tells of it: somebody of the company, where there is one.
    if account := accounts.order_by("user__is_staff", "pk").first():
        reading.queue(account=account, at=at)
