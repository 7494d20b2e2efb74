"""Forms of those who sign."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.accounts.forms.privacy import ProofForm
from portal.accounts.models import User
from portal.contracts.models import Signer
from portal.contracts.services import delegating, signing
from portal.core.names import ONE_LINE

LONGEST_REASON = 2000


class SignForm(ProofForm):
    """A name typed in full, the agreement to sign electronically, and proof of who sits at the browser."""

    name = forms.CharField(
        label=_("Your full name"),
        max_length=signing.LONGEST_NAME,
        validators=[ONE_LINE],
        error_messages={"required": _("Type your name: it is your signature.")},
        help_text=_("Type it as on your passport or identity card: it is your signature."),
        widget=forms.TextInput(attrs={"class": "signature-input", "autocomplete": "name", "spellcheck": "false"}),
    )
    consent = forms.BooleanField(
        label=_("I agree to sign this contract electronically, as written above"),
        error_messages={"required": _("Tick this to sign, or decline and sign on paper.")},
    )
    field_order = ("consent", "name", "proof")

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, user=user, **options)
        self.fields["proof"].help_text = _("Asked again, so that nobody else signs from an open browser.")
        if user.second_factor_at:
            self.fields["proof"].help_text = _("The six digits that your app shows now, or one of your recovery codes.")

    def ask_again(self) -> None:
        """Take the tick away: what was agreed to is not what is asked now."""
        self.data = {name: value for name, value in self.data.items() if name != "consent"}


class DelegateForm(forms.Form):
    """Who is to sign instead, and why."""

    to = forms.ModelChoiceField(User.objects.none(), label=_("Who signs instead of you"), to_field_name="public_id")
    note = forms.CharField(
        label=_("What they should know"),
        max_length=LONGEST_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("They read it in the message that asks them to sign. It stays with the evidence."),
    )

    def __init__(self, *args: Any, signer: Signer, **options: Any) -> None:
        super().__init__(*args, **options)
        people: Any = self.fields["to"]
        people.queryset = delegating.candidates(signer)


class DeclineForm(forms.Form):
    """Why somebody does not sign."""

    reason = forms.CharField(
        label=_("Why do you not sign?"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Everybody who is to sign, and our staff, read it. It stays with the evidence."),
    )
