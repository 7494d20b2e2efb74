"""Date ranges as readers choose them."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format

PRESETS = {"7": "Last 7 days", "30": "Last 30 days", "90": "Last 90 days", "365": "Last 12 months"}
DEFAULT = "30"
LONGEST_DAYS = 3 * 366
FIRST_YEAR, LAST_YEAR = 1900, 2200
# As many points as a small line can show.
MOST_POINTS = 12


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `starts_on` up to, not including, `ends_on`."""

    starts_on: date
    ends_on: date

    @property
    def before(self) -> "Period":
        """The period of the same length that ends where this one starts."""
        return Period(self.starts_on - (self.ends_on - self.starts_on), self.starts_on)

    @property
    def last_day(self) -> date:
        """The last day that belongs to the period."""
        return self.ends_on - timedelta(days=1)

    @property
    def points(self) -> tuple[date, ...]:
        """Days evenly apart at which its course is looked at: each is the first day after what counts; last the end."""
        days = (self.ends_on - self.starts_on).days
        steps = min(days, MOST_POINTS)
        return tuple(self.starts_on + timedelta(days=days * step // steps) for step in range(1, steps + 1))


def start_of(day: date) -> datetime:
    """Midnight at which a day begins, in the portal's time zone."""
    return timezone.make_aware(datetime.combine(day, time.min))


def own_days(query: QueryDict) -> Period | None:
    """The days that "from" and "to" name, where they make sense: in order, in our century, at most three years."""
    try:
        first, last = date.fromisoformat(query.get("from", "")), date.fromisoformat(query.get("to", ""))
    except ValueError:
        return None
    in_range = first.year >= FIRST_YEAR and last.year < LAST_YEAR
    if in_range and first <= last and (last - first).days <= LONGEST_DAYS:
        return Period(first, last + timedelta(days=1))
    return None


def chosen(query: QueryDict, *, today: date, kept: str = "") -> tuple[str, Period]:
    """The range that a query string names ("range=30", or "from" and "to" as ISO days), else `kept`, else the default.

    `kept` is itself such a query string: what somebody chose before. No error: what makes no sense is as if not there.
    Returns the key of the preset, or "custom", and the period, which includes today.
    """
    for asked in (query, QueryDict(kept)):
        own = own_days(asked)
        if own:
            return "custom", own
        key = str(asked.get("range", ""))
        if key in PRESETS:
            return preset(key, today)
    return preset(DEFAULT, today)


def names_days(query: QueryDict) -> bool:
    """Whether a query string names a range that makes sense."""
    return own_days(query) is not None or query.get("range") in PRESETS


def preset(key: str, today: date) -> tuple[str, Period]:
    """One of the presets, up to today."""
    return key, Period(today - timedelta(days=int(key) - 1), today + timedelta(days=1))


def said(key: str, period: Period) -> dict[str, str]:
    """A range as an address names it."""
    return {"range": key} if key in PRESETS else {"from": f"{period.starts_on}", "to": f"{period.last_day}"}


def shown_as(key: str, period: Period) -> dict[str, Any]:
    """What components/date_range.html takes: the period in words, the presets, and its first and last day."""
    words = PRESETS.get(key) or f"{date_format(period.starts_on, 'j M Y')} – {date_format(period.last_day, 'j M Y')}"
    presets = [{"label": label, "value": value, "active": value == key} for value, label in PRESETS.items()]
    return {
        "shown": words,
        "presets": presets,
        "start": period.starts_on.isoformat(),
        "end": period.last_day.isoformat(),
    }
