"""What an event has to look like, before anybody looks up what it names."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

LATEST = timedelta(minutes=10)
LATE = timedelta(days=35)
LONGEST_ID = 100
LONGEST_NAME = 100
# So much that no day's sum of a batch a second passes what the database holds.
MOST = 10**12
# RFC 3339, 5.6; an offset of hours is one that PostgreSQL and Python know.
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:[Zz]|[+-]\d\d:\d\d)", re.ASCII)


class Refused(Exception):
    """An event is not counted; `code` is a word for programs, `detail` a sentence."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code, self.detail = code, detail


@dataclass(frozen=True, slots=True)
class Window:
    """The instants of which events are taken, both included."""

    first: datetime
    last: datetime
    first_on: date

    @classmethod
    def at(cls, at: datetime, *, kept_from: date | None = None) -> "Window":
        """Those of an event that comes at an instant; days of which events are gone take no more."""
        return cls(at - LATE, at + LATEST, kept_from or date.min)


@dataclass(slots=True)
class Draft:
    """An event in the right shape; who and what it names is still to be looked up, `member` "" for nobody."""

    index: int
    event_id: str
    company: str
    member: str
    metric: str
    value: int
    occurred_at: datetime
    used_on: date


def draft(index: int, event: Any, *, product: str, window: Window) -> Draft:
    """Read one event of a batch. Raises Refused."""
    if not isinstance(event, dict):
        raise Refused("invalid_event", _("An event is an object."))
    event_id = name(event, "id", LONGEST_ID)
    company, metric = name(event, "company"), name(event, "metric")
    if event.get("product", product) != product:
        raise Refused(
            "other_product", _("These credentials report the use of {product} alone.").format(product=product)
        )
    member = "" if event.get("member") is None else name(event, "member")
    value = event.get("value", 1)
    # True is 1 in Python, and 1.0 is no whole number as it is written.
    if type(value) is not int or not 0 <= value <= MOST:
        raise Refused("invalid_value", _("`value` is a whole number from 0 to {most}.").format(most=MOST))
    occurred_at = moment(event.get("occurred_at"), window)
    used_on = timezone.localtime(occurred_at).date()
    if used_on < window.first_on:
        raise Refused("too_old", _("It is too late to count this."))
    return Draft(index, event_id, company, member, metric, value, occurred_at, used_on)


def name(event: dict[str, Any], key: str, longest: int = LONGEST_NAME) -> str:
    """What an event says under a key: text without control characters. Raises Refused."""
    text = event.get(key)
    if isinstance(text, str) and 0 < len(text) <= longest and text.isprintable():
        return text
    raise Refused(
        f"invalid_{key}", _("`{key}` is a text of 1 to {longest} characters.").format(key=key, longest=longest)
    )


def moment(text: Any, window: Window) -> datetime:
    """An instant by RFC 3339, in UTC. Raises Refused."""
    try:
        found = datetime.fromisoformat(text.upper()) if isinstance(text, str) and MOMENT.fullmatch(text) else None
    except ValueError:
        found = None
    if found is None:
        raise Refused(
            "invalid_occurred_at", _("`occurred_at` is an instant by RFC 3339, such as 2026-03-01T08:30:00Z.")
        )
    if found < window.first:
        raise Refused("too_old", _("Events are counted for {days} days.").format(days=LATE.days))
    if found > window.last:
        raise Refused("in_future", _("This has not happened yet; look at the clock."))
    return found.astimezone(UTC)
