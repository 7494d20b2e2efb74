"""Forms by which staff keep projects."""

from typing import Any

from django import forms
from django.utils import timezone
from wagtail.admin.forms import WagtailAdminModelForm

from portal.projects.models import Project, ProjectDeveloper
from portal.projects.services.repositories import LONGEST_TOKEN
from portal.teams.models import Assignment


class ProjectForm(WagtailAdminModelForm):
    """What is said of a project; it stays with its company."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "company" in self.fields:
            self.fields["company"].disabled = True


class MilestoneForm(forms.Form):
    """A milestone."""

    name = forms.CharField(max_length=160)
    due_on = forms.DateField(label="Due on", widget=forms.DateInput(attrs={"type": "date"}))
    description = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}), max_length=2000, required=False, help_text="What is there then."
    )


class RoleForm(forms.Form):
    """As what a developer works on a project."""

    role = forms.ChoiceField(choices=ProjectDeveloper.Role.choices, initial=ProjectDeveloper.Role.DEVELOPER)


class PlaceForm(RoleForm):
    """Who works on a project: somebody of the company's team."""

    assignment = forms.ModelChoiceField(
        queryset=Assignment.objects.none(),
        label="Developer",
        help_text="Those who are in the company's team today.",
    )
    field_order = ("assignment", "role")

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["assignment"]
        today = timezone.localdate()
        field.queryset = Assignment.objects.for_company(project.company).giving_access(today=today).with_people()
        field.label_from_instance = lambda assignment: f"{assignment.developer} ({assignment.developer.source})"


class TokenForm(forms.Form):
    """A token for GitHub; what was entered before is never shown."""

    token = forms.CharField(
        max_length=LONGEST_TOKEN,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text="A fine-grained personal access token that may only read Contents, Issues, Metadata and Pull "
        "requests of this repository. Empty for a public repository.",
    )
    accept_powerful = forms.BooleanField(
        label="Keep a token that may do more than read",
        required=False,
        help_text="Classic tokens have no right that only reads private repositories. Whoever gets hold of it can "
        "change what it may change.",
    )


class RepositoryForm(TokenForm):
    """A repository and its token."""

    full_name = forms.CharField(
        label="Owner and name", max_length=200, help_text="As in the address on GitHub: owner/name."
    )
    field_order = ("full_name", "token", "accept_powerful")


class WebhookSecretForm(forms.Form):
    """What signs the webhooks of one repository."""

    secret = forms.CharField(
        max_length=200,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text="The secret that was entered with the webhook on GitHub. Empty: none of its own.",
    )
