"""Events as people read them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from portal.activity.models import ActivityEvent, ActivityEventQuerySet
from portal.activity.registry import Verb, verbs


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a feed; `text` is plain, `url` may be empty. The names are those of components/timeline.html."""

    public_id: UUID
    text: str
    at: datetime
    when: str
    url: str
    icon: str
    kind: str


def entries(events: ActivityEventQuerySet, *, limit: int, now: datetime | None = None) -> list[Entry]:
    """Read the newest of the events: one query, and a second where people are among their subjects."""
    return of_rows(list(events.newest()[:limit]), now=now or timezone.now())


def of_rows(rows: Collection[ActivityEvent], *, now: datetime) -> list[Entry]:
    """Entries of events that were read with their actors; a query where people are among their subjects."""
    people = _people(rows)
    return [_entry(event, people, now) for event in rows]


def sentences(rows: Collection[ActivityEvent]) -> list[str]:
    """The same events as plain sentences."""
    people = _people(rows)
    return [event.sentence(people.get(event.pk, "")) for event in rows]


def _entry(event: ActivityEvent, people: Mapping[int, str], now: datetime) -> Entry:
    verb = verbs.get(event.verb) if event.verb in verbs else Verb(event.verb)
    return Entry(
        public_id=event.public_id,
        text=event.sentence(people.get(event.pk, "")),
        at=event.at,
        when=ago(event.at, now),
        url=event.link(),
        icon=verb.icon,
        kind=verb.tone,
    )


def ago(at: datetime, now: datetime) -> str:
    """How long it has been, in one unit; what happened within the last minute happened just now."""
    if now - at < timedelta(minutes=1):
        return _("just now")
    return _("%(time)s ago") % {"time": timesince(at, now, depth=1)}


def _people(events: Collection[ActivityEvent]) -> dict[int, str]:
    """Names of the people who are subjects, by the event's key; whoever is also an actor is known already."""
    users = get_user_model()
    kind = ContentType.objects.get_for_model(users).pk
    subjects = {event.pk: int(event.object_id) for event in events if event.content_type_id == kind}
    found = {event.actor_id: event.actor for event in events if event.actor_id}
    unknown = set(subjects.values()) - found.keys()
    found.update(users._default_manager.in_bulk(unknown) if unknown else {})
    return {event: str(found[person]) for event, person in subjects.items() if person in found}
