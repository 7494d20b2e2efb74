"""What GitHub's messages mean for repositories. None of them brings figures: they say that it is time to look."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from portal.projects.github.errors import NotAnswered
from portal.projects.github.looking import a_name
from portal.projects.models import Repository, Synchronisation
from portal.projects.services import synchronising

# After these the figures are others.
COUNTED = frozenset({"push", "pull_request", "issues", "repository", "create", "delete", "public", "ping"})
NEW_NAMES = frozenset({"renamed", "transferred"})
PRIVACY = {"privatized": True, "publicized": False}


def action(payload: Mapping[str, Any]) -> str:
    """What was done, where an event has several."""
    return _text(payload.get("action"))


def full_name(payload: Mapping[str, Any]) -> str:
    """Owner and name of the repository that a message is about; empty where it is about none."""
    return _text(_repository(payload).get("full_name"))


def named(payload: Mapping[str, Any]) -> list[Repository]:
    """Our repositories that a message is about: by GitHub's number, or by the name it has or had."""
    number = _repository(payload).get("id")
    names = [name for name in (full_name(payload), _old_name(payload)) if name]
    if not names:
        return []
    github_id = number if isinstance(number, int) and not isinstance(number, bool) and 0 < number < 2**63 else None
    found = Repository.objects.named(github_id=github_id, names=names)
    return list(found.filter(is_demo=False).select_related("project__company").order_by("pk"))


def follow(*, event: str, payload: Mapping[str, Any], rows: list[Repository], at: datetime) -> str:
    """Take in what a message says of these repositories, and have them looked at; return what was done, in words."""
    if not rows:
        return _("No repository of ours.")
    Repository.objects.filter(pk__in=[row.pk for row in rows]).update(webhook_heard_at=at)
    if event not in COUNTED:
        return _("Kept, nothing to do.")
    if event == "repository" and action(payload) == "deleted":
        Repository.objects.filter(pk__in=[row.pk for row in rows]).update(
            state=Repository.State.MISSING, detail=_("It was deleted on GitHub."), tried_at=at
        )
        return _("Marked as deleted.")
    if event == "repository":
        for row in rows:
            _take_in(row, payload)
    # The worker looks whether it is so: a message may be late, and the next one have come before it.
    queued = [synchronising.queue(repository=row, cause=Synchronisation.Cause.WEBHOOK, at=at) for row in rows]
    return _("Will be looked at.") if any(queued) else _("Waits to be looked at already.")


def _take_in(row: Repository, payload: Mapping[str, Any]) -> None:
    done = action(payload)
    if done in NEW_NAMES and row.github_id in (None, _repository(payload).get("id")):
        _rename(row, full_name(payload))
    if done in PRIVACY:
        Repository.objects.filter(pk=row.pk).update(is_private=PRIVACY[done])


def _rename(row: Repository, said: str) -> None:
    """Use the new name, unless it is none or the project has it already."""
    try:
        name = a_name(said)
    except NotAnswered:
        return
    others = Repository.objects.filter(project=row.project_id, full_name__iexact=name).exclude(pk=row.pk)
    if not others.exists():
        Repository.objects.filter(pk=row.pk).update(full_name=name)


def _repository(payload: Mapping[str, Any]) -> Mapping[str, Any]:
    found = payload.get("repository")
    return found if isinstance(found, dict) else {}


def _old_name(payload: Mapping[str, Any]) -> str:
    """What it was called before it was renamed or went to somebody else."""
    owner, _slash, name = full_name(payload).partition("/")
    changes = payload.get("changes")
    before = changes if isinstance(changes, dict) else {}
    old_name = _said(before, "repository", "name", "from")
    old_owner = _said(before, "owner", "from", "user", "login") or _said(
        before, "owner", "from", "organization", "login"
    )
    return f"{old_owner or owner}/{old_name or name}" if old_name or old_owner else ""


def _said(value: Any, *path: str) -> str:
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    return _text(value)


def _text(value: Any) -> str:
    """Words that a database can be asked for; anybody may send others."""
    return value if isinstance(value, str) and value.isprintable() else ""
