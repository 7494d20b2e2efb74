"""What pages show of Labs."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib.humanize.templatetags.humanize import intcomma
from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.core.http import PortalRequest
from portal.projects.labs import oauth
from portal.projects.models import LabsAccount, LabsProject, Project

MOST = 20


def of_project(project: Project, *, at: datetime) -> dict[str, Any] | None:
    """What Labs tells of a project, with its age; nothing of one that is not joined, or was never read."""
    row = LabsProject.objects.filter(project=project, read_at__isnull=False).first()
    if row is None:
        return None
    return {
        "name": row.name,
        "url": row.url,
        "read_at": row.read_at,
        "is_stale": row.is_stale(at=at),
        "milestones": [_dated(one) for one in row.milestones],
        "releases": [_dated(one) for one in row.releases],
        "figures": [{"label": label(name), "value": figure(value)} for name, value in sorted(row.usage.items())],
    }


def of_person(request: PortalRequest, user: User) -> dict[str, Any]:
    """The link, what it reaches, and how it can be made."""
    account = LabsAccount.objects.filter(user=user).first()
    return {
        "account": account,
        "reached": _reached(account, user) if account else [],
        "can_sign_in": oauth.is_configured(),
        "lacks_client": not oauth.is_configured() and user.is_staff,
        "labs_host": settings.LABS_API_URL.partition("://")[2],
    }


def _reached(account: LabsAccount, user: User) -> list[dict[str, str]]:
    rows = (
        LabsProject.objects.filter(reaches__account=account).select_related("project__company").order_by("name", "pk")
    )
    own = set(user.memberships.values_list("company_id", flat=True))
    return [_reached_row(row, own) for row in rows[:MOST]]


def _reached_row(row: LabsProject, own: set[int]) -> dict[str, str]:
    project = row.project if row.project and row.project.company_id in own else None
    if project:
        note = _("%(project)s of %(company)s") % {"project": project.name, "company": project.company.name}
        return {"title": row.name, "icon": "package", "note": note, "url": reverse("project", args=[project.public_id])}
    waits = row.state == LabsProject.State.WAITING
    return {
        "title": row.name,
        "icon": "package",
        "note": _("Our staff look which project it is.") if waits else "",
        "url": "",
    }


def _dated(row: Mapping[str, str]) -> dict[str, str]:
    day = date_format(date.fromisoformat(row["on"]), "j F Y") if row["on"] else ""
    return {"title": row["name"], "note": ", ".join(part for part in (label(row["state"]), day) if part)}


def label(name: str) -> str:
    """A field's name in words."""
    words = " ".join(name.replace("_", " ").replace("-", " ").split())
    return words[:1].upper() + words[1:]


def figure(value: float) -> str:
    """A number for people."""
    return intcomma(value) if isinstance(value, int) else number_format(value, decimal_pos=2, force_grouping=True)


def ways_in() -> Sequence[dict[str, str]]:
    """How else than by password one signs in."""
    return [{"label": _("Continue with Labs"), "url": reverse("labs-sign-in")}] if oauth.is_configured() else []
