"""Widgets that belong to no app below, and the list of all that editors can choose from."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import QuerySet, TextField, Value
from django.db.models.functions import Concat, Now
from django.urls import reverse
from django.utils import timezone
from wagtail import blocks

from billing.launch.widgets import ProductActivity, ProductCards
from billing.payments.widgets import BillingSummary
from billing.subscriptions.widgets import NextBill, PlansAndLimits
from billing.usage.widgets import UsageChart
from helpcenter.knowledge.widgets import ArticlesForYou
from home.models.announcements import Announcement
from portal.accounts.widgets import FinishSetup
from portal.activity.widgets import RecentActivity
from portal.approvals.widgets import ApprovalsWaiting
from portal.contracts.widgets import ContractsToSign
from portal.core import charts
from portal.core.addresses import INVALID, PATTERN
from portal.core.icons import IconBlock
from portal.core.widgets import Failed, Figure, Need, Scope, Statistic, WidgetBlock, statistics
from portal.projects.widgets import GitHubWeek, OpenIssues, ProjectStatus, UpcomingMilestones
from portal.teams.widgets import AgencyDevelopers, MyCompanies, MyDecisions, TeamOverview

MOST_ANNOUNCEMENTS = 5
# How a card looks whose figure has not been read yet, could not be read, or does not exist.
STATES = {Ellipsis: "loading", Failed: "error", None: "empty"}


def announcements(scope: Scope) -> list[Announcement]:
    """What is announced to the viewer's kind of desk now."""
    desk = scope.request.desk
    return list(Announcement.objects.shown(kind=desk.kind, at=timezone.now())[:MOST_ANNOUNCEMENTS]) if desk else []


def announced(scope: Scope) -> "QuerySet[Any] | None":
    """The words of what is announced by now, as the mark of it."""
    desk = scope.request.desk
    if desk is None:
        return None
    told = Concat("title", Value(" "), "text", Value(" "), "level", "link", output_field=TextField())
    return Announcement.objects.shown(kind=desk.kind, at=Now()).annotate(mark=told)[:MOST_ANNOUNCEMENTS]


def statistic_choices() -> list[tuple[str, str]]:
    """Statistics as editors choose them, with the desks that see each."""
    return [
        (key, f"{statistics.get(key).label} ({', '.join(sorted(statistics.get(key).kinds))})") for key in statistics
    ]


class StatisticBlock(blocks.ChoiceBlock):
    """The choice of one registered statistic; migrations know it as a choice without the list."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "choices": statistic_choices})

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """Leave out the choices: apps register them when they start."""
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "choices": []}


def card_of(statistic: Statistic, results: Mapping[Need, Any] | None) -> dict[str, Any]:
    """A statistic as components/stat_card.html takes it: loading until it is read, an error where it cannot be."""
    figure = statistic.sample if results is None else results.get(statistic, Ellipsis)
    card = {"statistic": statistic, "url": reverse(statistic.link) if statistic.link else ""}
    if not isinstance(figure, Figure):
        return {**card, "state": STATES.get(figure, "error")}
    spark = charts.sparkline(figure.trend, label=f"{statistic.label}, {course(figure)}") if figure.trend else None
    return {**card, "figure": figure, "spark": spark}


def course(figure: Figure) -> str:
    """The way of a figure in words."""
    return f"from {charts.plain(figure.trend[0])} to {charts.plain(figure.trend[-1])}"


class StatCards(WidgetBlock):
    """A row of figures; each viewer sees those of the viewer's kind of desk."""

    title = blocks.CharBlock(required=False, max_length=80)
    statistics = blocks.ListBlock(StatisticBlock(), help_text="Each viewer sees those of the viewer's own desk.")
    is_live = True

    def chosen(self, value: Any, kind: str | None) -> list[Statistic]:
        """The placed statistics that somebody at such a desk may see; all of them in a preview of the block alone."""
        known = (statistics.get(key) for key in value["statistics"] if key in statistics)
        return [statistic for statistic in known if kind is None or kind in statistic.kinds]

    def readers(self, value: Any, kind: str) -> tuple[Need, ...]:
        """The chosen statistics, but for those that read much."""
        return tuple(one for one in self.chosen(value, kind) if not one.later)

    def later_readers(self, value: Any, kind: str) -> tuple[Need, ...]:
        """Those that read much."""
        return tuple(one for one in self.chosen(value, kind) if one.later)

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Add `cards`: each statistic that the viewer may see, with its figure."""
        context = super().get_context(value, parent_context)
        read, request = context.get("results"), context.get("request")
        context["cards"] = [
            card_of(statistic, read)
            for statistic in self.chosen(value, context.get("kind"))
            if read is None or request is None or statistic.may_see(request)
        ]
        return context

    class Meta:
        icon = "order"
        template = "home/widgets/stat_cards.html"
        description = "Figures with their change against the period before."
        preview_value: ClassVar[dict[str, Any]] = {"title": "", "statistics": ["members", "products", "new-help-pages"]}


class QuickActions(WidgetBlock):
    """Links to what people do most."""

    title = blocks.CharBlock(default="Quick actions", max_length=80)
    actions = blocks.ListBlock(
        blocks.StructBlock(
            [
                ("icon", IconBlock(default="arrow-right")),
                ("label", blocks.CharBlock(max_length=60)),
                (
                    "link",
                    blocks.RegexBlock(PATTERN, max_length=300, help_text=INVALID, error_messages={"invalid": INVALID}),
                ),
            ]
        )
    )

    class Meta:
        icon = "link-external"
        template = "home/widgets/quick_actions.html"
        description = "Links to what people do most."
        preview_value: ClassVar[dict[str, Any]] = {
            "title": "Quick actions",
            "actions": [{"icon": "search", "label": "Search the help center", "link": "/help/search/"}],
        }


class Announcements(WidgetBlock):
    """Messages to everyone at the viewer's kind of desk."""

    needs = (announcements,)
    samples = ([Announcement(title="New guides", text="The month-end guides are complete.", level="info")],)

    class Meta:
        icon = "info-circle"
        template = "home/widgets/announcements.html"
        description = "Announcements for the viewer, which editors keep as snippets."
        preview_value: ClassVar[dict[str, Any]] = {}


class TextWidget(WidgetBlock):
    """Text of the editor's."""

    title = blocks.CharBlock(required=False, max_length=80)
    text = blocks.RichTextBlock(features=["bold", "italic", "ol", "ul", "link"])

    class Meta:
        icon = "pilcrow"
        template = "home/widgets/text.html"
        description = "A title and text."
        preview_value: ClassVar[dict[str, Any]] = {
            "title": "Welcome",
            "text": "<p>Start with the first steps guide.</p>",
        }


class DashboardBlock(blocks.StreamBlock):
    """All widgets."""

    announcements = Announcements()
    finish_setup = FinishSetup()
    stat_cards = StatCards()
    products = ProductCards()
    approvals = ApprovalsWaiting()
    quick_actions = QuickActions()
    billing_summary = BillingSummary()
    next_bill = NextBill()
    plans_and_limits = PlansAndLimits()
    articles = ArticlesForYou()
    activity = RecentActivity()
    usage_chart = UsageChart()
    product_activity = ProductActivity()
    team = TeamOverview()
    my_companies = MyCompanies()
    my_decisions = MyDecisions()
    agency_developers = AgencyDevelopers()
    contracts_to_sign = ContractsToSign()
    project_status = ProjectStatus()
    github_week = GitHubWeek()
    open_issues = OpenIssues()
    upcoming_milestones = UpcomingMilestones()
    text = TextWidget()
