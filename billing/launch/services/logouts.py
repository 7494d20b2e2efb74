"""Tells products that sessions have ended (OpenID Connect Back-Channel Logout 1.0)."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from billing.launch import keys
from billing.launch.models import LogoutMessage, ProductSession
from billing.launch.services import clients
from portal.core import deadlines
from portal.core.services import jobs

EVENT = "http://schemas.openid.net/event/backchannel-logout"
# Short, as a copy of it is worth something for so long (2.4).
LIFETIME = timedelta(minutes=2)
TIMEOUT_SECONDS = 10  # in all, however slowly an answer drips
# 2.8: 200 is success, and some frameworks answer 204.
DONE = frozenset({200, 204})


class NotTaken(Exception):
    """The product did not take the message."""


def send(pk: int) -> bool:
    """Send one message if it waits; return whether it did."""
    return jobs.perform(job_type=LogoutMessage, pk=pk, outside=_post)


def token_of(session: ProductSession, *, client_id: str, at: datetime) -> str:
    """The signed logout token of a session (2.4): with `sub` and `sid`, without a nonce, and a `jti` of its own."""
    claims: dict[str, Any] = {
        "iss": settings.BASE_URL,
        "sub": str(session.user.public_id),
        "aud": client_id,
        "iat": int(at.timestamp()),
        "exp": int((at + LIFETIME).timestamp()),
        "jti": uuid.uuid4().hex,
        "events": {EVENT: {}},
        "sid": str(session.public_id),
    }
    return keys.sign(claims, kind="logout+jwt")


def session_of(*, hint: str, client_id: str) -> ProductSession | None:
    """The session that an ID token of ours names; None where the token is not ours, or another client shows it.

    It may have run out (RP-Initiated Logout 1.0, 2).
    """
    told = keys.read(hint, is_aged=True) if hint else None
    if told is None or "sid" not in told or (client_id and client_id != told.get("aud")):
        return None
    rows = ProductSession.objects.filter(public_id=told["sid"], product__client=told["aud"])
    return rows.select_related("product__client").first()


def _post(message: LogoutMessage) -> None:
    """Post it, following nowhere; raises NotTaken, and what `requests` raises, to be tried again."""
    session = ProductSession.objects.select_related("user", "product__client").get(pk=message.session_id)
    client = session.product.client
    address = clients.logout_uri(client) if client else ""
    if client is None or not address:
        return
    token = token_of(session, client_id=client.pk, at=timezone.now())
    words = {"logout_token": token}
    # Nobody reads what is answered: only whether it was taken.
    with (
        deadlines.session(TIMEOUT_SECONDS) as web,
        web.post(address, data=words, timeout=TIMEOUT_SECONDS, allow_redirects=False, stream=True) as answer,
    ):
        if answer.status_code not in DONE:
            raise NotTaken(f"{session.product.slug} answered {answer.status_code}.")
