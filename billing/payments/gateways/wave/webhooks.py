"""Webhooks of Wave.

Wave has not published how it signs them nor what is in them (November 2026). So nothing here is built on a guess: the
name of the header and the path to the invoice's id are settings, without the header every webhook is refused, and of
one that fits the secret only the id is taken, after which Wave itself is asked. A repeated or old one does no harm.
What is assumed: an HMAC-SHA256 of the raw body, in hex or base64.
"""

import hmac
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from django.conf import settings

from billing.payments.gateways.base import About, BadSignature, Event, Unreadable
from billing.payments.gateways.http import read_object


def verify(*, headers: Mapping[str, str], body: bytes) -> None:
    """Check the signature in the header that the settings name. Raises BadSignature."""
    name = settings.WAVE_WEBHOOK_HEADER.lower()
    if not name:
        raise BadSignature("WAVE_WEBHOOK_HEADER does not say where the signature is.")
    given = headers.get(name, "").removeprefix("sha256=").encode()
    for secret in settings.WAVE_WEBHOOK_SECRETS:
        digest = hmac.new(secret.encode(), body, sha256)
        if any(hmac.compare_digest(given, form) for form in (digest.hexdigest().encode(), b64encode(digest.digest()))):
            return
    raise BadSignature("The signature does not fit the body.")


def read(body: bytes) -> Event:
    """Read which invoice it is about. Raises Unreadable."""
    try:
        found: Any = read_object(body)
    except ValueError as error:
        raise Unreadable("No JSON object.") from error
    kind = str(found.get("event_type") or found.get("type") or "webhook")
    name = found
    for step in settings.WAVE_WEBHOOK_INVOICE.split("."):
        name = name.get(step) if isinstance(name, Mapping) else None
    event = sha256(body).hexdigest()
    if not isinstance(name, str) or not name:
        return Event(id=event, kind=kind, about=About.OTHER, at=None)
    return Event(id=event, kind=kind, about=About.PAYMENT, at=None, reference=name)
