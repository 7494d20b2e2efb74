"""Date ranges as readers choose them."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format

from portal.core.widgets import Period

PRESETS = {"7": "Last 7 days", "30": "Last 30 days", "90": "Last 90 days", "365": "Last 12 months"}
DEFAULT = "30"
LONGEST_DAYS = 3 * 366
FIRST_YEAR, LAST_YEAR = 1900, 2200


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


def chosen(query: QueryDict, *, today: date) -> tuple[str, Period]:
    """The range that a query string names ("range=30", or "from" and "to" as ISO days), else the default; no error.

    Returns the key of the preset, or "custom", and the period, which includes today.
    """
    own = own_days(query)
    if own:
        return "custom", own
    key = query.get("range", DEFAULT)
    key = key if key in PRESETS else DEFAULT
    return key, Period(today - timedelta(days=int(key) - 1), today + timedelta(days=1))


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
