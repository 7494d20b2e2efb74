"""Forms of an account: allauth's own, with labels alone."""

from typing import Any

from allauth.account import forms as allauth
from allauth.core import context, ratelimit
from django import forms
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from portal.accounts.adapter import AccountAdapter
from portal.core.errors import Conflict
from portal.core.names import ONE_LINE

LABELS = {
    "email": "E-mail address",
    "login": "E-mail address",
    "password1": "Password",
    "password2": "The same password again",
    "oldpassword": "Your password now",
}
ENOUGH = "Ten characters or more, not digits alone, and nothing that others could guess."


class LabelsAlone(forms.Form):
    """allauth repeats each label as placeholder, which says nothing and vanishes as one types.

    Labels are set here and not in templates, so that the summary of errors calls a field what the page calls it.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        for name, label in LABELS.items():
            if name in self.fields:
                self.fields[name].label = label
        if "password1" in self.fields:
            self.fields["password1"].help_text = ENOUGH


class NewPassword(LabelsAlone):
    """Another password than the one so far."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = "New password"


class LoginForm(LabelsAlone, allauth.LoginForm):
    """Sign-in."""


class JustTaken(Conflict):
    """The address got an account while this one was made: by a second click, say."""

    code = "address_taken"


class SignupForm(LabelsAlone, allauth.SignupForm):
    """Sign-up with the person's name, so that nobody is greeted by half an e-mail address."""

    first_name = forms.CharField(
        max_length=80, validators=[ONE_LINE], widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    last_name = forms.CharField(
        max_length=80, validators=[ONE_LINE], widget=forms.TextInput(attrs={"autocomplete": "family-name"})
    )

    field_order: tuple[str, ...] = ("first_name", "last_name", "email", "password1", "password2")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(self.field_order)

    def save(self, request: HttpRequest) -> Any:
        """Make the account. Raises JustTaken."""
        try:
            with transaction.atomic():
                return super().save(request)
        except IntegrityError:
            raise JustTaken(_("This address got an account a moment ago. Sign in with it.")) from None

    def validate_unique_email(self, value: str) -> str:
        """Refuse an address that has an account, and let its owner know (docs/decisions/0007), once a day."""
        try:
            address: str = super().validate_unique_email(value)
        except forms.ValidationError:
            if ratelimit.consume(context.request, action="taken_address", key=value.lower()):
                AccountAdapter(context.request).send_account_already_exists_mail(value)
            raise
        return address


class AddEmailForm(LabelsAlone, allauth.AddEmailForm):
    """Another address."""


class ResetPasswordForm(LabelsAlone, allauth.ResetPasswordForm):
    """The address that gets a link."""


class ResetPasswordKeyForm(NewPassword, allauth.ResetPasswordKeyForm):
    """A new password, by the link."""


class ChangePasswordForm(NewPassword, allauth.ChangePasswordForm):
    """A new password, by the old one."""


class SetPasswordForm(NewPassword, allauth.SetPasswordForm):
    """The first password of an account without one."""


class ReauthenticateForm(LabelsAlone, allauth.ReauthenticateForm):
    """The password once more."""
