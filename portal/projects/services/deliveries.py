"""What GitHub tells us: kept raw first, then checked, then acted on once by the worker, in any order."""

import json
from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.activity import services as activity
from portal.core.errors import DomainError
from portal.core.services import jobs
from portal.projects.github.signatures import fits
from portal.projects.models import Delivery, Repository
from portal.projects.services import tidings

Signature = Delivery.Signature
# All that says what it is and who sent it; no cookie, no address.
MOST_UNSIGNED = 2048
KEPT_HEADERS = frozenset(
    {"content-type", "user-agent", "x-github-event", "x-github-delivery", "x-github-hook-id", "x-hub-signature-256"}
)


class NotSigned(DomainError):
    """Nobody who knows a secret of ours signed it."""

    code = "not_signed"
    status = HTTPStatus.FORBIDDEN


class NotReadable(DomainError):
    """It is not what GitHub sends."""

    code = "not_readable"
    status = HTTPStatus.BAD_REQUEST


def receive(*, body: bytes, headers: Mapping[str, str], at: datetime) -> Delivery:
    """Keep a request raw, check it, and queue it. Raises NotSigned, NotReadable: kept all the same."""
    named = {name.lower(): value[:500] for name, value in headers.items() if name.lower() in KEPT_HEADERS}
    # It waits for this check; if we die on the way the sweeper has the worker check it.
    message = Delivery.objects.create(
        body=body, headers=named, received_at=at, created_at=at, available_at=at, queued_at=at
    )
    return check(message=message)


def check(*, message: Delivery) -> Delivery:
    """Check who signed it, read what it is about, and queue the first of its number. Raises NotSigned, NotReadable."""
    body = bytes(message.body)
    payload = read(body)
    if not _is_signed(message, tidings.named(payload or {})):
        # Anybody may send these, as often as they like: of none more is kept than shows what it was.
        Delivery.objects.filter(pk=message.pk).update(body=body[:MOST_UNSIGNED])
        _give_up(message, Signature.BAD, "No secret of ours signed it.")
        raise NotSigned(_("The signature does not fit."))
    event, number = message.headers.get("x-github-event", ""), message.headers.get("x-github-delivery", "")
    if payload is None or not event or not number:
        _give_up(message, Signature.GOOD, "It is no message of GitHub's.")
        raise NotReadable(_("This is not what GitHub sends."))
    return _queue(message, payload, event, number)


def process(pk: int) -> bool:
    """Act on one message if it waits; return whether it did."""
    return jobs.perform(job_type=Delivery, pk=pk, outside=_checked, record=_apply)


@transaction.atomic
def replay(*, message: Delivery, at: datetime, by: User) -> Delivery:
    """Have the worker act on a message again; what was recorded stays. Raises NotSigned for one without signature."""
    locked = Delivery.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if locked.signature != Signature.GOOD:
        raise NotSigned(_("It was not signed with a secret of ours: it is not acted on."))
    activity.record(verb="delivery.replayed", actor=by, subject=locked, at=at)
    Delivery.objects.filter(pk=locked.pk).update(
        state=Delivery.State.QUEUED, attempts=0, available_at=at, queued_at=None, finished_at=None, error=""
    )
    locked.refresh_from_db()
    return locked


def read(body: bytes) -> dict[str, Any] | None:
    """The JSON object that a message is; None for anything else."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def signed_for(message: Delivery, found: list[Repository]) -> list[Repository]:
    """Of the repositories that a message names, those it may speak for: with a secret of its own, each for itself."""
    if _fits(message, settings.GITHUB_WEBHOOK_SECRETS):
        return found
    return [repository for repository in found if _fits(message, [repository.webhook_secret])]


def _is_signed(message: Delivery, found: list[Repository]) -> bool:
    return _fits(message, settings.GITHUB_WEBHOOK_SECRETS) or bool(signed_for(message, found))


def _fits(message: Delivery, secrets: list[str]) -> bool:
    signature = message.headers.get("x-hub-signature-256", "")
    return fits(secrets=secrets, body=bytes(message.body), signature=signature)


def _give_up(message: Delivery, signature: str, error: str) -> None:
    Delivery.objects.filter(pk=message.pk).update(
        signature=signature, state=Delivery.State.FAILED, finished_at=message.received_at, error=error
    )


@transaction.atomic
def _queue(message: Delivery, payload: dict[str, Any], event: str, number: str) -> Delivery:
    message.signature, message.event = Signature.GOOD, event[:60]
    message.action, message.repository_name = tidings.action(payload)[:60], tidings.full_name(payload)[:200]
    message.delivery_id = number[:80]
    fields = ["signature", "event", "action", "repository_name"]
    try:
        with transaction.atomic():
            message.save(update_fields=[*fields, "delivery_id"])
    except IntegrityError:
        message.repeats, message.delivery_id = Delivery.objects.get(delivery_id=message.delivery_id), None
        message.state, message.finished_at = Delivery.State.DONE, message.received_at
        message.result = _("The same message came before.")
        message.save(update_fields=[*fields, "repeats", "state", "finished_at", "result"])
        return message
    jobs.send_on_commit(job=message)
    return message


def _checked(message: Delivery) -> Delivery:
    """Check a message whose receiver died before it could."""
    return check(message=message) if message.signature == Signature.UNCHECKED else message


def _apply(_job: Delivery, message: Delivery) -> None:
    """Do what the message asks for; doing it again changes nothing."""
    payload, at = read(bytes(message.body)) or {}, timezone.now()
    result = tidings.follow(
        event=message.event, payload=payload, rows=signed_for(message, tidings.named(payload)), at=at
    )
    Delivery.objects.filter(pk=message.pk).update(result=result[:200])
