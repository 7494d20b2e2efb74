"""Tokens that work: renewed when they are over, each refresh token used once, whoever asks at the same time.

Labs is asked outside any transaction; `refresh_ends_at` says meanwhile that somebody does.
"""

import time
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.activity import services as activity
from portal.notifications.services import notices
from portal.projects.labs import oauth
from portal.projects.labs.errors import LabsError, Refused, Unreachable
from portal.projects.models import LabsAccount

# Longer than one question takes; after it whoever asked has died.
LEASE = timedelta(minutes=1)
PATIENCE_SECONDS = 30
PAUSE_SECONDS = 0.1
State = LabsAccount.State


def fresh(*, account: LabsAccount, refused: str = "") -> LabsAccount:
    """The account with a token that is not over; `refused` is one that Labs has just refused.

    Raises Refused when it cannot be renewed (the person is told), Unreachable when that is not known.
    """
    ends = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < ends:
        account.refresh_from_db()
        if not account.is_expired(at=timezone.now()) and account.access_token != refused:
            return account
        if not account.refresh_token:
            raise Refused(_("The token is over, and Labs gave none to renew it by. Link the account again."))
        if _claim(account):
            return _renew(account)
        # Another worker renews it: a refresh token is good once, so there is nothing to do but look again.
        time.sleep(PAUSE_SECONDS)
    raise Unreachable(_("Labs did not answer. Try again later."))


def _claim(account: LabsAccount) -> bool:
    """Be the one who renews, in one conditional update: of several one gets it."""
    now = timezone.now()
    free = LabsAccount.objects.filter(pk=account.pk, refreshed_at=account.refreshed_at).filter(
        Q(refresh_ends_at=None) | Q(refresh_ends_at__lte=now)
    )
    return bool(free.update(refresh_ends_at=now + LEASE))


def _renew(account: LabsAccount) -> LabsAccount:
    mine = LabsAccount.objects.filter(pk=account.pk, refreshed_at=account.refreshed_at)
    try:
        tokens = oauth.renew(refresh_token=account.refresh_token)
    except LabsError:
        mine.update(refresh_ends_at=None)
        raise
    # Labs may keep the refresh token, or give another in its place; a link that was made anew meanwhile stays.
    mine.update(
        access_token=tokens.access_token,
        refresh_token=tokens.refresh_token or account.refresh_token,
        expires_at=tokens.expires_at,
        refreshed_at=timezone.now(),
        refresh_ends_at=None,
        state=State.OK,
    )
    account.refresh_from_db()
    return account


@transaction.atomic
def refuse(*, account: LabsAccount, at: datetime) -> None:
    """Note that Labs does not accept the link any more, and tell the person, once."""
    held = LabsAccount.objects.select_for_update(of=("self",)).select_related("user").filter(pk=account.pk).first()
    if held is None or held.state == State.REFUSED or held.access_token != account.access_token:
        return
    held.state = State.REFUSED
    held.save(update_fields=["state"])
    activity.record(verb="labs.refused", actor=None, label=str(held), at=at)
    notices.notify(
        kind="labs_refused",
        people=[held.user],
        key=f"labs {held.public_id} {held.refreshed_at.isoformat()}",
        at=at,
        fields={"account": str(held)},
        url="/accounts/labs/",
    )
