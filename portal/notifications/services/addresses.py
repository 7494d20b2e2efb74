"""Addresses that mail is not sent to any more."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _

from portal.core.errors import DomainError
from portal.notifications.models import BlockedAddress
from portal.notifications.services import notices

if TYPE_CHECKING:
    from portal.accounts.models import User

KIND = "address_blocked"
TRY_AGAIN_AFTER = timedelta(days=1)


class TooSoon(DomainError):
    """The address was blocked a short time ago."""

    code = "too_soon"


@transaction.atomic
def block(*, address: str, reason: str, details: str, at: datetime) -> BlockedAddress:
    """Write to this address no more, and tell its owner in the bell, once for each time that it is blocked."""
    known = BlockedAddress.objects.of(address).first()
    if known:
        return known
    values = {"reason": reason, "details": details[:300], "blocked_at": at}
    blocked, made = BlockedAddress.objects.get_or_create(address=address.lower(), defaults=values)
    if made:
        notices.notify(
            kind=KIND,
            people=get_user_model().objects.filter(email__iexact=address),
            key=f"block {blocked.pk}",
            at=at,
            fields={"address": address.lower(), "reason": blocked.get_reason_display().lower()},
            url="/customer/notifications/settings/",
        )
    return blocked


@transaction.atomic
def lift(*, user: "User", at: datetime) -> None:
    """Write to one's own address again, after a day: it may exist by then. Raises TooSoon."""
    blocked = BlockedAddress.objects.select_for_update().of(user.email).first()
    if blocked and at < blocked.blocked_at + TRY_AGAIN_AFTER:
        raise TooSoon(_("Our mail came back less than a day ago. Try again tomorrow, or use another address."))
    if blocked:
        blocked.delete()
