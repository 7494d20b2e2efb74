"""One effect and one answer for each key, however often the request arrives."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from portal.core.errors import Conflict, DomainError
from portal.core.locks import try_lock
from portal.core.models import IdempotencyKey

LONGEST_KEY = 255


class InvalidKey(DomainError):
    """The key is empty or too long."""

    code = "invalid_idempotency_key"


class KeyReused(DomainError):
    """The key came before with another request."""

    code = "idempotency_key_reused"


class StillRunning(Conflict):
    """The first request with this key has not ended yet."""

    code = "idempotency_still_running"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to the last byte; `is_replay` when it was given before."""

    status: int
    body: bytes
    content_type: str
    is_replay: bool = field(default=False, compare=False)


@transaction.atomic
def once(*, scope: str, key: str, request: str, effect: Callable[[], Answer]) -> Answer:
    """Give the answer kept for this key, or run `effect` and keep its answer in the same transaction.

    `scope` says whose key it is and for what, `request` is a hash of what was asked. When `effect` raises, nothing of
    it and no key stays. Raises InvalidKey, KeyReused, StillRunning.
    """
    if not 0 < len(key) <= LONGEST_KEY:
        raise InvalidKey(_("An Idempotency-Key has 1 to 255 characters."))
    if not try_lock(f"idempotency {scope} {key}"):
        raise StillRunning(_("The first request with this Idempotency-Key is still running."))
    kept = IdempotencyKey.objects.filter(scope=scope, key=key).first()
    if kept is None:
        answer = effect()
        IdempotencyKey.objects.create(
            scope=scope,
            key=key,
            request_hash=request,
            status=answer.status,
            content_type=answer.content_type,
            body=answer.body,
        )
        return answer
    if kept.request_hash != request:
        raise KeyReused(_("This Idempotency-Key came with another request before."))
    return Answer(kept.status, bytes(kept.body), kept.content_type, is_replay=True)


def given_before(limit: datetime) -> "Sequence[QuerySet[IdempotencyKey]]":
    """Answers that were given up to this instant."""
    return [IdempotencyKey.objects.filter(created_at__lte=limit)]
