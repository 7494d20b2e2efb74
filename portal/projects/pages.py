"""What the pages of projects show."""

from datetime import datetime
from typing import Any

from django.core.paginator import Page
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.activity.feeds import entries
from portal.activity.models import ActivityEvent
from portal.projects import registry, shown
from portal.projects.labs import showing
from portal.projects.models import Contribution, Project

MOST_EVENTS = 10
STATES = {"": "All", "open": "Under way", "completed": "Completed"}


def listed(page: "Page[Project]", *, route: str, state: str, at: datetime) -> dict[str, Any]:
    """One page of projects as cards."""
    today = timezone.localdate(at)
    return {
        "cards": [shown.card(project, route=route, today=today, at=at) for project in page],
        "page": page,
        "pages_url": f"?state={state}&" if state else "?",
        "is_narrow": bool(state),
        "states": [
            {"label": label, "url": f"?state={value}" if value else "?", "active": value == state}
            for value, label in STATES.items()
        ],
    }


def project(found: Project, *, at: datetime, at_company: bool) -> dict[str, Any]:
    """One project of `with_parts`, with its company at hand."""
    today = timezone.localdate(at)
    repositories = sorted(found.repositories.all(), key=lambda one: one.full_name.lower())
    events = ActivityEvent.objects.for_company(found.company).about(found)
    milestones = list(found.milestones.all())
    return {
        "project": found,
        "card": shown.card(found, route="project" if at_company else "developer-project", today=today, at=at),
        "crumbs": [{"label": _("Projects"), "url": reverse("projects" if at_company else "developer-projects")}],
        "milestones": [shown.milestone_row(one, today=today) for one in milestones],
        "people": people(found, at_company=at_company),
        "repositories": [shown.repository_row(one, at=at) for one in repositories],
        "chart": shown.weekly_chart(repositories),
        "labs": showing.of_project(found, at=at),
        "events": entries(events, limit=MOST_EVENTS),
        "sections": sections(found) if at_company else [],
    }


def people(found: Project, *, at_company: bool) -> list[dict[str, Any]]:
    """The team with roles, and what each did in the repositories; the company is led to each."""
    done = Contribution.objects.filter(repository__project=found).values_list("developer_id", "commits")
    commits: dict[int, int] = {}
    for key, number in done:
        commits[key] = commits.get(key, 0) + number
    rows = []
    for place in found.developers.all():
        developer = place.assignment.developer
        count = commits.get(developer.pk)
        rows.append(
            {
                "name": str(developer),
                "role": place.get_role_display(),
                "note": _("%(count)s commits") % {"count": count} if count is not None else developer.headline,
                "url": reverse("team-developer", args=[developer.public_id]) if at_company else "",
            }
        )
    return rows


def sections(found: Project) -> list[dict[str, Any]]:
    """What apps above show of the project."""
    read = ((section.title, list(section.items(found))) for section in registry.sections.all())
    return [{"title": title, "items": items} for title, items in read if items]
