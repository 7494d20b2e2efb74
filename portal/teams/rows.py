"""How assignments and developers look in lists."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format

from portal.teams.models import Assignment
from portal.teams.models.assignments import NOTICE
from portal.teams.onboarding import Progress

Row = dict[str, Any]

TEAM_COLUMNS = [
    {"label": "Developer"},
    {"label": "State"},
    {"label": "Skills"},
    {"label": "From"},
    {"label": "In the team"},
    {"label": "Onboarding"},
]
AGENCY_COLUMNS = [{"label": "Developer"}, {"label": "Company"}, {"label": "State"}, {"label": "Days"}]
MOST_SKILLS_SHOWN = 3


def countdown(assignment: Assignment, *, today: date) -> str:
    """How much of a notice is left, in words; empty without one."""
    left = assignment.days_left(today=today)
    if left is None or assignment.status != Assignment.Status.NOTICE:
        return ""
    if left == 0:
        return "Notice has run out"
    return "Last day today" if left == 1 else f"{left} days left"


def days(assignment: Assignment) -> str:
    """The days of an assignment in words."""
    first = date_format(assignment.starts_on, "j M Y") if assignment.starts_on else ""
    last = assignment.last_day
    if not first:
        return f"Proposed {date_format(assignment.proposed_at, 'j M Y')}"
    return f"{first} – {date_format(last, 'j M Y')}" if last else f"Since {first}"


def notice_progress(assignment: Assignment, *, today: date) -> Row:
    """What components/progress.html takes for a notice: how much of its thirty days has passed."""
    left, last = assignment.days_left(today=today) or 0, assignment.last_day
    return {
        "label": "Notice",
        "value": min(100, max(0, (NOTICE.days - left) * 100 // NOTICE.days)),
        "shown": countdown(assignment, today=today),
        "note": f"Last day {date_format(last, 'l, j F Y')}" if last else "",
    }


def team_row(assignment: Assignment, progress: Progress, *, today: date) -> Row:
    """A row of components/table.html at a company's desk, with what cards show besides."""
    developer = assignment.developer
    skills = ", ".join(developer.skills[:MOST_SKILLS_SHOWN])
    in_team = assignment.status in Assignment.IN_TEAM
    return {
        "url": reverse("team-developer", args=[developer.public_id]),
        "assignment": assignment,
        "countdown": countdown(assignment, today=today),
        "skills": developer.skills[:MOST_SKILLS_SHOWN],
        "days": days(assignment),
        "onboarding": progress,
        "in_team": in_team,
        "cells": [
            {"value": str(developer), "sub": developer.headline},
            {"value": assignment.get_status_display(), "badge": assignment.status},
            {"value": skills or "–"},
            {"value": developer.source},
            {"value": days(assignment), "sub": countdown(assignment, today=today)},
            {"value": progress.words if in_team else "–"},
        ],
    }


def team_rows(rows: Iterable[Assignment], progress: Mapping[int, Progress], *, today: date) -> list[Row]:
    """Rows of a company's team."""
    return [team_row(row, progress[row.pk], today=today) for row in rows]


def agency_rows(rows: Iterable[Assignment], *, today: date) -> list[Row]:
    """Rows at an agency's desk: of the company, its name and no more."""
    return [
        {
            "cells": [
                {"value": str(row.developer), "sub": row.developer.headline},
                {"value": row.company.name},
                {"value": row.get_status_display(), "badge": row.status},
                {"value": days(row), "sub": countdown(row, today=today)},
            ]
        }
        for row in rows
    ]
