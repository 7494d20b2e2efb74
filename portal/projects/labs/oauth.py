"""Signing in at Labs by OAuth 2.0: authorization code with PKCE (RFC 6749, 7636), and refresh tokens.

Labs gives no identity token: who somebody is, /me says (client.py).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

import requests
import structlog
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.projects.labs import answers, web
from portal.projects.labs.errors import LabsError, Refused, Unreachable

SECONDS = 20
LONGEST_TOKEN = 8192
LONGEST_LIFE = timedelta(days=3650)
# Labs refuses the portal itself: no reason to think less of the person (RFC 6749, 5.2).
OURS = frozenset({"invalid_client", "unauthorized_client", "unsupported_grant_type", "invalid_scope"})
PATIENCE = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS})
logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Tokens:
    """What Labs gave; `refresh_token` is empty where it gave none."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at: datetime | None
    scopes: str


def is_configured() -> bool:
    """Whether the portal has a name at Labs, without which nobody is sent there."""
    return bool(settings.LABS_CLIENT_ID)


def callback() -> str:
    """Where Labs sends people back to: always the same address, whatever host was asked."""
    return f"{settings.BASE_URL}{reverse('labs-callback')}"


def address(*, state: str, verifier: str) -> str:
    """Where a person is sent, to agree at Labs."""
    with _session() as session:
        url, _state = session.create_authorization_url(settings.LABS_AUTHORIZE_URL, state=state, code_verifier=verifier)
        return str(url)


def exchange(*, code: str, verifier: str) -> Tokens:
    """Tokens for a code. Raises Refused, Unreachable."""
    return _asked(
        lambda session: session.fetch_token(
            settings.LABS_TOKEN_URL, code=code, code_verifier=verifier, grant_type="authorization_code"
        )
    )


def renew(*, refresh_token: str) -> Tokens:
    """New tokens for a refresh token, which may be good for this once only. Raises Refused, Unreachable."""
    return _asked(lambda session: session.refresh_token(settings.LABS_TOKEN_URL, refresh_token=refresh_token, scope=""))


@contextmanager
def _session() -> Iterator[Any]:
    secret = settings.LABS_CLIENT_SECRET or None
    with OAuth2Session(
        client_id=settings.LABS_CLIENT_ID,
        client_secret=secret,
        token_endpoint_auth_method="client_secret_post" if secret else "none",
        redirect_uri=callback(),
        scope=settings.LABS_SCOPE,
        code_challenge_method="S256",
        default_timeout=web.TIMEOUT,
    ) as session:
        web.guard(session, seconds=SECONDS)
        for hook in ("access_token_response", "refresh_token_response"):
            session.register_compliance_hook(hook, _checked)
        yield session


def _asked(ask: Callable[[Any], Any]) -> Tokens:
    try:
        with _session() as session:
            return _tokens(ask(session))
    except LabsError:
        raise
    except OAuthError:
        raise Refused(_("Labs did not accept this.")) from None
    except (requests.RequestException, ValueError, TypeError, RecursionError) as error:
        logger.warning("labs_not_reached", question="token", error=type(error).__name__)
        raise Unreachable(_("Labs did not answer. Try again later.")) from None


def _checked(response: requests.Response) -> requests.Response:
    """Let a good answer through. Raises Refused, Unreachable."""
    status = response.status_code
    if status == HTTPStatus.OK:
        return response
    error = _error(response)
    if not HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR or status in PATIENCE or error in OURS:
        logger.warning("labs_not_understood", question="token", status=status, error=error if error in OURS else "")
        raise Unreachable(_("Labs did not answer. Try again later."))
    raise Refused(_("Labs did not accept this."))


def _error(response: requests.Response) -> str:
    try:
        found = response.json()
    except (ValueError, RecursionError):
        return ""
    return answers.text(found.get("error"), 40) if isinstance(found, dict) else ""


def _tokens(found: Any) -> Tokens:
    access, refresh = _token(found.get("access_token")), _token(found.get("refresh_token"))
    if not access:
        raise Unreachable(_("Labs answered with something that we do not understand."))
    seconds = found.get("expires_in")
    life = timedelta(seconds=min(int(seconds), LONGEST_LIFE.total_seconds())) if seconds is not None else None
    scopes = answers.text(found.get("scope"), 200)
    return Tokens(access, refresh, timezone.now() + life if life else None, scopes)


def _token(value: Any) -> str:
    """A token that can stand in a header."""
    good = isinstance(value, str) and len(value) <= LONGEST_TOKEN and value.isascii() and value.isprintable()
    return value if good and " " not in value else ""
