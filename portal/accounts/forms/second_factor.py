"""Forms of the second factor."""

from typing import Any

from django import forms


class CodeForm(forms.Form):
    """A code of the authenticator app, or a recovery code where these are taken."""

    code = forms.CharField(label="Code", max_length=32)

    def __init__(self, *args: Any, recovery: bool = True, **options: Any) -> None:
        super().__init__(*args, **options)
        widget = self.fields["code"].widget
        widget.attrs |= {"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false"}
        if recovery:
            self.fields["code"].help_text = "The six digits that your app shows now, or one of your recovery codes."
        else:
            widget.attrs["inputmode"] = "numeric"
            self.fields["code"].help_text = "The six digits that your app shows now."


class DisableForm(CodeForm):
    """Password and code, to turn the second factor off."""

    password = forms.CharField(
        label="Password",
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ["password", "code"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # The password is asked for first.
        del self.fields["code"].widget.attrs["autofocus"]
        self.fields["password"].widget.attrs["autofocus"] = True
