"""How Daraja is called: a token that is kept for its hour, a password made of time and passkey, JSON.

https://developer.safaricom.co.ke/APIs (Authorization, M-PESA Express, M-PESA Express Query).
"""

from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from billing.payments.gateways.base import GatewayError
from billing.payments.gateways.http import call, read_object
from portal.core.encryption import DecryptionFailed, decrypt, encrypt

NAIROBI = ZoneInfo("Africa/Nairobi")
# Before its hour ends a token counts as old, as a request takes time.
MARGIN = 60
BAD_TOKEN = frozenset(["404.001.03", "401.002.01", "401.003.01"])


class Refused(Exception):
    """Daraja answered that it did nothing; `code` is its `errorCode`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NoToken(GatewayError):
    """Daraja did not let us in: nothing was asked for."""


def post(path: str, body: Mapping[str, Any], *, is_idempotent: bool) -> dict[str, Any]:
    """Send a request with password and token; once more with a new token where the old one was not accepted.

    Raises Refused, NotReached, or GatewayError when nobody knows what came of it.
    """
    signed = {**_password(timezone.now()), **body}
    try:
        return _post(path, signed, _token(), is_idempotent)
    except Refused as refusal:
        if refusal.code not in BAD_TOKEN:
            raise
    cache.delete(_token_key())
    return _post(path, signed, _token(), is_idempotent)


def _post(path: str, body: Mapping[str, Any], token: str, is_idempotent: bool) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {token}"}
    url = f"{settings.MPESA_API_URL}{path}"
    answer = call("POST", url, is_idempotent=is_idempotent, json=dict(body), headers=headers)
    try:
        found = read_object(answer.content)
    except ValueError:
        raise GatewayError(f"M-Pesa answered {answer.status_code} without JSON.") from None
    if "errorCode" in found:
        raise Refused(str(found["errorCode"]))
    if answer.status_code != 200:
        raise GatewayError(f"M-Pesa answered {answer.status_code}.")
    return found


def _password(now: datetime) -> dict[str, str]:
    """Shortcode, passkey and the time in Nairobi, as one word in base64; no secret that withstands a look."""
    at = now.astimezone(NAIROBI).strftime("%Y%m%d%H%M%S")
    word = f"{settings.MPESA_SHORTCODE}{settings.MPESA_PASSKEY}{at}"
    password = b64encode(word.encode()).decode()
    return {"BusinessShortCode": settings.MPESA_SHORTCODE, "Password": password, "Timestamp": at}


def _token() -> str:
    """The token that is kept, encrypted, for all processes; else a new one. Raises GatewayError."""
    try:
        if kept := cache.get(_token_key()):
            return decrypt(kept)
    except DecryptionFailed:
        pass
    url = f"{settings.MPESA_API_URL}/oauth/v1/generate"
    credentials = (settings.MPESA_CONSUMER_KEY, settings.MPESA_CONSUMER_SECRET)
    params = {"grant_type": "client_credentials"}
    answer = call("GET", url, is_idempotent=True, params=params, auth=credentials)
    try:
        found = read_object(answer.content)
        token, seconds = str(found["access_token"]), int(found["expires_in"])
    except (ValueError, KeyError, TypeError):
        raise NoToken(f"M-Pesa answered {answer.status_code} instead of a token.") from None
    if seconds > MARGIN:
        cache.set(_token_key(), encrypt(token), seconds - MARGIN)
    return token


def _token_key() -> str:
    whose = f"{settings.MPESA_API_URL} {settings.MPESA_CONSUMER_KEY} {settings.MPESA_CONSUMER_SECRET}"
    return f"mpesa-token:{sha256(whose.encode()).hexdigest()}"
