"""Points that projects are to reach: `milestones.reach(…)`."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.activity import services as activity
from portal.core.errors import Conflict
from portal.projects.models import Milestone, Project
from portal.projects.services import concerned, projects


class AlreadyReached(Conflict):
    """It was reached before."""

    code = "already_reached"


class NotReached(Conflict):
    """It is not reached, so that this cannot be taken back."""

    code = "not_reached"


def _record(verb: str, milestone: Milestone, by: User, at: datetime) -> None:
    project = milestone.project
    data = {"milestone": milestone.name, "due": date_format(milestone.due_on, "j F Y")}
    activity.record(verb=verb, actor=by, company=project.company, subject=project, data=data, at=at)


def _locked(milestone: Milestone) -> Milestone:
    """The milestone under its project's lock."""
    project = projects.locked(milestone.project_id)
    found = Milestone.objects.select_for_update(of=("self",)).get(pk=milestone.pk)
    found.project = project
    return found


@transaction.atomic
def add(*, project: Project, name: str, due_on: date, by: User, at: datetime, description: str = "") -> Milestone:
    """Add a milestone that is not reached yet."""
    held = projects.locked(project.pk)
    made = Milestone.objects.create(project=held, name=name.strip(), description=description.strip(), due_on=due_on)
    _record("project.milestone_added", made, by, at)
    return made


@transaction.atomic
def change(*, milestone: Milestone, name: str, due_on: date, description: str, by: User, at: datetime) -> Milestone:
    """Say it in other words, or set another day."""
    changed = _locked(milestone)
    is_moved = changed.due_on != due_on
    changed.name, changed.due_on, changed.description = name.strip(), due_on, description.strip()
    changed.save(update_fields=["name", "due_on", "description"])
    _record("project.milestone_moved" if is_moved else "project.milestone_edited", changed, by, at)
    return changed


@transaction.atomic
def reach(*, milestone: Milestone, by: User, at: datetime) -> Milestone:
    """It is reached today; the company and the project's developers are told once. Raises AlreadyReached."""
    reached = _locked(milestone)
    if reached.reached_on is not None:
        raise AlreadyReached(_("This milestone was reached before."))
    reached.reached_on = timezone.localdate(at)
    reached.save(update_fields=["reached_on"])
    _record("project.milestone_reached", reached, by, at)
    fields = {"milestone": reached.name}
    key = f"milestone {reached.pk}"
    concerned.tell(reached.project, kind="milestone_reached", key=key, at=at, fields=fields)
    return reached


@transaction.atomic
def take_back(*, milestone: Milestone, by: User, at: datetime) -> Milestone:
    """It was not reached after all. Raises NotReached."""
    open_again = _locked(milestone)
    if open_again.reached_on is None:
        raise NotReached(_("This milestone is not reached yet."))
    open_again.reached_on = None
    open_again.save(update_fields=["reached_on"])
    _record("project.milestone_open_again", open_again, by, at)
    return open_again


@transaction.atomic
def remove(*, milestone: Milestone, by: User, at: datetime) -> None:
    """It is none of the project's any more."""
    gone = _locked(milestone)
    _record("project.milestone_removed", gone, by, at)
    gone.delete()
