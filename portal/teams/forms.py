"""Forms of developers and teams."""

from typing import Any

from django import forms
from django.contrib.postgres.forms import SimpleArrayField

from portal.accounts.models import Company
from portal.core import files
from portal.teams.models import Developer
from portal.teams.models.people import MOST_LINKS, MOST_SKILLS
from portal.teams.services.community import Profile


class WordsField(SimpleArrayField):
    """Several words, separated by commas."""

    def prepare_value(self, value: Any) -> Any:
        """Write them with a space after each comma."""
        return ", ".join(value) if isinstance(value, list) else value


class ProfileForm(forms.ModelForm[Developer]):
    """What a developer says of themselves; `profile` and `new_cv` are what the service takes."""

    skills = WordsField(
        forms.CharField(max_length=40),
        max_length=MOST_SKILLS,
        required=False,
        help_text=f"Separated by commas, the strongest first; {MOST_SKILLS} at most.",
    )
    links = SimpleArrayField(
        forms.URLField(max_length=300, assume_scheme="https", error_messages={"invalid": "Write a web address."}),
        error_messages={"item_invalid": "Line %(nth)s:"},
        delimiter="\n",
        max_length=MOST_LINKS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=f"Your site, your work: one address a line, {MOST_LINKS} at most.",
    )
    cv = files.UploadField(kinds=files.PDF, label="CV", required=False)
    remove_cv = forms.BooleanField(label="Remove the CV", required=False)

    class Meta:
        model = Developer
        fields = ["headline", "skills", "availability", "github_name", "links"]
        help_texts = {
            "headline": "What you do, in one line: companies read it first.",
            "github_name": "As in github.com/name.",
        }
        widgets = {"github_name": forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"})}

    def clean_skills(self) -> list[str]:
        """Each skill once, however it is capitalised."""
        return list({skill.casefold(): skill for skill in reversed(_filled(self.cleaned_data["skills"]))}.values())[
            ::-1
        ]

    def clean_links(self) -> list[str]:
        """Each link once."""
        return list(dict.fromkeys(_filled(self.cleaned_data["links"])))

    def profile(self) -> Profile:
        """The checked fields."""
        return Profile(**{name: self.cleaned_data[name] for name in self.Meta.fields})

    def new_cv(self) -> Any:
        """The file that takes the place of the one before; False to remove it, None to leave it."""
        return self.cleaned_data["cv"] or (False if self.cleaned_data["remove_cv"] else None)


class RemovalForm(forms.Form):
    """Why a developer should leave."""

    reason = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        label="Why should this developer leave?",
        help_text="Our staff read this when they decide. The developer does not.",
    )


def _filled(values: list[str]) -> list[str]:
    return [value.strip() for value in values if value.strip()]


class StaffReasonForm(forms.Form):
    """Why staff do something by themselves."""

    reason = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        help_text="It is kept with the record of what happened.",
    )


class ShortenForm(StaffReasonForm):
    """When a notice should end, and why."""

    ends_on = forms.DateField(
        label="First day without access",
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Today ends the assignment at once.",
    )

    field_order = ("ends_on", "reason")


class ProposalForm(forms.Form):
    """For which company a developer is proposed."""

    company = forms.ModelChoiceField(queryset=Company.objects.filter(is_active=True))
    note = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        required=False,
        label="Why this developer",
        help_text="The company reads it when it decides.",
    )
