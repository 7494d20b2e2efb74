"""The chain of hashes over all events: sealing what is new, and proving that nothing sealed was touched.

A seal is SHA-256 over the seal before, its own number and every column of its event, as docs/decisions/0010 lays down.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Self

from django.db import transaction
from django.db.models import Exists, F, Func, OuterRef, QuerySet, TextField
from django.db.models.functions import Cast

from portal.activity.models import ActivityEvent, ActivitySeal
from portal.core.locks import try_lock

BATCH = 1000
# The columns in the order in which they are hashed. A column that the event gets later begins a new form of the chain.
COLUMNS = (
    "id",
    "public_id",
    "verb",
    "at",
    "actor_id",
    "company_id",
    "content_type_id",
    "object_id",
    "subject_label",
    "data",
)


@dataclass(frozen=True, slots=True)
class Head:
    """The newest seal: how many there are, and its digest. Kept elsewhere, it shows when the newest are missing."""

    sequence: int = 0
    digest: bytes = bytes(32)

    def __str__(self) -> str:
        return f"{self.sequence}:{self.digest.hex()}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what `str` wrote. Raises ValueError."""
        sequence, _, digest = text.strip().partition(":")
        head = cls(int(sequence), bytes.fromhex(digest))
        if head.sequence < 0 or len(head.digest) != hashlib.sha256().digest_size:
            raise ValueError(text)
        return head


@dataclass(frozen=True, slots=True)
class Proof:
    """What a whole chain has: its head, and how many events wait for their seal."""

    head: Head
    waiting: int


class TrailBroken(Exception):
    """An event or a seal was changed, removed or inserted; the message names the first."""


class _Instant(Func):
    """Seconds since 1970 in UTC with six decimals, whatever time zone the connection has."""

    template = "EXTRACT(EPOCH FROM %(expressions)s)::text"
    output_field = TextField()


def seal() -> tuple[int, Head | None]:
    """Seal a batch of what waits; return how many, and the head then. None are sealed while another process seals."""
    with transaction.atomic():
        if not try_lock("activity.seal"):
            return 0, None
        head = _head()
        waiting = ActivitySeal.objects.filter(sequence__isnull=True).order_by("event_id")
        rows = list(_with_columns(waiting)[:BATCH])
        seals = []
        for event_id, _, _, *columns in rows:
            head = _next(head, columns)
            seals.append(ActivitySeal(event_id=event_id, sequence=head.sequence, digest=head.digest))
        ActivitySeal.objects.bulk_create(
            seals, update_conflicts=True, unique_fields=["event"], update_fields=["sequence", "digest"]
        )
    return len(seals), head


def verify(*, noted: Head | None = None, progress: Callable[[int], object] = lambda done: None) -> Proof:
    """Go through the whole chain, a batch at a time. `noted` is a head that was kept elsewhere.

    Raises TrailBroken with the first difference: of the chain in its order, then of what never came into it.
    """
    head = Head()
    for event_id, sequence, digest, *columns in _chain():
        if sequence != head.sequence + 1:
            _refuse_gap(head.sequence + 1, sequence)
        head = _next(head, columns)
        if bytes(digest) != head.digest:
            raise TrailBroken(f"Event {event_id} or its seal {sequence} was changed.")
        if noted and sequence == noted.sequence and head != noted:
            raise TrailBroken(f"Seal {sequence} is not the one that was noted: the trail was written anew.")
        if sequence % BATCH == 0:
            progress(sequence)
    return Proof(head, _verify_end(head, noted))


def _verify_end(head: Head, noted: Head | None) -> int:
    """Look for what is missing behind the last seal and beside the chain; return how many events wait."""
    if ActivitySeal.objects.filter(sequence__gt=head.sequence).exists():
        _refuse_gap(head.sequence + 1, None)
    if noted and noted.sequence > head.sequence:
        raise TrailBroken(
            f"The trail ends at seal {head.sequence}, but seal {noted.sequence} was noted: the newest were removed."
        )
    inserted = ActivityEvent.objects.filter(seal__isnull=True).order_by("pk").first()
    if inserted:
        raise TrailBroken(f"Event {inserted.pk} has no seal and waits for none: it was inserted past the register.")
    waiting = ActivitySeal.objects.filter(sequence__isnull=True)
    event = ActivityEvent.objects.filter(pk=OuterRef("event_id"))
    gone = waiting.filter(~Exists(event)).order_by("event_id").first()
    if gone:
        raise TrailBroken(f"Event {gone.event_id}, which waited for its seal, was removed.")
    return waiting.count()


def _refuse_gap(expected: int, found: int | None) -> None:
    """Say why the seal after the last good one is not the next."""
    if found is not None and found < expected:
        raise TrailBroken(f"Seal {found} was inserted: numbers begin at 1.")
    left = ActivitySeal.objects.filter(sequence=expected).first()
    if left:
        raise TrailBroken(f"Event {left.event_id} was removed; its seal {expected} is still there.")
    raise TrailBroken(f"Seal {expected} is missing: it was removed or renumbered.")


def _head() -> Head:
    last = ActivitySeal.objects.filter(sequence__isnull=False).order_by("-sequence").first()
    return Head(last.sequence or 0, bytes(last.digest or b"")) if last else Head()


def _chain() -> Iterator[tuple[Any, ...]]:
    """All filled seals whose event is there, in order; a batch is in memory at a time."""
    seals = ActivitySeal.objects.filter(sequence__isnull=False).order_by("sequence")
    batch = list(_with_columns(seals)[:BATCH])
    while batch:
        yield from batch
        batch = list(_with_columns(seals.filter(sequence__gt=batch[-1][1]))[:BATCH])


def _with_columns(seals: "QuerySet[ActivitySeal]") -> "QuerySet[ActivitySeal, tuple[Any, ...]]":
    """Key, number and digest of each seal, and the columns of its event as text."""
    texts = [_Instant(f"event__{name}") if name == "at" else Cast(f"event__{name}", TextField()) for name in COLUMNS]
    return seals.values_list(F("event_id"), F("sequence"), F("digest"), *texts)


def _next(head: Head, columns: Sequence[str | None]) -> Head:
    """The seal that follows `head` for an event with these columns."""
    sequence = head.sequence + 1
    content = b"".join(_canonical(text) for text in (str(sequence), *columns))
    return Head(sequence, hashlib.sha256(head.digest + content).digest())


def _canonical(text: str | None) -> bytes:
    """A text as a netstring: its length in bytes, a colon, its UTF-8, a comma; "-," where there is none."""
    if text is None:
        return b"-,"
    content = text.encode()
    return b"%d:%s," % (len(content), content)
