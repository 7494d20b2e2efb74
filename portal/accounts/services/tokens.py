"""Tokens for programs: short access tokens, and refresh tokens that are exchanged at each use.

A refresh token that is used a second time was copied by somebody, and nobody can tell by whom: all tokens of that
sign-in end (RFC 9700, section 4.14.2).
"""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken, Token

from portal.accounts.models import Company, TokenFamily, User
from portal.accounts.services import sign_ins
from portal.activity import services as activity
from portal.core.errors import DomainError
from portal.notifications.services import notices

FAMILY, COMPANY = "family", "company"
URL = "/accounts/sessions/"


class InvalidToken(DomainError):
    """The token is not ours, too old, or ended."""

    code = "invalid_token"
    status = HTTPStatus.UNAUTHORIZED


@dataclass(frozen=True, slots=True)
class Pair:
    """What a program gets."""

    access: str
    refresh: str


@transaction.atomic
def issue(*, user: User, company: Company | None, is_proven: bool, at: datetime) -> Pair:
    """Begin a sign-in of somebody whose password, and second factor where there is one, were right."""
    family = TokenFamily(
        user=user,
        company=company,
        password_stamp=user.get_session_auth_hash(),
        is_proven=is_proven,
        started_at=at,
    )
    pair = _next_pair(family, at)
    family.save()
    sign_ins.record(user=user, at=at)
    return pair


def refresh(*, token: str, at: datetime) -> Pair:
    """Exchange a refresh token. Raises InvalidToken; a token exchanged before ends the whole sign-in."""
    asked = _read(RefreshToken, token)
    with transaction.atomic():
        family = _family(asked, at, lock=True)
        theirs = family.user.memberships.filter(company=family.company, company__is_active=True)
        if family.company and not theirs.exists():
            raise InvalidToken(_("You do not belong to this company any more. Sign in again."))
        if family.newest == asked["jti"]:
            pair = _next_pair(family, at)
            family.save(update_fields=["newest", "used_at", "expires_at"])
            return pair
        _end(family, TokenFamily.Ending.REUSED, at)
        _tell_of_reuse(family, at)
    raise InvalidToken(_("This refresh token was used before. Sign in again."), "token_reused")


@transaction.atomic
def end(*, token: str, at: datetime) -> None:
    """Sign a program out: none of its tokens is worth anything. Raises InvalidToken."""
    _end(_family(_read(RefreshToken, token), at, lock=True), TokenFamily.Ending.LOGOUT, at)


def family_of(*, access: str, at: datetime) -> TokenFamily:
    """Find the sign-in that an access token belongs to. Raises InvalidToken."""
    return _family(_read(AccessToken, access), at)


def _read(kind: Any, token: str) -> Token:
    try:
        read: Token = kind(token)
    except TokenError:
        raise InvalidToken(_("This token is not valid, or too old.")) from None
    return read


def _family(token: Token, at: datetime, *, lock: bool = False) -> TokenFamily:
    families = TokenFamily.objects.alive(at=at).select_related("user", "company")
    if lock:
        families = families.select_for_update(of=("self",))
    try:
        family = families.filter(public_id=UUID(str(token.get(FAMILY)))).first()
    except ValueError:
        family = None
    if family is None or str(family.user.public_id) != token.get("sub") or not family.is_sound():
        raise InvalidToken(_("This token is not valid any more. Sign in again."))
    return family


def _next_pair(family: TokenFamily, at: datetime) -> Pair:
    """Make the family's next tokens; the family remembers the refresh token, unsaved."""
    newest = RefreshToken()
    newest["sub"], newest[FAMILY] = str(family.user.public_id), str(family.public_id)
    newest[COMPANY] = family.company.slug if family.company else None
    family.newest, family.used_at, family.expires_at = newest["jti"], at, at + RefreshToken.lifetime
    return Pair(access=str(newest.access_token), refresh=str(newest))


def _end(family: TokenFamily, ending: TokenFamily.Ending, at: datetime) -> None:
    family.end(ending, at=at)
    family.save(update_fields=["ending", "ended_at"])


def _tell_of_reuse(family: TokenFamily, at: datetime) -> None:
    activity.record(verb="account.token_reused", actor=family.user, at=at)
    notices.notify(kind="token_reused", people=[family.user], key=str(family.public_id), at=at, url=URL)
