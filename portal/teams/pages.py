"""What the pages of a company's team show."""

from datetime import date
from typing import Any

from django.core.paginator import Page
from django.urls import reverse
from django.utils import timezone

from portal.accounts import roles
from portal.activity.feeds import entries
from portal.activity.models import ActivityEvent
from portal.core.http import MemberRequest
from portal.teams import filters, onboarding, rows
from portal.teams.filters import Choice
from portal.teams.forms import RemovalForm
from portal.teams.models import Assignment
from portal.teams.models.assignments import NOTICE
from portal.teams.services import removals

MOST_EVENTS = 10
NOBODY_YET = {
    "icon": "users",
    "title": "No developers yet",
    "text": "We propose developers who fit what you build. Each proposal shows here, and you decide.",
}
NOTHING_FOUND = {
    "icon": "search",
    "title": "Nobody fits",
    "text": "Search for less, or look at everybody.",
    "action_label": "Show everybody",
    "action_url": "?",
}

NO_ASSIGNMENTS = {
    "icon": "users",
    "title": "No assignments",
    "text": "When we propose one of your developers to a company, it shows here.",
}


def team(choice: Choice, page: "Page[Assignment]", *, as_cards: bool) -> dict[str, Any]:
    """The list of a team: one page of it, as a table or as cards."""
    shown = list(page)
    return {
        "bar": filters.bar(choice, placeholder="Search by name or skill"),
        "kept": [("view", "cards")] if as_cards else [],
        "columns": rows.TEAM_COLUMNS,
        "rows": rows.team_rows(shown, onboarding.progress_of(shown), today=timezone.localdate()),
        "empty": NOTHING_FOUND if choice.is_narrow else NOBODY_YET,
        "page": page,
        "pages_url": f"?{choice.query(view='cards' if as_cards else '')}&",
        "as_cards": as_cards,
        "views": view_choices(choice, as_cards=as_cards),
    }


def view_choices(choice: Choice, *, as_cards: bool) -> list[dict[str, Any]]:
    """The switch between table and cards."""
    return [
        {"label": "Table", "icon": "list", "url": f"?{choice.query()}", "active": not as_cards},
        {"label": "Cards", "icon": "layout-grid", "url": f"?{choice.query(view='cards')}", "active": as_cards},
    ]


def developer(request: MemberRequest, assignment: Assignment, form: RemovalForm) -> dict[str, Any]:
    """What the page of one developer shows."""
    today = timezone.localdate()
    may_decide = roles.allows(request.membership, roles.Permission.APPROVE_DEVELOPERS)
    events = ActivityEvent.objects.visible_to(request.user, company=request.company, membership=request.membership)
    return {
        "assignment": assignment,
        "developer": assignment.developer,
        "is_open": assignment.status in Assignment.OPEN,
        "row": rows.team_row(assignment, onboarding.progress_of([assignment])[assignment.pk], today=today),
        "notice": rows.notice_progress(assignment, today=today) if assignment.ends_on else None,
        "crumbs": [{"label": "Team", "url": reverse("team")}],
        "waiting": removals.waiting_on(assignment),
        "events": entries(events.about(assignment.developer.user), limit=MOST_EVENTS),
        "may_decide": may_decide,
        "form": form,
        "would_end_on": today + NOTICE,
        "would_be_last": today + NOTICE - date.resolution,
    }


def agency(choice: Choice, page: "Page[Assignment]") -> dict[str, Any]:
    """The list at an agency's desk, whose developers all come from the agency."""
    bar = filters.bar(choice, placeholder="Search by name or skill")
    return {
        "bar": {**bar, "selects": bar["selects"][:1]},
        "columns": rows.AGENCY_COLUMNS,
        "rows": rows.agency_rows(page, today=timezone.localdate()),
        "empty": NO_ASSIGNMENTS,
        "page": page,
        "pages_url": f"?{choice.query()}&",
    }
