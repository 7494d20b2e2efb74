"""Where people are signed in: written down, shown, ended; and an alert for a browser that nobody knows."""

from collections.abc import Iterable
from datetime import datetime
from importlib import import_module
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from portal.accounts.models import Company, SignIn, TokenFamily, User
from portal.activity import services as activity
from portal.notifications.services import notices

URL = "/accounts/sessions/"


@transaction.atomic
def record(*, user: User, at: datetime) -> None:
    """Write that somebody signed in, once for each company of theirs: each reads its own line and no other's."""
    mine = user.memberships.filter(company__is_active=True).select_related("company").order_by("pk")
    companies: list[Company | None] = [membership.company for membership in mine]
    for company in companies or [None]:
        activity.record(verb="account.signed_in", actor=user, company=company, at=at)


@transaction.atomic
def begin(*, user: User, session_key: str, browser: str, device: str, address: str | None, at: datetime) -> SignIn:
    """Write down a sign-in; its owner is told when others came before, and none by this browser."""
    before = SignIn.objects.filter(user=user)
    is_new = before.exists() and not before.filter(browser=browser).exists()
    made = SignIn.objects.create(
        user=user,
        session_key=session_key,
        browser=browser,
        device=device,
        address=address,
        signed_in_at=at,
        last_seen_at=at,
    )
    if is_new:
        fields = {
            "device": device,
            "place": address or "",
            "time": timezone.localtime(at).strftime("%d %B %Y, %H:%M %Z"),
        }
        notices.notify(kind="new_device", people=[user], key=str(made.public_id), at=at, fields=fields, url=URL)
    return made


def seen(*, public_id: str, session_key: str, address: str | None, at: datetime) -> None:
    """Note that a browser was here, and under which session."""
    SignIn.objects.filter(public_id=public_id).update(session_key=session_key, address=address, last_seen_at=at)


def leave(*, public_id: str, at: datetime) -> None:
    """Note that somebody signed out."""
    SignIn.objects.filter(public_id=public_id, ended_at=None).update(ended_at=at)


def current(*, user: User, at: datetime) -> list[SignIn]:
    """Where the person is signed in by browser, the last seen first; sessions that are gone are noted as ended."""
    found = SignIn.objects.filter(user=user).open(at=at).order_by("-last_seen_at")
    here = [sign_in for sign_in in found if _sessions().exists(sign_in.session_key)]
    gone = {sign_in.pk for sign_in in found} - {sign_in.pk for sign_in in here}
    if gone:
        SignIn.objects.filter(pk__in=gone).update(ended_at=at)
    return here


def programs(*, user: User, at: datetime) -> list[TokenFamily]:
    """Where programs are signed in for the person."""
    alive = TokenFamily.objects.filter(user=user).alive(at=at).select_related("user", "company").order_by("-used_at")
    return [family for family in alive if family.is_sound()]


def revoke(*, user: User, public_id: UUID, at: datetime) -> bool:
    """End one sign-in of a browser or program at once; False when the person has none of this identifier."""
    found = SignIn.objects.filter(user=user, public_id=public_id, ended_at=None)
    families = TokenFamily.objects.filter(user=user, public_id=public_id, ended_at=None)
    return _end(user, found, families, at) > 0


def revoke_others(*, user: User, keep: str, at: datetime) -> int:
    """End all sign-ins but the one of this identifier; return how many."""
    found = SignIn.objects.filter(user=user, ended_at=None)
    if keep:
        found = found.exclude(public_id=keep)
    return _end(user, found, TokenFamily.objects.filter(user=user).alive(at=at), at)


def _end(user: User, found: Any, families: Any, at: datetime) -> int:
    """End these; sessions are deleted after commit, so that what is written down is never more than was done."""
    with transaction.atomic():
        keys = [sign_in.session_key for sign_in in found]
        ended: int = len(keys) + families.update(ended_at=at, ending=TokenFamily.Ending.REVOKED)
        found.update(ended_at=at)
        if ended:
            activity.record(verb="account.sign_in_ended", actor=user, at=at)
    delete_sessions(keys)
    return ended


def delete_sessions(keys: Iterable[str]) -> None:
    """Sign out whoever has one of these sessions; to be called after commit."""
    for key in keys:
        _sessions().delete(key)


def _sessions() -> Any:
    return import_module(settings.SESSION_ENGINE).SessionStore()
