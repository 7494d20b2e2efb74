"""Lists of developers, agencies and assignments, with buttons for what can be done."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.formats import date_format
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.widgets import Button
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from portal.core.admin_choosers import Unchosen
from portal.core.admin_lists import SparingIndexView
from portal.teams.models import Agency, Assignment, Developer
from portal.teams.models.assignments import AssignmentQuerySet
from portal.teams.models.people import DeveloperQuerySet
from portal.teams.wagtail_hooks import actions

Status = Assignment.Status


def button(model: str, name: str, pk: int, label: str, icon: str) -> Button:
    """A way to one of the actions."""
    return Button(label, url=reverse(f"wagtailsnippets_teams_{model}:{name}", args=[pk]), icon_name=icon, priority=5)


def day(value: date | None) -> str:
    """A day in words: how long ago it was says nothing of one that is still to come."""
    return date_format(value, "j F Y") if value else "–"


class DeveloperIndexView(SparingIndexView):
    """The newest first."""

    default_ordering = "-pk"

    def get_list_more_buttons(self, instance: Developer) -> list[Any]:
        """Add proposing and excluding, for approved ones and those who may."""
        buttons: list[Any] = super().get_list_more_buttons(instance)
        if instance.cv and self.user_has_any_permission(["assign", "exclude"]):
            buttons.append(button("developer", "cv", instance.pk, "CV", "download"))
        if instance.is_approved and self.user_has_permission("assign"):
            buttons.append(button("developer", "propose", instance.pk, "Propose to a company", "plus"))
        if instance.is_approved and self.user_has_permission("exclude"):
            buttons.append(button("developer", "exclude", instance.pk, "Take out of the community", "cross"))
        return buttons


class DeveloperViewSet(Unchosen, SnippetViewSet):
    """Developers; of a profile, staff change the agency alone."""

    model = Developer
    icon = "user"
    menu_label = "Developers"
    copy_view_enabled = False
    add_to_reference_index = False
    inspect_view_enabled = True
    inspect_view_fields = ["user", "status", "agency", "headline", "skills", "links", "github_name", "availability"]
    index_view_class = DeveloperIndexView
    panels = [FieldPanel("agency")]
    list_display = [
        "__str__",
        Column("status", label="State", accessor="get_status_display"),
        Column("source", label="Comes from"),
        Column("headline", label="Headline"),
        Column("availability", label="Works", accessor="get_availability_display"),
    ]
    list_filter = ["status", "availability", "agency"]
    search_fields = ["user__first_name", "user__last_name", "user__email", "headline"]

    def get_queryset(self, request: HttpRequest) -> DeveloperQuerySet:
        """With what the list shows of each."""
        return Developer.objects.with_person()

    def get_urlpatterns(self) -> list[Any]:
        """The addresses of the actions beside the usual ones."""
        return [
            *super().get_urlpatterns(),
            path("propose/<int:pk>/", self.construct_view(actions.ProposeView), name="propose"),
            path("cv/<int:pk>/", self.construct_view(actions.CvView), name="cv"),
            path("exclude/<int:pk>/", self.construct_view(actions.ExcludeView), name="exclude"),
        ]


class AgencyViewSet(Unchosen, SnippetViewSet):
    """Agencies and their admins."""

    model = Agency
    icon = "group"
    menu_label = "Agencies"
    copy_view_enabled = False
    add_to_reference_index = False
    index_view_class = SparingIndexView
    panels = [FieldPanel("name"), FieldPanel("slug"), FieldPanel("admins")]
    list_display = ["name", "slug"]
    search_fields = ["name"]


class AssignmentIndexView(SparingIndexView):
    """The latest proposal first."""

    default_ordering = "-proposed_at"

    def get_list_more_buttons(self, instance: Assignment) -> list[Any]:
        """Add what the state allows, for those who may."""
        buttons: list[Any] = super().get_list_more_buttons(instance)
        if not self.user_has_permission("assign"):
            return buttons
        if instance.status == Status.PROPOSED:
            buttons.append(button("assignment", "take_back", instance.pk, "Take the proposal back", "undo"))
        if instance.status == Status.NOTICE:
            buttons.append(button("assignment", "withdraw_notice", instance.pk, "Withdraw the notice", "undo"))
            buttons.append(button("assignment", "shorten_notice", instance.pk, "Shorten the notice", "time"))
        return buttons


class AssignmentViewSet(Unchosen, SnippetViewSet):
    """Who develops for which company."""

    model = Assignment
    icon = "link"
    menu_label = "Assignments"
    copy_view_enabled = False
    add_to_reference_index = False
    inspect_view_enabled = True
    inspect_view_fields = [
        "developer", "company", "status", "note", "proposed_by", "proposed_at", "starts_on", "ends_on",
        "removal_reason", "notice_reason",
    ]  # fmt: skip
    index_view_class = AssignmentIndexView
    list_display = [
        "developer",
        Column("company", label="Company"),
        Column("status", label="State", accessor="get_status_display"),
        DateColumn("proposed_at", label="Proposed", sort_key="proposed_at"),
        Column("starts_on", label="Since", sort_key="starts_on", accessor=lambda row: day(row.starts_on)),
        Column("ends_on", label="Without access from", sort_key="ends_on", accessor=lambda row: day(row.ends_on)),
    ]
    list_filter = ["status", "company"]
    search_fields = ["developer__user__first_name", "developer__user__last_name", "company__name"]

    def get_queryset(self, request: HttpRequest) -> AssignmentQuerySet:
        """With what the list shows of each."""
        return Assignment.objects.with_people()

    def get_urlpatterns(self) -> list[Any]:
        """The addresses of the actions beside the usual ones."""
        return [
            *super().get_urlpatterns(),
            path("take-back/<int:pk>/", self.construct_view(actions.TakeBackView), name="take_back"),
            path("withdraw-notice/<int:pk>/", self.construct_view(actions.WithdrawNoticeView), name="withdraw_notice"),
            path("shorten-notice/<int:pk>/", self.construct_view(actions.ShortenNoticeView), name="shorten_notice"),
        ]


class TeamsGroup(SnippetViewSetGroup):
    """One entry of the menu for all three."""

    items = (DeveloperViewSet, AgencyViewSet, AssignmentViewSet)
    menu_label = "Developers"
    menu_icon = "group"
    menu_name = "teams"
    menu_order = 160


register_snippet(TeamsGroup)
