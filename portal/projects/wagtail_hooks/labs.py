"""Projects at Labs, of which staff say which project of a company each is."""

from typing import Any

from django import forms
from django.db.models import Model
from django.utils import timezone
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from portal.accounts.models import Company, User
from portal.core.admin_actions import ActionView
from portal.projects.models import LabsProject, Project
from portal.projects.services.labs import deciding
from portal.projects.wagtail_hooks.rights import RunPolicy
from portal.projects.wagtail_hooks.snippets import ActingIndexView, ActingViewSet

State = LabsProject.State


def company_of(row: LabsProject) -> Company | None:
    """Whose it is, or is thought to be."""
    return row.project.company if row.project else row.company


class JoinForm(forms.Form):
    """Which project it is."""

    project = forms.ModelChoiceField(
        Project.objects.none(),
        help_text="Of the companies whose people reach it at Labs, those that are not joined yet.",
    )


class MakeForm(forms.Form):
    """For which company a project is begun."""

    company = forms.ModelChoiceField(Company.objects.none(), help_text="Companies whose people reach it at Labs.")
    name = forms.CharField(max_length=120)


class LabsAction(ActionView):
    """Something about a project at Labs."""

    model = LabsProject
    permission_required = "run"
    header_icon = "link"
    back = "wagtailsnippets_projects_labsproject:list"

    def records(self) -> Any:
        """All of them."""
        return LabsProject.objects.select_related("company", "suggestion")

    def companies(self) -> Any:
        """Whose it can be."""
        return deciding.companies(self.object, at=timezone.now()).order_by("name", "pk")


class JoinView(LabsAction):
    """Joins it to a project."""

    page_title = "Join to a project"
    form_class = JoinForm
    intro = "The company reads on the project's page what Labs tells of it."
    done = "It is joined to the project. Labs is asked for what it tells of it."

    def get_initial(self) -> dict[str, Any]:
        """The project of the same name."""
        return {"project": self.object.suggestion_id}

    def get_form(self, form_class: Any = None) -> Any:
        """Offer the projects that it can be."""
        form = super().get_form(form_class)
        free = Project.objects.filter(company__in=self.companies(), labs_project=None)
        field = form.fields["project"]
        field.queryset = free.select_related("company").order_by("company__name", "name")
        field.label_from_instance = lambda project: f"{project.company}: {project.name}"
        return form

    def act(self, record: LabsProject, by: User, values: dict[str, Any]) -> Model:
        """Join."""
        return deciding.join(row=record, project=values["project"], by=by, at=timezone.now())


class MakeView(LabsAction):
    """Begins a project for it."""

    page_title = "Make a project"
    form_class = MakeForm
    intro = "A project of the company begins in planning, and what Labs tells of it shows on its page."
    done = "The project was made, and is joined."

    def get_initial(self) -> dict[str, Any]:
        """The company that is meant most likely."""
        return {"company": self.object.company_id, "name": self.object.name[:120]}

    def get_form(self, form_class: Any = None) -> Any:
        """Offer the companies that it can be of."""
        form = super().get_form(form_class)
        form.fields["company"].queryset = self.companies()
        return form

    def act(self, record: LabsProject, by: User, values: dict[str, Any]) -> Model:
        """Make."""
        return deciding.make(row=record, by=by, at=timezone.now(), **values)


class LeaveOutView(LabsAction):
    """Leaves it out."""

    page_title = "Leave out"
    intro = "It is no company's project here. It can still be joined later."
    done = "It was left out."

    def act(self, record: LabsProject, by: User, values: dict[str, Any]) -> Model:
        """Leave out."""
        return deciding.leave_out(row=record, by=by, at=timezone.now())


class LabsIndexView(ActingIndexView):
    """The newest first."""

    default_ordering = "-first_seen_at"
    ways = {
        "join": ("Join to a project", "link", JoinView),
        "make": ("Make a project", "plus", MakeView),
        "leave_out": ("Leave out", "cross", LeaveOutView),
    }

    def open_ways(self, instance: LabsProject) -> list[str]:
        """What its state allows."""
        if instance.state == State.JOINED:
            return []
        return [key for key in self.ways if key != "leave_out" or instance.state == State.WAITING]


class LabsProjectViewSet(ActingViewSet):
    """Projects at Labs."""

    model = LabsProject
    icon = "link"
    menu_label = "Projects in Labs"
    menu_order = 163
    add_to_admin_menu = True
    related = ("company", "suggestion__company", "project__company")
    index_view_class = LabsIndexView
    inspect_view_fields = ["name", "url", "state", "company", "suggestion", "project", "first_seen_at", "read_at"]
    list_display = [
        "name",
        Column("state", label="State", accessor="get_state_display"),
        Column(
            "guess", label="Company", accessor=lambda row: row.project.company if row.project else row.company or "–"
        ),
        Column("project", label="Project", accessor=lambda row: row.project or "–"),
        Column("suggestion", label="Of the same name", accessor=lambda row: row.suggestion or "–"),
        DateColumn("first_seen_at", label="First seen", sort_key="first_seen_at"),
    ]
    list_filter = ["state"]
    search_fields = ["name", "company__name"]


register_permission_policy(LabsProject, RunPolicy(LabsProject))
register_snippet(LabsProjectViewSet)
