"""Proving once more who sits at the browser, before something leaves or ends for good."""

from allauth.core import ratelimit
from django.http import HttpRequest
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.accounts.services import second_factor

SECONDS = 60


def demand(*, request: HttpRequest, user: User, proof: str) -> None:
    """Take a code of the second factor, or where there is none the password.

    Raises WrongCode, WrongPassword, TooManyAttempts; the first two name the field `proof`.
    """
    if user.second_factor_at:
        try:
            second_factor.check(user=user, code=proof)
        except second_factor.WrongCode as refusal:
            raise second_factor.WrongCode(refusal.message, field="proof") from None
    elif not ratelimit.consume(request, action="reauthenticate", user=user):
        raise second_factor.TooManyAttempts(SECONDS)
    elif not user.check_password(proof):
        raise second_factor.WrongPassword(_("This is not your password."), field="proof")
