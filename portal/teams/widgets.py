"""What dashboards show of teams."""

from typing import Any, ClassVar, cast

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from wagtail import blocks

from portal.accounts.desks import Kind
from portal.accounts.models import User
from portal.core.widgets import Scope, WidgetBlock
from portal.teams import onboarding, rows
from portal.teams.models import Assignment, Developer
from portal.teams.services import community

MOST = 10
Item = dict[str, Any]
SAMPLES: list[Item] = [
    {"title": "Savanna Foods", "note": "Since 3 Feb 2026", "badge": "active", "badge_label": "Active"},
    {"title": "Northwind Labs", "note": "12 days left", "badge": "notice", "badge_label": "Under notice"},
]
PEOPLE: list[Item] = [
    {**line, "title": person} for line, person in zip(SAMPLES, ("Amina Hassan", "Tariq Omar"), strict=True)
]


def item(title: str, assignment: Assignment, *, url: str = "", note: str = "") -> Item:
    """A line of components/link_list.html; under notice it counts down instead of telling the days."""
    days = rows.countdown(assignment, today=timezone.localdate()) or rows.days(assignment)
    return {
        "title": title,
        "url": url,
        "note": f"{note} · {days}" if note else days,
        "badge": assignment.status,
        "badge_label": assignment.get_status_display(),
    }


def viewer(scope: Scope) -> User:
    """Who looks at the dashboard, which nobody does without having signed in."""
    return cast("User", scope.request.user)


def my_companies(scope: Scope) -> list[Item]:
    """The companies in whose teams the developer is today, with the onboarding there."""
    mine = Assignment.objects.visible_to(viewer(scope)).giving_access(today=timezone.localdate())
    found = list(mine.with_people().newest()[:MOST])
    progress = onboarding.progress_of(found)
    return [
        item(
            row.company.name,
            row,
            url=reverse("developer-company", args=[row.public_id]),
            note=f"Onboarding: {progress[row.pk].words.lower()}",
        )
        for row in found
    ]


def my_decisions(scope: Scope) -> list[Item]:
    """What the developer waits for: the community's decision, and companies' on proposals."""
    developer = Developer.objects.with_person().filter(user=viewer(scope)).first()
    if developer is None:
        return []
    mine = Assignment.objects.visible_to(developer.user).filter(status=Assignment.Status.PROPOSED)
    proposed = [item(f"{row.company.name} decides whether you join", row) for row in mine.with_people().newest()[:MOST]]
    return [*application(developer), *proposed]


def application(developer: Developer) -> list[Item]:
    """The application for the community, where staff have not said yes."""
    if developer.is_approved:
        return []
    asked = community.application_of(developer)
    line = {"url": reverse("developer-profile"), "icon": "user", "badge": developer.status}
    if asked is None or asked.status == "cancelled":
        return [{**line, "title": "Apply for the community", "note": "Your profile is not with our staff yet."}]
    if developer.status == Developer.Status.REJECTED:
        return [{**line, "title": "Your application was not approved", "note": "Read why, and apply again."}]
    note = f"Since {date_format(asked.asked_at, 'j M Y')}"
    return [{**line, "title": "Our staff decide on your community membership", "note": note}]


def agency_developers(scope: Scope) -> list[Item]:
    """Where the agency's developers work: of each company its name, the state and the days."""
    desk, user = scope.request.desk, viewer(scope)
    own = Assignment.objects.filter(developer__agency__slug=desk.ident if desk else "", developer__agency__admins=user)
    return [item(str(row.developer), row, note=row.company.name) for row in own.open().with_people().newest()[:MOST]]


def team_overview(scope: Scope) -> list[Item]:
    """The company's developers and proposals."""
    found = Assignment.objects.filter(company=scope.request.company).open().with_people().newest()
    return [
        item(
            str(row.developer),
            row,
            url=reverse("team-developer", args=[row.developer.public_id]),
            note=row.developer.headline,
        )
        for row in found[:MOST]
    ]


class TeamWidget(WidgetBlock):
    """A list of assignments with a title."""

    title = blocks.CharBlock(max_length=80)
    samples = (SAMPLES,)
    more_url: ClassVar[str] = ""
    nothing: ClassVar[tuple[str, str, str]] = ("users", "", "")

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Add the way to the whole list, and what to say when it is empty."""
        return {**super().get_context(value, parent_context), "more_url": self.more_url, "nothing": self.nothing}


class MyCompanies(TeamWidget):
    """The companies a developer works for."""

    needs = (my_companies,)
    kinds = frozenset({Kind.DEVELOPER})
    nothing = ("building-2", "No companies yet", "When a company approves you for its team, you find it here.")

    class Meta:
        icon = "group"
        template = "teams/widgets/assignments.html"
        description = "For developers: the companies they work for, with onboarding and the countdown of a notice."
        preview_value: ClassVar[dict[str, Any]] = {"title": "Your companies"}


class MyDecisions(TeamWidget):
    """What a developer waits for."""

    needs = (my_decisions,)
    kinds = frozenset({Kind.DEVELOPER})
    nothing = ("circle-check", "Nothing is open", "Decisions that others make about you show here while they wait.")

    class Meta:
        icon = "time"
        template = "teams/widgets/assignments.html"
        description = "For developers: their application, and proposals that companies decide on."
        preview_value: ClassVar[dict[str, Any]] = {"title": "What you wait for"}


class AgencyDevelopers(TeamWidget):
    """Where an agency's developers work."""

    needs = (agency_developers,)
    samples = (PEOPLE,)
    kinds = frozenset({Kind.AGENCY})
    more_url = "/agency/team/"
    nothing = ("users", "No assignments", "When we propose one of your developers to a company, it shows here.")

    class Meta:
        icon = "group"
        template = "teams/widgets/assignments.html"
        description = "For agencies: where their developers work, in which state and until when."
        preview_value: ClassVar[dict[str, Any]] = {"title": "Your developers"}


class TeamOverview(TeamWidget):
    """A company's developers."""

    is_later = True
    needs = (team_overview,)
    samples = (PEOPLE,)
    kinds = frozenset({Kind.COMPANY})
    more_url = "/customer/team/"
    nothing = ("users", "No developers yet", "We propose developers who fit what you build; you decide on each.")

    class Meta:
        icon = "group"
        template = "teams/widgets/assignments.html"
        description = "For companies: developers in the team, proposals, and countdowns of notices."
        preview_value: ClassVar[dict[str, Any]] = {"title": "Team"}
