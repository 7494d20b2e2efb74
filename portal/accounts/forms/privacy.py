"""Forms of the privacy pages."""

from typing import Any

from django import forms

from portal.accounts.models import User


class ProofForm(forms.Form):
    """A code of the second factor, or where there is none the password: proof of who sits at the browser."""

    proof = forms.CharField(max_length=256, strip=False)

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["proof"]
        if user.second_factor_at:
            field.label = "Code"
            field.help_text = "The six digits that your app shows now, or one of your recovery codes."
            field.widget = forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false"})
        else:
            field.label = "Password"
            field.help_text = "Once more, so that nobody else gets this from an open browser."
            field.widget = forms.PasswordInput(attrs={"autocomplete": "current-password"})


class ErasureForm(ProofForm):
    """A word typed by hand, and proof: nobody erases by accident. `word` is one's address, or the company's name."""

    confirmation = forms.CharField(max_length=254, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    field_order = ["confirmation", "proof"]

    def __init__(self, *args: Any, word: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.word = word
        self.fields["confirmation"].label = f"Type “{word}” to confirm"

    def clean_confirmation(self) -> str:
        """Refuse any other word."""
        typed: str = self.cleaned_data["confirmation"].strip()
        if typed.casefold() != self.word.casefold():
            raise forms.ValidationError(f"Type “{self.word}”, exactly as it stands here.")
        return typed
