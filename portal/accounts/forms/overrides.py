"""Forms by which staff act in a company's place."""

from typing import Any

from django import forms

from portal.accounts.forms.members import FLAGS, ROLE_WORDS
from portal.accounts.models import Company, Membership, User


class OverrideForm(forms.Form):
    """Why staff do it themselves."""

    override = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        label="Reason",
        help_text="The company reads it in its activity, and it stays there. Name nobody.",
    )


class StaffMemberForm(OverrideForm):
    """A member's role and rights."""

    role = forms.ChoiceField(choices=list(ROLE_WORDS.items()), widget=forms.RadioSelect)

    field_order = ("role", *FLAGS, "override")

    def __init__(self, *args: Any, of: Membership, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["role"].initial = of.role
        for name, (label, words) in FLAGS.items():
            self.fields[name] = forms.BooleanField(
                label=label, help_text=words, required=False, initial=getattr(of, name)
            )
        self.order_fields(self.field_order)


class TransferForm(OverrideForm):
    """Which owner hands over."""

    field_order = ("of", "override")

    def __init__(self, *args: Any, company: Company, **options: Any) -> None:
        super().__init__(*args, **options)
        owners = User.objects.filter(memberships__company=company, memberships__role=Membership.Role.OWNER)
        self.fields["of"] = forms.ModelChoiceField(
            queryset=owners.order_by("pk"), label="Hands over", initial=owners.first()
        )
        self.order_fields(self.field_order)
