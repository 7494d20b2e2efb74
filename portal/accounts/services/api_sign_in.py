"""Signing in by e-mail address, password and code, without a browser."""

from http import HTTPStatus
from types import MappingProxyType

from allauth.account.adapter import get_adapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.accounts.services import second_factor
from portal.core.errors import DomainError

# The longest that django-allauth's limit of failures keeps an address out.
LOCKED_SECONDS = 300


class SignInRefused(DomainError):
    """Address or password is wrong, or the account is closed: which of them, nobody is told."""

    code = "invalid_credentials"
    status = HTTPStatus.UNAUTHORIZED


class CodeWanted(DomainError):
    """The password is right, and the account has a second factor."""

    code = "otp_required"
    status = HTTPStatus.UNAUTHORIZED


class WrongCode(DomainError):
    """The code is wrong or was used before."""

    code = "invalid_otp"
    status = HTTPStatus.UNAUTHORIZED


class LockedOut(DomainError):
    """Too many failures for this address, or from this place."""

    code = "too_many_attempts"
    status = HTTPStatus.TOO_MANY_REQUESTS
    headers = MappingProxyType({"Retry-After": str(LOCKED_SECONDS)})


def prove(*, request: HttpRequest, email: str, password: str, otp: str = "") -> User:
    """Find the account that these open. Raises SignInRefused, LockedOut, CodeWanted, WrongCode, TooManyAttempts.

    Failures count together with those of the sign-in page.
    """
    try:
        user = get_adapter(request).authenticate(request, email=email, password=password)
    except ValidationError as error:
        raise LockedOut(" ".join(error.messages)) from None
    if not isinstance(user, User) or not user.is_active:
        raise SignInRefused(_("E-mail address or password is not right."))
    if user.second_factor_at:
        if not otp:
            raise CodeWanted(_("Give a code of your second factor as otp."), field="otp")
        try:
            second_factor.check(user=user, code=otp)
        except second_factor.WrongCode as error:
            raise WrongCode(error.message, field="otp") from None
    return user
