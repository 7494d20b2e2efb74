"""What MailerSend reports of our mail: checked, kept raw, then processed once, in any order.

https://developers.mailersend.com/api/v1/webhooks.html: the header Signature is the hexadecimal HMAC-SHA256 of the raw
body under the signing secret of the webhook.
"""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.db import IntegrityError
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from portal.core.errors import DomainError
from portal.core.services import jobs
from portal.notifications.models import BlockedAddress, Delivery, Digest, MailEvent, Sending
from portal.notifications.services import addresses

CLOCKS_DIFFER = timedelta(minutes=5)
Reason = BlockedAddress.Reason
BLOCKS = {
    "activity.hard_bounced": Reason.BOUNCED,
    "activity.spam_complaint": Reason.COMPLAINED,
    "activity.unsubscribed": Reason.UNSUBSCRIBED,
}
OUTCOMES = {
    "activity.delivered": Sending.Outcome.DELIVERED,
    "activity.hard_bounced": Sending.Outcome.BOUNCED,
    "activity.soft_bounced": Sending.Outcome.BOUNCED,
}


class NotSigned(DomainError):
    """The body does not carry our provider's signature."""

    code = "not_signed"
    status = HTTPStatus.FORBIDDEN


class NotReadable(DomainError):
    """The body is not what the provider sends."""

    code = "not_readable"
    status = HTTPStatus.BAD_REQUEST


class TooOld(DomainError):
    """What happened so long ago, or in the future, is not taken any more: it may be a recorded request."""

    code = "too_old"
    status = HTTPStatus.BAD_REQUEST


def receive(*, body: bytes, signature: str, at: datetime) -> MailEvent | None:
    """Check a request and keep it raw; None for one that is kept already. Raises NotSigned, NotReadable, TooOld."""
    _check_signature(body, signature)
    text, event = _read(body)
    data = event["data"] if isinstance(event.get("data"), dict) else {}
    happened_at = _instant(data.get("created_at") or event.get("created_at"))
    if not at - timedelta(hours=settings.MAILERSEND_WEBHOOK_MAX_AGE_HOURS) <= happened_at <= at + CLOCKS_DIFFER:
        raise TooOld(_("This happened too long ago, or has not happened yet."))
    kind = str(event.get("type", ""))[:60]
    event_id = f"{kind} {data.get('id') or hashlib.sha256(body).hexdigest()}"[:100]
    row = MailEvent(event_id=event_id, kind=kind, body=text, happened_at=happened_at, created_at=at, available_at=at)
    try:
        return jobs.enqueue(job=row, at=at)
    except IntegrityError:
        return None


def process(pk: int) -> bool:
    """Act on one event if it waits; return whether it did."""
    return jobs.perform(job_type=MailEvent, pk=pk, record=lambda event, _outcome: apply(event))


def apply(event: MailEvent) -> None:
    """Block the address, and note on what was sent how it ended. Doing it again changes nothing."""
    data = json.loads(event.body).get("data") or {}
    mail = data.get("email") or {}
    address = str((mail.get("recipient") or {}).get("email") or "")
    if event.kind in OUTCOMES:
        _note(str((mail.get("message") or {}).get("id") or ""), OUTCOMES[event.kind])
    if event.kind in BLOCKS and address:
        details = str((data.get("morph") or {}).get("reason") or "")
        addresses.block(address=address, reason=BLOCKS[event.kind], details=details, at=event.happened_at)


def _note(reference: str, outcome: Sending.Outcome) -> None:
    """A bounce stays, whatever is reported after it."""
    before = [Sending.Outcome.SENT, Sending.Outcome.UNKNOWN, Sending.Outcome.DELIVERED]
    for model in (Delivery, Digest) if reference else ():
        model._default_manager.filter(reference=reference, outcome__in=before).update(outcome=outcome)


def _check_signature(body: bytes, signature: str) -> None:
    fits = [
        hmac.compare_digest(hmac.new(secret.encode(), body, hashlib.sha256).hexdigest(), signature.strip().lower())
        for secret in settings.MAILERSEND_WEBHOOK_SECRETS
        if secret and signature.isascii()
    ]
    if not any(fits):
        raise NotSigned(_("The signature does not fit."))


def _read(body: bytes) -> tuple[str, dict[str, Any]]:
    try:
        text = body.decode()
        event = json.loads(text)
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise NotReadable(_("This is not JSON.")) from error
    if not isinstance(event, dict) or "\x00" in text or "\\u0000" in text:
        raise NotReadable(_("This is not an event."))
    return text, event


def _instant(value: object) -> datetime:
    try:
        found = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        found = None
    if found is None:
        raise NotReadable(_("It does not say when it happened."))
    return found if found.tzinfo else found.replace(tzinfo=UTC)
