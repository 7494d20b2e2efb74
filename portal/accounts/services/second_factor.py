"""Proving a sign-in by a code beside the password.

Codes are checked in a transaction of their own, so that a failure is counted even when what it was for is refused.
"""

import math
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_otp import verify_token

from portal.accounts.models import Authenticator, Membership, RecoveryCodes, User
from portal.accounts.models.second_factor import digest_of, new_codes, new_key, plain
from portal.activity import services as activity
from portal.core.errors import Conflict, DomainError
from portal.notifications.services import notices

URL = "/accounts/second-factor/"
Device = Authenticator | RecoveryCodes


class WrongCode(DomainError):
    """This code is not one of now, was used before, or is another person's."""

    code = "wrong_code"


class WrongPassword(DomainError):
    """The password is not that of the account."""

    code = "wrong_password"


class TooManyAttempts(DomainError):
    """Somebody has tried wrong codes, and one has to wait."""

    code = "too_many_attempts"
    status = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, seconds: int) -> None:
        super().__init__(
            ngettext(
                "There is a pause after too many wrong tries. Wait %(seconds)s second and try again.",
                "There is a pause after too many wrong tries. Wait %(seconds)s seconds and try again.",
                seconds,
            )
            % {"seconds": seconds},
            field="code",
        )
        self.headers = {"Retry-After": str(seconds)}


class AlreadySetUp(Conflict):
    """The account has a second factor; it is turned off before another one is set up."""

    code = "second_factor_exists"


def required_of(user: User, membership: Membership | None) -> bool:
    """Whether somebody must have a second factor at this desk: all staff, and owners of the company."""
    if not settings.SECOND_FACTOR_REQUIRED:
        return False
    return user.is_staff or (membership is not None and membership.role == Membership.Role.OWNER)


def begin(*, user: User) -> Authenticator:
    """Make the secret that an app is to learn, or find the one that was shown before. Raises AlreadySetUp."""
    if user.second_factor_at:
        raise AlreadySetUp(_("Your account has a second factor. Turn it off to use another app."))
    defaults = {"name": "app", "key": new_key()}
    made: Authenticator = Authenticator.objects.get_or_create(user=user, confirmed=False, defaults=defaults)[0]
    return made


def address_of(authenticator: Authenticator, *, issuer: str) -> str:
    """What the QR code holds, as authenticator apps read it (Google's Key URI Format)."""
    label = quote(f"{issuer}:{authenticator.user.email}")
    return f"otpauth://totp/{label}?{urlencode({'secret': authenticator.key, 'issuer': issuer}, quote_via=quote)}"


def confirm(*, user: User, code: str, at: datetime) -> tuple[Authenticator, list[str]]:
    """Ask for a code at every sign-in from now on; return the app and the recovery codes, which are shown this once.

    Raises WrongCode, TooManyAttempts, AlreadySetUp.
    """
    authenticator = begin(user=user)
    _verify(user, authenticator, code)
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        if locked.second_factor_at:
            raise AlreadySetUp(_("Your account has a second factor already."))
        authenticator.refresh_from_db()
        authenticator.confirmed = True
        authenticator.save(update_fields=["confirmed"])
        user.second_factor_at = locked.second_factor_at = at
        locked.save(update_fields=["second_factor_at"])
        _tell("second_factor_on", user, at)
        return authenticator, _replace_codes(user)


def check(*, user: User, code: str) -> Device:
    """Take a code of the person's app, or one of their recovery codes. Raises WrongCode, TooManyAttempts."""
    written = "".join(code.split())
    kind: type[Device] = Authenticator if written.isdigit() else RecoveryCodes
    device = kind.objects.filter(user=user, confirmed=True).first()
    taken = _verify(user, device, written)
    if isinstance(taken, RecoveryCodes):
        now = timezone.now()
        with transaction.atomic():
            _tell("recovery_code_used", user, now, {"left": str(len(taken.digests))})
    return taken


def renew_codes(*, user: User, code: str) -> list[str]:
    """Make ten new recovery codes; the old ones are worth nothing. Raises WrongCode, TooManyAttempts."""
    check(user=user, code=code)
    with transaction.atomic():
        activity.record(verb="account.recovery_codes", actor=user)
        return _replace_codes(user)


def disable(*, user: User, password: str, code: str, at: datetime) -> None:
    """Ask for the password alone from now on. Raises WrongCode, TooManyAttempts, WrongPassword.

    The code comes first, so that whoever found an open browser cannot try passwords here.
    """
    check(user=user, code=code)
    if not user.check_password(password):
        raise WrongPassword(_("This is not your password. Write it again, with the next code."), field="password")
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        Authenticator.objects.filter(user=user).delete()
        RecoveryCodes.objects.filter(user=user).delete()
        user.second_factor_at = locked.second_factor_at = None
        locked.save(update_fields=["second_factor_at"])
        _tell("second_factor_off", user, at)


def codes_left(user: User) -> int:
    """How many recovery codes are unused."""
    found = RecoveryCodes.objects.filter(user=user).first()
    return len(found.digests) if found else 0


def _verify(user: User, device: Device | None, code: str) -> Device:
    allowed, reason = device.verify_is_allowed() if device else (True, None)
    if not allowed and reason:
        raise TooManyAttempts(math.ceil((reason["locked_until"] - timezone.now()).total_seconds()) or 1)
    taken: Device | None = verify_token(user, device.persistent_id, "".join(code.split())) if device else None
    if taken is None:
        raise WrongCode(_("This code is not right, or was used before. Write the one shown now."), field="code")
    return taken


def _replace_codes(user: User) -> list[str]:
    codes = new_codes()
    digests = [digest_of(plain(code), user.pk) for code in codes]
    fresh: dict[str, Any] = {"name": "codes", "digests": digests, "throttling_failure_count": 0}
    RecoveryCodes.objects.update_or_create(user=user, defaults=fresh)
    return codes


def _tell(what: str, user: User, at: datetime, fields: dict[str, str] | None = None) -> None:
    activity.record(verb=f"account.{what}", actor=user, at=at, data=fields)
    notices.notify(kind=what, people=[user], key=at.isoformat(), at=at, fields=fields, url=URL)
