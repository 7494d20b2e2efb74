"""Codes and tokens of members' sessions in products: hashed rows of django-allauth, each bound to client and session.

What was used stays as a row that says so: a code or refresh token that comes a second time was copied by somebody, and
nobody can tell by whom, so the session ends (RFC 6749, 4.1.2; RFC 9700, 4.14.2).
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.idp.oidc.models import Client, Token
from django.db import transaction

from billing.launch.models import ProductSession
from billing.launch.services import sessions

Type = Token.Type
CODE_LIFETIME = timedelta(seconds=60)
# Each use of an access token asks anew whether the session may stay open; see `access`.
ACCESS_LIFETIME = timedelta(minutes=5)
# Of products themselves, for what they report.
PRODUCT_LIFETIME = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Asked:
    """What an authorization request said that its code is bound to (RFC 7636, 4.4; OpenID Connect Core, 3.1.2.1)."""

    scopes: Collection[str]
    redirect_uri: str
    challenge: str
    nonce: str | None


@dataclass(frozen=True, slots=True)
class Taken:
    """A code or refresh token that was good, and is used up by what is made of it."""

    token: Token
    session: ProductSession

    @property
    def scopes(self) -> list[str]:
        """What was granted."""
        return list(self.token.get_scopes())

    def word(self, name: str) -> str | None:
        """What the token is bound to."""
        found = (self.token.data or {}).get(name)
        return None if found is None else str(found)


def save_code(*, value: str, client: Client, session: ProductSession, asked: Asked, at: datetime) -> None:
    """Keep the hash of a code that is about to be handed to the product, by way of the member's browser."""
    token = Token(type=Type.AUTHORIZATION_CODE, client=client, user=session.user)
    token.created_at, token.expires_at = at, at + CODE_LIFETIME
    token.data = {
        "session": str(session.public_id),
        "redirect_uri": asked.redirect_uri,
        "code_challenge": asked.challenge,
        "nonce": asked.nonce,
    }
    _save(token, value, asked.scopes)


@transaction.atomic
def take(*, kind: str, value: str, client: Client, at: datetime) -> Taken | None:
    """Find a code or refresh token of this client, locked until the open transaction ends, and its session.

    None where it is not good, or access is closed by now. One that was used before ends its session.
    """
    rows = Token.objects.by_value(value).filter(type=kind, client=client)
    name = rows.values_list("data__session", flat=True).first()
    if name is None:
        return None
    sessions.hold(public_id=name)
    token = rows.select_for_update(of=("self",)).first()
    if token is None:
        return None
    if "used_at" in token.data:
        found = ProductSession.objects.open().filter(public_id=name)
        sessions.end(sessions=list(found.values_list("pk", flat=True)), reason=ProductSession.Reason.REUSED, at=at)
        return None
    if token.expires_at is None or token.expires_at <= at:
        return None
    session = sessions.usable(public_id=name, at=at)
    return Taken(token, session) if session else None


def use(*, taken: Taken, at: datetime) -> None:
    """Note that it was used: it is good no more."""
    taken.token.data = {**taken.token.data, "used_at": at.isoformat()}
    taken.token.save(update_fields=["data"])
    if taken.token.type == Type.AUTHORIZATION_CODE:
        sessions.end_others(session=taken.session, at=at)


@transaction.atomic
def save(
    *, client: Client, session: ProductSession, scopes: Collection[str], access: str, refresh: str | None, at: datetime
) -> None:
    """Keep the hashes of tokens for a session; a refresh token prolongs it."""
    token = Token(type=Type.ACCESS_TOKEN, client=client, user=session.user, created_at=at)
    token.expires_at, token.data = at + ACCESS_LIFETIME, {"session": str(session.public_id)}
    _save(token, access, scopes)
    if refresh:
        session.expires_at = at + sessions.LIFETIME
        session.save(update_fields=["expires_at"])
        token = Token(type=Type.REFRESH_TOKEN, client=client, user=session.user, created_at=at)
        token.expires_at, token.data = session.expires_at, {"session": str(session.public_id)}
        _save(token, refresh, scopes)


def save_for_product(*, client: Client, access: str, at: datetime) -> None:
    """Keep the hash of a product's own token (RFC 6749, 4.4): it is nobody's, and of no session."""
    token = Token(type=Type.ACCESS_TOKEN, client=client, created_at=at, expires_at=at + PRODUCT_LIFETIME)
    _save(token, access, ())


def read(*, access: str, at: datetime) -> Taken | None:
    """Find the session of an access token while it may stay open; None for tokens of products."""
    tokens = Token.objects.by_value(access).filter(type=Type.ACCESS_TOKEN, expires_at__gt=at, user__isnull=False)
    token = tokens.select_related("client").first()
    name = (token.data or {}).get("session") if token else None
    session = sessions.usable(public_id=name, at=at) if name else None
    return Taken(token, session) if token and session else None


@transaction.atomic
def revoke(*, value: str, client: Client, at: datetime) -> None:
    """End what the client gives back: a refresh token with its session and all tokens (RFC 7009, 2.1).

    Tokens of other clients stay as they are.
    """
    token = Token.objects.by_value(value).filter(client=client).exclude(type=Type.AUTHORIZATION_CODE).first()
    if token is None:
        return
    name = (token.data or {}).get("session")
    if token.type == Type.REFRESH_TOKEN and name:
        found = ProductSession.objects.open().filter(public_id=name)
        sessions.end(
            sessions=list(found.values_list("pk", flat=True)),
            reason=ProductSession.Reason.SIGNED_OUT,
            at=at,
            is_told=False,
        )
    Token.objects.filter(pk=token.pk).delete()


def new() -> str:
    """A code or token that nobody guesses."""
    return secrets.token_urlsafe(32)


def _save(token: Token, value: str, scopes: Collection[str]) -> None:
    token.set_value(value)
    token.set_scopes(list(scopes))
    token.save(force_insert=True)
