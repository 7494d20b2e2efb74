"""Mobile numbers: a code goes to the number, and whoever gives it has proved that the number is theirs."""

import math
import secrets
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.activity import services as activity
from portal.core.errors import Conflict, DomainError
from portal.core.locks import try_lock
from portal.core.services import jobs
from portal.notifications import letters
from portal.notifications.models import ContactSettings, PhoneCode
from portal.notifications.models.phones import LIFETIME, MOST_TRIES
from portal.notifications.services import notices, sending

if TYPE_CHECKING:
    from portal.accounts.models import User

URL = "/customer/notifications/settings/phone/"
# Each holds for the person and for the number.
WAIT = timedelta(minutes=1)
MOST_AN_HOUR = 5
HOUR = timedelta(hours=1)


class TooManyCodes(DomainError):
    """The person, or somebody for this number, has asked too often."""

    code = "too_many_codes"
    status = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, wait: timedelta) -> None:
        minutes = max(math.ceil(wait / timedelta(minutes=1)), 1)
        words = ngettext("Wait %(count)d minute and ask again.", "Wait %(count)d minutes and ask again.", minutes)
        super().__init__(f"{_('A code was asked for too often.')} {words % {'count': minutes}}", field="phone")
        self.headers = {"Retry-After": str(max(math.ceil(wait.total_seconds()), 1))}


class AlreadyConfirmed(Conflict):
    """The number is the person's."""

    code = "already_confirmed"


class NoCode(Conflict):
    """No code waits: it is too old, was used or replaced, or tried too often."""

    code = "no_code"


class WrongCode(DomainError):
    """This is not the code."""

    code = "wrong_code"


@transaction.atomic
def ask(*, user: "User", phone: str, at: datetime) -> PhoneCode:
    """Send a code to a number, after commit; the one before is worth nothing. Raises AlreadyConfirmed, TooManyCodes.

    Until it is given, the number of before stays the person's.
    """
    get_user_model().objects.select_for_update(no_key=True).get(pk=user.pk)
    if ContactSettings.objects.filter(user=user, phone=phone, phone_confirmed_at__isnull=False).exists():
        raise AlreadyConfirmed(_("This number is confirmed already."), field="phone")
    _check_pace(user, phone, at)
    PhoneCode.objects.waiting(user).update(closed_at=at)
    code = PhoneCode(
        user=user,
        phone=phone,
        nonce=secrets.token_hex(16),
        expires_at=at + LIFETIME,
        created_at=at,
        available_at=at,
    )
    return jobs.enqueue(job=code, at=at)


def waiting(*, user: "User", at: datetime) -> PhoneCode | None:
    """The code that can be given now."""
    code = PhoneCode.objects.waiting(user).first()
    return code if code and code.is_open(at) else None


def confirm(*, user: "User", code: str, at: datetime) -> None:
    """Take the code: SMS go to its number from now on, and to nobody else's settings with the same number.

    A wrong one is counted, though it is refused. Raises NoCode, WrongCode, TooManyCodes.
    """
    refusal = _take(user, "".join(code.split()), at)
    if refusal:
        raise refusal


@transaction.atomic
def remove(*, user: "User", at: datetime) -> None:
    """Send no SMS any more, and forget the number."""
    PhoneCode.objects.waiting(user).update(closed_at=at)
    if ContactSettings.objects.filter(user=user).exclude(phone="").update(phone="", phone_confirmed_at=None):
        activity.record(verb="phone.removed", actor=user, at=at)


def send(pk: int) -> bool:
    """Send one code if it is still to be sent; return whether it was."""
    return sending.perform(job_type=PhoneCode, pk=pk, prepare=_prepare)


def _check_pace(user: "User", phone: str, at: datetime) -> None:
    if not try_lock(f"phone {phone}"):
        raise TooManyCodes(timedelta(seconds=1))
    for whose in (Q(user=user), Q(phone=phone)):
        recent = PhoneCode.objects.filter(whose, created_at__gt=at - HOUR).order_by("-created_at")
        asked = list(recent.values_list("created_at", flat=True)[:MOST_AN_HOUR])
        if len(asked) == MOST_AN_HOUR:
            raise TooManyCodes(asked[-1] + HOUR - at)
        if asked and asked[0] > at - WAIT:
            raise TooManyCodes(asked[0] + WAIT - at)


@transaction.atomic
def _take(user: "User", written: str, at: datetime) -> DomainError | None:
    """Check and use the code; return what speaks against it, so that the attempt is counted."""
    code = PhoneCode.objects.select_for_update().waiting(user).first()
    if code is None or not code.is_open(at):
        return NoCode(_("No code is valid any more. Ask for a new one."), field="code")
    if not code.matches(written):
        code.tries += 1
        code.save(update_fields=["tries"])
        left = MOST_TRIES - code.tries
        if not left:
            return NoCode(_("This was wrong for the fifth time. Ask for a new code."), field="code")
        words = ngettext("%(count)d attempt is left.", "%(count)d attempts are left.", left) % {"count": left}
        return WrongCode(f"{_('This is not the code that we sent.')} {words}", field="code")
    if not try_lock(f"phone {code.phone}"):
        return TooManyCodes(timedelta(seconds=1))
    code.closed_at = at
    code.save(update_fields=["closed_at"])
    _give(user, code.phone, at)
    return None


def _give(user: "User", phone: str, at: datetime) -> None:
    """Make the number the person's, and nobody else's: whoever had it before is told."""
    concerned = Q(user=user) | Q(phone=phone, phone_confirmed_at__isnull=False)
    for row in ContactSettings.objects.select_for_update(of=("self",)).filter(concerned).order_by("pk"):
        if row.user_id != user.pk:
            row.phone, row.phone_confirmed_at = "", None
            row.save(update_fields=["phone", "phone_confirmed_at"])
            key = f"phone {row.pk} {at.isoformat()}"
            notices.notify(kind="phone_taken", people=[row.user], key=key, at=at, fields={"phone": phone}, url=URL)
    values = {"phone": phone, "phone_confirmed_at": at}
    ContactSettings.objects.update_or_create(user=user, defaults=values)
    activity.record(verb="phone.confirmed", actor=user, at=at)


def _prepare(code: PhoneCode) -> sending.Call | sending.Skip:
    if not code.is_open(timezone.now()):
        return sending.Skip("The code is too old, was used or replaced.")
    text = _("%(vendor)s: your code is %(code)s. It works for 10 minutes. Pass it on to nobody.")
    vendor = letters.letterhead().name
    return sending.text_message(code.user, code.phone, text % {"vendor": vendor, "code": code.code})
