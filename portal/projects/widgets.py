"""What dashboards show of projects: each reader one or two queries, however many projects a company has."""

from typing import Any, ClassVar, cast

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail import blocks

from portal.accounts.desks import Kind
from portal.accounts.models import User
from portal.core.widgets import Scope, WidgetBlock
from portal.projects import shown
from portal.projects.models import Milestone, Project, Repository
from portal.projects.models.projects import ProjectQuerySet

MOST = 6
Item = dict[str, Any]


def at_desk(scope: Scope) -> tuple[ProjectQuerySet, str]:
    """The projects that whoever looks has at this desk, and the name of their page there."""
    if scope.request.company is not None:
        return Project.objects.for_company(scope.request.company), "project"
    user = cast("User", scope.request.user)
    return Project.objects.worked_on_by(user, today=timezone.localdate()), "developer-project"


def project_status(scope: Scope) -> list[Item]:
    """Projects that are not done, with how many milestones are reached."""
    found, page = at_desk(scope)
    reached = Count("milestones", filter=Q(milestones__reached_on__isnull=False))
    rows: Any = found.not_completed().annotate(of=Count("milestones"), reached=reached).newest()
    return [
        {
            "title": row.name,
            "url": reverse(page, args=[row.public_id]),
            "note": _("%(reached)s of %(of)s milestones reached") % {"reached": row.reached, "of": row.of}
            if row.of
            else _("No milestones yet"),
            "badge": row.status,
            "badge_label": row.get_status_display(),
        }
        for row in rows[:MOST]
    ]


def repositories(scope: Scope) -> list[tuple[Repository, str]]:
    """Repositories of projects that are not done, with the address of each project's page."""
    found, page = at_desk(scope)
    rows = Repository.objects.filter(project__in=found.not_completed()).select_related("project")
    return [(row, reverse(page, args=[row.project.public_id])) for row in rows.in_order()]


def upcoming(scope: Scope) -> list[Item]:
    """Milestones that are ahead, those that are late first."""
    found, page = at_desk(scope)
    today = timezone.localdate()
    rows = Milestone.objects.upcoming(today=today).filter(project__in=found.not_completed()).select_related("project")
    return [
        {
            "title": row.name,
            "url": reverse(page, args=[row.project.public_id]),
            "note": f"{row.project.name} · {date_format(row.due_on, 'j M Y')}",
            "icon": "triangle-alert" if row.due_on < today else "calendar",
            "time": shown.due_words(row.due_on, today=today),
        }
        for row in rows[:MOST]
    ]


def line(row: Repository, url: str, figure: str) -> Item:
    """A repository with one of its figures; old ones say from when they are."""
    old = row.is_stale(at=timezone.now())
    note = shown.age_words(row, at=timezone.now()) if old or row.is_demo else row.project.name
    return {
        "title": row.full_name,
        "url": url,
        "note": note,
        "icon": "triangle-alert" if old else "code",
        "time": figure,
    }


def this_week(found: list[tuple[Repository, str]]) -> list[Item]:
    """Repositories by their commits of this week."""
    known = [(row, url, figures) for row, url in found if (figures := shown.figures_of(row))]
    known.sort(key=lambda one: -one[2].commits_this_week)
    return [
        line(
            row,
            url,
            ngettext("%(count)s commit", "%(count)s commits", figures.commits_this_week)
            % {"count": figures.commits_this_week},
        )
        for row, url, figures in known[:MOST]
    ]


def open_issues(found: list[tuple[Repository, str]]) -> list[Item]:
    """Repositories by their open issues."""
    known = [(row, url, figures) for row, url in found if (figures := shown.figures_of(row)) and figures.open_issues]
    known.sort(key=lambda one: -one[2].open_issues)
    return [
        line(
            row,
            url,
            ngettext("%(count)s open issue", "%(count)s open issues", figures.open_issues)
            % {"count": figures.open_issues},
        )
        for row, url, figures in known[:MOST]
    ]


STATUS_SAMPLES: list[Item] = [
    {"title": "Farm shop", "note": "2 of 4 milestones reached", "badge": "active", "badge_label": "Active"},
    {"title": "Payroll bridge", "note": "No milestones yet", "badge": "planning", "badge_label": "Planning"},
]
WEEK_SAMPLES: list[Item] = [{"title": "northwind-labs/farm-shop", "note": "Farm shop", "time": "14 commits"}]
ISSUE_SAMPLES: list[Item] = [{"title": "northwind-labs/farm-shop", "note": "Farm shop", "time": "7 open issues"}]
MILESTONE_SAMPLES: list[Item] = [
    {"title": "Payments go live", "note": "Farm shop · 4 Dec 2026", "icon": "calendar", "time": "due in 12 days"}
]


class ProjectWidget(WidgetBlock):
    """A list with a title that comes once the page is there."""

    is_later = True
    title = blocks.CharBlock(max_length=80)
    kinds = frozenset({Kind.COMPANY, Kind.DEVELOPER})
    nothing: ClassVar[tuple[str, str, str]] = ("folder-git-2", "", "")

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Add the way to the whole list, and what to say when it is empty."""
        context = super().get_context(value, parent_context)
        if context.get("results") is not None and not context["failed"] and not self.waits(context):
            context["data"] = self.items(context["data"])
        page = "developer-projects" if context.get("kind") == Kind.DEVELOPER else "projects"
        return {**context, "more_url": reverse(page), "nothing": self.nothing}

    def items(self, data: Any) -> list[Item]:
        """What was read as rows."""
        return list(data)


class ProjectStatus(ProjectWidget):
    """How far projects are."""

    needs = (project_status,)
    samples = (STATUS_SAMPLES,)
    nothing = ("folder-git-2", "No projects under way", "What we build for you shows here with its milestones.")

    class Meta:
        icon = "folder-open-inverse"
        template = "teams/widgets/assignments.html"
        description = "For companies and developers: projects that are not done, with state and milestones."
        preview_value: ClassVar[dict[str, Any]] = {"title": "Projects"}


class GitHubWeek(ProjectWidget):
    """What happened on GitHub this week."""

    needs = (repositories,)
    samples = (WEEK_SAMPLES,)
    nothing = ("code", "Nothing read yet", "Commits of this week show here once a repository is connected.")

    def items(self, data: Any) -> list[Item]:
        """By commits."""
        return this_week(data)

    class Meta:
        icon = "code"
        template = "teams/widgets/assignments.html"
        description = "For companies and developers: commits of this week in the repositories of projects."
        preview_value: ClassVar[dict[str, Any]] = {"title": "On GitHub this week"}


class OpenIssues(ProjectWidget):
    """Issues that are open."""

    needs = (repositories,)
    samples = (ISSUE_SAMPLES,)
    nothing = ("circle-check", "No open issues", "Issues of your projects' repositories show here while they are open.")

    def items(self, data: Any) -> list[Item]:
        """By open issues."""
        return open_issues(data)

    class Meta:
        icon = "warning"
        template = "teams/widgets/assignments.html"
        description = "For companies and developers: repositories of projects with open issues."
        preview_value: ClassVar[dict[str, Any]] = {"title": "Open issues"}


class UpcomingMilestones(ProjectWidget):
    """Milestones that are ahead."""

    needs = (upcoming,)
    samples = (MILESTONE_SAMPLES,)
    nothing = ("calendar", "Nothing is due", "The next milestones of projects show here.")

    class Meta:
        icon = "calendar"
        template = "teams/widgets/assignments.html"
        description = "For companies and developers: the next milestones of projects, those that are late first."
        preview_value: ClassVar[dict[str, Any]] = {"title": "Next milestones"}
