"""Forms about members."""

from collections.abc import Iterable
from typing import Any

from django import forms

from portal.accounts import grants, roles
from portal.accounts.models import Company, Membership

FLAGS = {
    "can_approve_developers": ("May approve developers", "Decides whom the team takes in, and asks for removals."),
    "can_sign_contracts": ("May sign contracts", "Signs in the company's name."),
    "can_manage_billing": ("May manage billing", "Subscribes, changes plans, pays. Viewers cannot."),
}
# The same in a list of what somebody does.
RIGHTS = {
    "can_approve_developers": "approves developers",
    "can_sign_contracts": "signs contracts",
    "can_manage_billing": "manages billing",
}
ROLE_WORDS = {
    "owner": "Owner: everything, also exporting or erasing the company's data",
    "admin": "Admin: profile, members, verification",
    "billing": "Billing: plans, invoices, payments",
    "viewer": "Viewer: reads everything but invoices",
}


class MemberForm(forms.Form):
    """Role, flags and grants; flags are for owners to set, and the owner's role for owners to give."""

    role = forms.ChoiceField(widget=forms.RadioSelect)

    def __init__(
        self, *args: Any, by: Membership, company: Company, of: Membership | None = None, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.by_owner = by.role == Membership.Role.OWNER
        role = self.fields["role"]
        if isinstance(role, forms.ChoiceField):
            role.choices = [(code, words) for code, words in ROLE_WORDS.items() if self.by_owner or code != "owner"]
        role.initial = of.role if of else Membership.Role.VIEWER
        if self.by_owner:
            self._add_flags(of)
        self._add_grants(company, of)

    def _add_flags(self, of: Membership | None) -> None:
        start = roles.default_flags(Membership.Role.VIEWER)
        for name, (label, words) in FLAGS.items():
            initial = getattr(of, name) if of else start[name]
            usual = " ".join(role for role in Membership.Role.values if roles.default_flags(role)[name])
            # static/js/roles.js sets the box as is usual for the role that is chosen.
            box = forms.CheckboxInput(attrs={"data-usual-of": usual})
            self.fields[name] = forms.BooleanField(
                label=label, help_text=words, required=False, initial=initial, widget=box
            )

    def _add_grants(self, company: Company, of: Membership | None) -> None:
        for name in grants.sources:
            source = grants.sources.get(name)
            options = [(option.key, option.label) for option in source.options(company)]
            if options:
                self.fields[f"grant_{name}"] = forms.MultipleChoiceField(
                    label=source.label,
                    choices=options,
                    required=False,
                    widget=forms.CheckboxSelectMultiple,
                    initial=list(source.held(of)) if of else [],
                )

    def chosen_flags(self) -> dict[str, bool] | None:
        """The flags as an owner set them; None where somebody else filled the form in."""
        return {name: self.cleaned_data[name] for name in FLAGS} if self.by_owner else None

    def chosen_grants(self) -> dict[str, list[str]]:
        """Keys by source."""
        given: Iterable[tuple[str, Any]] = self.cleaned_data.items()
        return {name.removeprefix("grant_"): list(keys) for name, keys in given if name.startswith("grant_")}

    def values(self) -> dict[str, Any]:
        """What `members.change` takes."""
        return {"role": self.cleaned_data["role"], "flags": self.chosen_flags(), "chosen": self.chosen_grants()}


class InviteForm(MemberForm):
    """Whom to invite, as what."""

    email = forms.EmailField(label="E-mail address", widget=forms.EmailInput(attrs={"autocomplete": "off"}))

    field_order = ("email", "role")

    def invitation_values(self) -> dict[str, Any]:
        """What `invitations.invite` takes."""
        given = self.cleaned_data
        return {
            "email": given["email"],
            "role": given["role"],
            "flags": self.chosen_flags(),
            "grants": self.chosen_grants(),
        }


class JoinForm(forms.Form):
    """Asking to join a company."""

    message = forms.CharField(
        max_length=300,
        required=False,
        label="Message",
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Who you are, so that they know you.",
    )
