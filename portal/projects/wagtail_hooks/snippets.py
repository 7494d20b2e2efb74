"""Lists of projects, milestones, people, repositories and messages, with buttons for what can be done."""

from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import path, reverse
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.widgets import Button
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import CreateView, EditView, SnippetViewSet, SnippetViewSetGroup

from portal.accounts.wagtail_hooks.choosers import COMPANY_CHOOSER
from portal.core.admin_choosers import Unchosen
from portal.core.admin_lists import SparingIndexView
from portal.core.forms import RefusalsMixin
from portal.core.states import possible
from portal.projects import shown
from portal.projects.forms import ProjectForm
from portal.projects.models import Delivery, Milestone, Project, ProjectDeveloper, Repository
from portal.projects.services import projects
from portal.projects.wagtail_hooks import actions, github_actions

Way = tuple[str, str, Any]
MOVES: dict[str, Way] = {
    "start": ("Start work", "success", actions.StartView),
    "pause": ("Pause", "time", actions.PauseView),
    "complete": ("Complete", "tick", actions.CompleteView),
    "reopen": ("Take up again", "rotate", actions.ReopenView),
}
ADDED: dict[str, Way] = {
    "add_milestone": ("Add a milestone", "plus", actions.AddMilestoneView),
    "add_developer": ("Add a developer", "user", actions.AddDeveloperView),
    "add_repository": ("Connect a repository", "code", actions.AddRepositoryView),
}


class ActingIndexView(SparingIndexView):
    """A list whose rows have buttons: `ways` of the viewset, as far as `open_ways` lets them."""

    ways: ClassVar[dict[str, Way]] = {}

    def get_list_more_buttons(self, instance: Model) -> list[Any]:
        """Add what can be done, for those who may."""
        buttons: list[Any] = super().get_list_more_buttons(instance)
        if not self.user_has_permission("run"):
            return buttons
        name = f"wagtailsnippets_projects_{instance._meta.model_name}"
        for place, key in enumerate(self.open_ways(instance)):
            label, icon, _view = self.ways[key]
            address = reverse(f"{name}:{key}", args=[instance.pk])
            buttons.append(Button(label, url=address, icon_name=icon, priority=5 + place))
        return buttons

    def open_ways(self, instance: Any) -> list[str]:
        """What this row allows."""
        return list(self.ways)


class ActingViewSet(Unchosen, SnippetViewSet):
    """What all of them have in common."""

    copy_view_enabled = False
    add_to_reference_index = False
    inspect_view_enabled = True
    related: ClassVar[tuple[str, ...]] = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With what the list shows of each."""
        return self.model._default_manager.select_related(*self.related)

    def get_urlpatterns(self) -> list[Any]:
        """The addresses of the actions beside the usual ones."""
        ways: dict[str, Way] = self.index_view_class.ways
        own = [path(f"{key}/<int:pk>/", self.construct_view(view), name=key) for key, (_l, _i, view) in ways.items()]
        return [*super().get_urlpatterns(), *own]


class ProjectIndexView(ActingIndexView):
    """The newest first."""

    default_ordering = "-created_at"
    ways = {**MOVES, **ADDED}

    def open_ways(self, instance: Project) -> list[str]:
        """What its state allows, and what can be added."""
        return [*(move for move in MOVES if move in possible(instance)), *ADDED]


class AddView(RefusalsMixin, CreateView):
    """Begins a project."""

    def save_instance(self) -> Project:
        """By the service."""
        values, at = self.form.cleaned_data, timezone.now()
        return projects.create(company=values["company"], values=values, by=self.request.user, at=at)


class ChangeView(RefusalsMixin, EditView):
    """Changes what is said of a project."""

    def save_instance(self) -> Project:
        """By the service."""
        at = timezone.now()
        return projects.edit(project=self.object, values=self.form.cleaned_data, by=self.request.user, at=at)


class ProjectViewSet(ActingViewSet):
    """Projects."""

    model = Project
    icon = "folder-open-inverse"
    menu_label = "Projects"
    related = ("company",)
    index_view_class = ProjectIndexView
    add_view_class = AddView
    edit_view_class = ChangeView
    inspect_view_fields = ["company", "name", "type", "status", "description", "labs_url", "starts_on", "ends_on"]
    list_display = [
        "name",
        Column("company", label="Company"),
        Column("type", label="Type", accessor="get_type_display"),
        Column("status", label="State", accessor="get_status_display"),
        DateColumn("created_at", label="Added", sort_key="created_at"),
    ]
    list_filter = ["status", "type", "company"]
    search_fields = ["name", "company__name"]
    edit_handler = ObjectList(
        [
            FieldPanel("company", widget=COMPANY_CHOOSER.widget_class),
            FieldRowPanel([FieldPanel("name"), FieldPanel("type")]),
            FieldPanel("description"),
            FieldPanel("labs_url"),
            FieldRowPanel([FieldPanel("starts_on"), FieldPanel("ends_on")]),
        ],
        base_form_class=ProjectForm,
    )


class MilestoneIndexView(ActingIndexView):
    """The next first."""

    default_ordering = "due_on"
    ways = {
        "reach": ("Mark as reached", "tick", actions.ReachView),
        "take_back": ("Mark as not reached", "undo", actions.TakeBackView),
        "change_words": ("Change", "edit", actions.ChangeMilestoneView),
        "remove": ("Remove", "bin", actions.RemoveMilestoneView),
    }

    def open_ways(self, instance: Milestone) -> list[str]:
        """Reached or not."""
        refused = "reach" if instance.reached_on else "take_back"
        return [way for way in self.ways if way != refused]


class MilestoneViewSet(ActingViewSet):
    """Milestones of all projects."""

    model = Milestone
    icon = "tick"
    menu_label = "Milestones"
    related = ("project__company",)
    index_view_class = MilestoneIndexView
    list_display = [
        "name",
        Column("project", label="Project"),
        Column("company", label="Company", accessor=lambda row: row.project.company),
        Column("due_on", label="Due", sort_key="due_on"),
        Column("reached_on", label="Reached", accessor=lambda row: row.reached_on or "–"),
    ]
    list_filter = ["project"]
    search_fields = ["name", "project__name"]


class PlaceIndexView(ActingIndexView):
    """The newest first."""

    default_ordering = "-pk"
    ways = {
        "change_role": ("Change the role", "edit", actions.ChangeRoleView),
        "remove": ("Take off the project", "bin", actions.RemovePlaceView),
    }


class PlaceViewSet(ActingViewSet):
    """Who works on which project."""

    model = ProjectDeveloper
    icon = "user"
    menu_label = "People"
    related = ("project__company", "assignment__developer__user")
    index_view_class = PlaceIndexView
    list_display = [
        Column("developer", label="Developer", accessor=lambda row: row.assignment.developer),
        Column("project", label="Project"),
        Column("company", label="Company", accessor=lambda row: row.project.company),
        Column("role", label="Role", accessor="get_role_display"),
        Column("since_on", label="Since"),
    ]
    list_filter = ["role", "project"]


class RepositoryIndexView(ActingIndexView):
    """By name."""

    default_ordering = "full_name"
    ways = {
        "look_now": ("Read the figures now", "rotate", github_actions.LookNowView),
        "change_token": ("Enter another token", "key", github_actions.ChangeTokenView),
        "webhook_secret": ("Secret of the webhook", "lock", github_actions.WebhookSecretView),
        "remove": ("Remove", "bin", github_actions.RemoveRepositoryView),
    }


class RepositoryViewSet(ActingViewSet):
    """Repositories of all projects; no token is ever shown."""

    model = Repository
    icon = "code"
    menu_label = "Repositories"
    related = ("project__company", "figures")
    index_view_class = RepositoryIndexView
    inspect_view_fields = [
        "project", "full_name", "is_private", "state", "detail", "synced_at", "tried_at", "token_verdict",
        "token_scopes", "token_expires_at", "webhook_heard_at",
    ]  # fmt: skip
    list_display = [
        "full_name",
        Column("project", label="Project"),
        Column("company", label="Company", accessor=lambda row: row.project.company),
        Column("state", label="State", accessor="get_state_display"),
        Column("age", label="Figures", accessor=lambda row: shown.age_words(row, at=timezone.now())),
        Column("token_verdict", label="Token", accessor=lambda row: row.get_token_verdict_display()),
        DateColumn("token_expires_at", label="Token ends", sort_key="token_expires_at"),
    ]
    list_filter = ["state", "token_verdict"]
    search_fields = ["full_name", "project__name", "project__company__name"]


class DeliveryIndexView(ActingIndexView):
    """The newest first."""

    default_ordering = "-received_at"
    ways = {"replay": ("Act on it again", "rotate", github_actions.ReplayView)}

    def open_ways(self, instance: Delivery) -> list[str]:
        """Those that were signed."""
        return ["replay"] if instance.signature == Delivery.Signature.GOOD else []


class DeliveryViewSet(ActingViewSet):
    """What GitHub told us."""

    model = Delivery
    icon = "download"
    menu_label = "GitHub webhooks"
    index_view_class = DeliveryIndexView
    inspect_view_fields = [
        "event", "action", "repository_name", "delivery_id", "received_at", "signature", "state", "result", "error",
        "text",
    ]  # fmt: skip
    list_display = [
        "__str__",
        "repository_name",
        Column("signature", label="Signature", accessor="get_signature_display"),
        Column("state", label="State", accessor="get_state_display"),
        Column("result", label="Result", accessor=lambda row: row.result or row.error or "–"),
        DateColumn("received_at", label="Received", sort_key="received_at"),
    ]
    list_filter = ["state", "signature"]


class ProjectsGroup(SnippetViewSetGroup):
    """One entry of the menu for all of them."""

    items = (ProjectViewSet, MilestoneViewSet, PlaceViewSet, RepositoryViewSet, DeliveryViewSet)
    menu_label = "Projects"
    menu_icon = "folder-open-inverse"
    menu_name = "projects"
    menu_order = 162


register_snippet(ProjectsGroup)
