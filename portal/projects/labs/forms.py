"""What people write to link their account at Labs."""

from typing import Any

from django import forms

from portal.accounts.forms.privacy import ProofForm


class TokenForm(ProofForm):
    """An API token of Labs, and proof of who sits at the browser."""

    token = forms.CharField(
        label="API token",
        max_length=4096,
        help_text="Made at Labs under Settings, API keys.",
        # Nothing keeps it: neither the browser's history of fields nor a page that is shown again.
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    field_order = ["token", "proof"]

    def clean_token(self) -> str:
        """Refuse what cannot stand in a header."""
        token: str = self.cleaned_data["token"]
        if not token.isascii() or not token.isprintable() or " " in token:
            raise forms.ValidationError("An API token has no spaces and no special letters. Copy it once more.")
        return token

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.order_fields(self.field_order)
