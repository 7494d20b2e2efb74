"""A company's activity, narrowed by what a query string says; what makes no sense there is left aside."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import slugify

from portal.accounts.models import Membership
from portal.activity import feeds
from portal.activity.models import ActivityEvent, ActivityEventQuerySet
from portal.activity.registry import hidden_from, topic_of, topics, verbs
from portal.core import periods
from portal.core.http import MemberRequest
from portal.core.widgets import Period

PORTAL, OTHERS = "portal", "others"
CHUNK = 500
HEADINGS = ("When (UTC)", "Who", "What happened", "Kind", "Id")


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody asked to see: a person or "portal" or "others", a kind and days; the first two may be empty."""

    who: str
    kind: str
    preset: str
    period: Period

    @property
    def is_narrow(self) -> bool:
        """Whether more than days were chosen."""
        return bool(self.who or self.kind)

    def pairs(self, *without: str) -> list[tuple[str, str]]:
        """Names and values of a query string that asks for the same again."""
        days = {"range": self.preset}
        if self.preset == "custom":
            days = {"from": self.period.starts_on.isoformat(), "to": self.period.last_day.isoformat()}
        values = {"who": self.who, "kind": self.kind, **days}
        return [(name, value) for name, value in values.items() if value and name not in without]

    def query(self) -> str:
        """The query string itself."""
        return urlencode(self.pairs())


class Trail:
    """What one member may read of the company's activity, at the filters of a request."""

    def __init__(self, request: MemberRequest) -> None:
        self.request = request
        self.members: list[Membership] = list(request.company.memberships.with_people())
        hidden = set(hidden_from(request.membership))
        self.kinds: dict[str, tuple[str, list[str]]] = {}
        known = [code for code in verbs if code not in hidden and code.partition(".")[0] in topics]
        for code in sorted(known, key=topic_of):
            topic = topic_of(code)
            self.kinds.setdefault(slugify(topic), (topic, []))[1].append(code)
        self.choice = self._chosen(request.GET)

    def events(self) -> ActivityEventQuerySet:
        """What the filters let through, newest first."""
        request, period, choice = self.request, self.choice.period, self.choice
        events = ActivityEvent.objects.visible_to(request.user, company=request.company, membership=request.membership)
        events = events.between(periods.start_of(period.starts_on), periods.start_of(period.ends_on))
        if choice.kind:
            events = events.filter(verb__in=self.kinds[choice.kind][1])
        if choice.who == PORTAL:
            events = events.filter(actor=None)
        elif choice.who == OTHERS:
            known = [member.user_id for member in self.members]
            events = events.filter(actor__isnull=False).exclude(actor__in=known)
        elif choice.who:
            events = events.filter(actor__public_id=choice.who)
        return events.newest()

    def selects(self) -> list[dict[str, Any]]:
        """The filters as components/filter_bar.html takes them."""
        kinds = [(key, label) for key, (label, _) in self.kinds.items()]
        return [
            self._select("who", "Who", [("", "Anybody"), *self._people()]),
            self._select("kind", "Kind of event", [("", "Everything"), *kinds]),
        ]

    def _people(self) -> list[tuple[str, str]]:
        members = [(str(member.user.public_id), str(member.user)) for member in self.members]
        return [*members, (OTHERS, "Somebody else"), (PORTAL, "The portal itself")]

    def _chosen(self, query: QueryDict) -> Choice:
        preset, period = periods.chosen(query, today=timezone.localdate())
        who, kind = query.get("who", ""), query.get("kind", "")
        return Choice(
            who=who if who in dict(self._people()) else "",
            kind=kind if kind in self.kinds else "",
            preset=preset,
            period=period,
        )

    def _select(self, name: str, label: str, options: list[tuple[str, str]]) -> dict[str, Any]:
        chosen = getattr(self.choice, name)
        shown = [{"value": value, "label": words, "selected": value == chosen} for value, words in options]
        return {"name": name, "label": label, "options": shown}


def items(rows: list[ActivityEvent]) -> list[dict[str, Any]]:
    """Events as components/timeline.html takes them, with a heading for each day."""
    shown, day = [], None
    for entry in feeds.of_rows(rows, now=timezone.now()):
        at = timezone.localtime(entry.at)
        heading = date_format(at, "l, j F Y") if at.date() != day else ""
        day = at.date()
        looks = {"icon": entry.icon, "kind": entry.kind, "url": entry.url}
        shown.append({"text": entry.text, "at": entry.at, "when": date_format(at, "H:i"), "day": heading, **looks})
    return shown


def table(events: ActivityEventQuerySet) -> Iterator[tuple[str, ...]]:
    """All of the events as rows of a sheet, a chunk in memory at a time."""
    yield HEADINGS
    rest = events.iterator(chunk_size=CHUNK)
    while rows := list(islice(rest, CHUNK)):
        for event, sentence in zip(rows, feeds.sentences(rows), strict=True):
            at = event.at.astimezone(UTC).isoformat(timespec="seconds")
            who = str(event.actor) if event.actor else "The portal"
            yield at, who, sentence, topic_of(event.verb), str(event.public_id)
