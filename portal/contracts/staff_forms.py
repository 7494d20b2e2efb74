"""What staff fill in about contracts, in the admin."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.models import Permission
from django.db.models import Q
from django.utils.translation import gettext as _
from wagtail.admin.widgets import AdminDateInput

from portal.accounts import roles
from portal.accounts.models import Company, Membership, User
from portal.contracts.models import Contract, ContractTemplate, Signer
from portal.contracts.models.signers import Side
from portal.contracts.services.drafting import LONGEST_VALUE, SIGN_FOR_VENDOR, NewSigner
from portal.projects.models import Project

CURRENCIES = [(code, code) for code in settings.CURRENCIES]
# So many people can sign for each side.
PLACES = {Side.COMPANY: 3, Side.VENDOR: 2}
TERMS = (
    "title", "starts_on", "ends_on", "currency", "discount_percent", "renewal_months", "notice_days", "signing_order",
    "offer_ends_on", "project",
)  # fmt: skip
VALUE = "value_"


class BeginForm(forms.Form):
    """With whom, and from which template."""

    company = forms.ModelChoiceField(Company.objects.filter(is_active=True))
    template = forms.ModelChoiceField(ContractTemplate.objects.in_use(), help_text="Published templates.")


class ImportForm(forms.Form):
    """A document, and what becomes of it."""

    file = forms.FileField(label="Document", help_text="Markdown (.md) or Word (.docx).")
    name = forms.CharField(max_length=110, required=False, help_text="Left empty: the first heading of the document.")
    type = forms.ChoiceField(choices=ContractTemplate.TYPES)


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), max_length=2000, help_text="Both sides read it.")


class DraftForm(forms.ModelForm[Contract]):
    """The terms of a draft, what stands in the merge fields of its template, and who signs."""

    class Meta:
        model = Contract
        fields = TERMS
        widgets = {
            "starts_on": AdminDateInput,
            "ends_on": AdminDateInput,
            "offer_ends_on": AdminDateInput,
            "currency": forms.Select(choices=CURRENCIES),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        project: Any = self.fields["project"]
        project.queryset = Project.objects.filter(company=self.instance.company)
        for field in self.instance.template.own_fields:
            self.fields[VALUE + field.name] = forms.CharField(
                label=field.label,
                required=False,
                max_length=LONGEST_VALUE,
                widget=forms.Textarea(attrs={"rows": 1}),
                initial=self.instance.values.get(field.name, ""),
                help_text=_("Such as: %(sample)s") % {"sample": field.sample} if field.sample else "",
            )
        self._add_signers()

    def _add_signers(self) -> None:
        known = (
            list(self.instance.signers.exclude(status=Signer.Status.DELEGATED).in_order()) if self.instance.pk else []
        )
        for side, words, people in (
            (Side.COMPANY, _("for the company"), who_may_sign(self.instance.company)),
            (Side.VENDOR, _("for us"), ours()),
        ):
            there = [signer for signer in known if signer.side == side]
            for place in range(PLACES[side]):
                held = there[place] if place < len(there) else None
                names = {"side": words, "place": place + 1}
                self.fields[f"{side}_{place}"] = forms.ModelChoiceField(
                    people,
                    required=False,
                    initial=held.user_id if held else None,
                    label=_("Signer %(place)s %(side)s") % names,
                )
                self.fields[f"{side}_{place}_title"] = forms.CharField(
                    required=False,
                    max_length=120,
                    initial=held.title if held else "",
                    label=_("Signs %(side)s as") % names,
                    help_text=_("Such as: Managing director"),
                )

    def clean(self) -> dict[str, Any]:
        """Say in words what the database would refuse."""
        values: dict[str, Any] = super().clean() or {}
        starts_on, ends_on = values.get("starts_on"), values.get("ends_on")
        if starts_on and ends_on and ends_on <= starts_on:
            self.add_error("ends_on", _("A contract ends after it starts."))
        return values

    def terms(self) -> dict[str, Any]:
        """The columns of the contract."""
        return {name: self.cleaned_data[name] for name in TERMS}

    def values(self) -> dict[str, str]:
        """What stands in the template's own merge fields."""
        return {name.removeprefix(VALUE): text for name, text in self.cleaned_data.items() if name.startswith(VALUE)}

    def signers(self) -> list[NewSigner]:
        """Who signs, in order."""
        places = [(side, f"{side}_{place}") for side in Side for place in range(PLACES[side])]
        return [
            NewSigner(self.cleaned_data[name], side, self.cleaned_data[f"{name}_title"])
            for side, name in places
            if self.cleaned_data[name]
        ]


def who_may_sign(company: Company) -> Any:
    """The members who may sign for a company."""
    members = Membership.objects.filter(company=company, can_sign_contracts=True)
    keys = [member.user_id for member in members if roles.allows(member, roles.Permission.SIGN_CONTRACTS)]
    return User.objects.filter(pk__in=keys, is_active=True).order_by("first_name", "last_name", "pk")


def ours() -> Any:
    """Those of our staff who may sign for us."""
    app, _dot, codename = SIGN_FOR_VENDOR.partition(".")
    right = {"content_type__app_label": app, "codename": codename}
    held = Permission.objects.filter(**right)
    allowed = Q(is_superuser=True) | Q(user_permissions__in=held) | Q(groups__permissions__in=held)
    people = User.objects.filter(allowed, is_staff=True, is_active=True).distinct()
    return people.order_by("first_name", "last_name", "pk")
