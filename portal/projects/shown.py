"""How projects, their milestones and repositories look on pages and dashboards."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.activity.feeds import ago
from portal.core import charts
from portal.projects.models import Milestone, Project, Repository, RepositoryFigures

State = Repository.State
KINDS = {State.OK: "success", State.BAD_TOKEN: "danger", State.MISSING: "danger", State.UNREACHABLE: "warning"}
# Rows of the chart that can be told apart; what is more is one row together.
MOST_ROWS = 5
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Card:
    """A project in a list."""

    project: Project
    url: str
    percent: int
    milestones: str
    next_up: str
    week: str
    is_stale: bool
    people: list[str]


def card(project: Project, *, route: str, today: date, at: datetime) -> Card:
    """A project of `with_parts` as a card, which leads to the page of that name."""
    milestones = list(project.milestones.all())
    reached = sum(one.reached_on is not None for one in milestones)
    repositories = list(project.repositories.all())
    return Card(
        project=project,
        url=reverse(route, args=[project.public_id]),
        percent=reached * 100 // len(milestones) if milestones else 0,
        milestones=_("%(reached)s of %(all)s") % {"reached": reached, "all": len(milestones)} if milestones else "",
        next_up=next_words(milestones, today=today),
        week=week_words(repositories),
        is_stale=any(one.is_stale(at=at) for one in repositories),
        people=[str(place.assignment.developer) for place in project.developers.all()],
    )


def next_words(milestones: Iterable[Milestone], *, today: date) -> str:
    """The next milestone with its day in words."""
    waiting = [one for one in milestones if one.reached_on is None]
    return f"{waiting[0].name}: {due_words(waiting[0].due_on, today=today)}" if waiting else ""


def due_words(due_on: date, *, today: date) -> str:
    """How far off a day is."""
    left = (due_on - today).days
    if left == 0:
        return _("due today")
    if left > 0:
        return ngettext("due tomorrow", "due in %(days)s days", left) % {"days": left}
    return ngettext("1 day late", "%(days)s days late", -left) % {"days": -left}


def figures_of(repository: Repository) -> RepositoryFigures | None:
    """What is known of it, if it was ever read."""
    return getattr(repository, "figures", None)


def week_words(repositories: Iterable[Repository]) -> str:
    """Commits of this week over repositories; nothing where none was read."""
    known = [figures for one in repositories if (figures := figures_of(one))]
    if not known:
        return ""
    commits = sum(figures.commits_this_week for figures in known)
    return ngettext("%(count)s commit this week", "%(count)s commits this week", commits) % {"count": commits}


def milestone_row(milestone: Milestone, *, today: date) -> dict[str, Any]:
    """A milestone as components/step_list.html takes it."""
    reached = milestone.reached_on
    is_late = reached is None and milestone.due_on < today
    day = date_format(reached or milestone.due_on, "j F Y")
    note = _("Reached on %(day)s") % {"day": day} if reached else f"{day}, {due_words(milestone.due_on, today=today)}"
    state = "done" if reached else "error" if is_late else "upcoming"
    return {"title": milestone.name, "note": note, "state": state, "text": milestone.description}


def repository_row(repository: Repository, *, at: datetime) -> dict[str, Any]:
    """A repository with its figures, and from when they are."""
    figures = figures_of(repository)
    return {
        "name": repository.full_name,
        "url": "" if repository.is_demo else repository.url,
        "badge": "" if repository.is_demo else repository.get_state_display(),
        "kind": KINDS.get(State(repository.state), ""),
        "is_stale": repository.is_stale(at=at),
        "age": age_words(repository, at=at),
        "figures": counted(figures) if figures else [],
        "pending": bool(figures and figures.weeks_pending),
    }


def counted(figures: RepositoryFigures) -> list[tuple[str, str]]:
    """The figures with their names."""
    rows = (
        (_("Commits"), figures.commits),
        (_("This week"), figures.commits_this_week),
        (_("Open pull requests"), figures.open_pull_requests),
        (_("Merged"), figures.merged_pull_requests),
        (_("Open issues"), figures.open_issues),
        (_("Contributors"), figures.contributors),
    )
    return [(label, charts.plain(number)) for label, number in rows]


def age_words(repository: Repository, *, at: datetime) -> str:
    """From when the figures are, and why there are no later ones."""
    if repository.is_demo:
        return _("Made-up figures of the demo")
    why = reason(repository)
    if repository.synced_at is None:
        return _("Not read yet: %(why)s") % {"why": why} if why else _("Not read yet")
    words = {"ago": ago(repository.synced_at, at), "why": why}
    if why:
        return _("From %(ago)s: %(why)s") % words
    return _("From %(ago)s") % words


def reason(repository: Repository) -> str:
    """Why nothing newer could be read, in words for a company."""
    return {
        State.BAD_TOKEN: _("GitHub refuses the token"),
        State.MISSING: _("GitHub does not find the repository"),
        State.RATE_LIMITED: _("GitHub asked us to wait"),
        State.UNREACHABLE: _("GitHub did not answer"),
    }.get(State(repository.state), "")


def weekly_chart(repositories: Sequence[Repository]) -> Any:
    """Commits of the last 52 weeks, a colour a repository; None where nothing was counted."""
    read = [(one, figures) for one in repositories if (figures := figures_of(one)) and len(figures.weeks) > 1]
    if not read:
        return None
    read.sort(key=lambda pair: (-sum(pair[1].weeks), pair[0].full_name))
    length = max(len(figures.weeks) for _one, figures in read)
    rows: dict[str, Sequence[charts.Number]] = {
        one.full_name: padded(figures.weeks, length) for one, figures in read[: MOST_ROWS - 1]
    }
    if rest := [padded(figures.weeks, length) for _one, figures in read[MOST_ROWS - 1 :]]:
        rows[_("Others")] = [sum(week) for week in zip(*rest, strict=True)]
    last = max(figures.taken_at for _one, figures in read)
    labels = [date_format(last - WEEK * (length - 1 - place), "j M") for place in range(length)]
    return charts.stacked(_("Commits a week"), labels, rows)


def padded(weeks: Sequence[int], length: int) -> list[int]:
    """Weeks of as many as there are elsewhere; those before the first are empty."""
    return [0] * (length - len(weeks)) + list(weeks)
