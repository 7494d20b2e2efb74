"""Where periods begin and end, and what a part of one costs: pure reckoning.

Instants are whole seconds; days, months and years are those of the vendor's time zone (settings.TIME_ZONE).
"""

from calendar import monthrange
from datetime import date, datetime, timedelta

from django.utils import timezone
from djmoney.money import Money

from billing.catalog.models import PlanPrice
from portal.core.money import round_half_up

MONTHS = {PlanPrice.Interval.MONTH.value: 1, PlanPrice.Interval.YEAR.value: 12}


def whole(at: datetime) -> datetime:
    """The second that has begun."""
    return at.replace(microsecond=0)


def days_after(at: datetime, days: int) -> datetime:
    """The same time of day, so many days later."""
    return _local(timezone.localtime(at).date() + timedelta(days=days), at)


def boundary(anchor_at: datetime, interval: str, number: int) -> datetime:
    """Where the period of this number begins, counted from the anchor; a month too short gives its last day.

    Always reckoned from the anchor, so that the day comes back: 31 January, 28 February, 31 March.
    """
    start = timezone.localtime(anchor_at).date()
    months = start.month - 1 + number * MONTHS[interval]
    year, month = start.year + months // 12, months % 12 + 1
    return _local(date(year, month, min(start.day, monthrange(year, month)[1])), anchor_at)


def next_boundary(anchor_at: datetime, interval: str, *, after: datetime) -> datetime:
    """The first boundary later than `after`."""
    start, other = timezone.localtime(anchor_at), timezone.localtime(after)
    months = (other.year - start.year) * 12 + other.month - start.month
    number = max(months // MONTHS[interval], 0)
    while boundary(anchor_at, interval, number) <= after:
        number += 1
    return boundary(anchor_at, interval, number)


def last_boundary(anchor_at: datetime, interval: str, *, by: datetime) -> datetime:
    """The last boundary no later than `by`, which is no earlier than the anchor."""
    start, other = timezone.localtime(anchor_at), timezone.localtime(by)
    number = ((other.year - start.year) * 12 + other.month - start.month) // MONTHS[interval] + 1
    while boundary(anchor_at, interval, number) > by:
        number -= 1
    return boundary(anchor_at, interval, number)


def rest_of(amount: Money, *, at: datetime, starts_at: datetime, ends_at: datetime) -> Money:
    """What the rest of a period costs from `at` on, by the second, rounded half up; never more than the whole."""
    whole_seconds, left = _seconds(starts_at, ends_at), _seconds(max(at, starts_at), max(ends_at, at))
    return round_half_up(Money(amount.amount * left / whole_seconds, amount.currency))


def days_of(starts_at: datetime, ends_at: datetime) -> tuple[date, date]:
    """First day and day after the last, as lines of invoices give a period; at least one day."""
    first, end = timezone.localdate(starts_at), timezone.localdate(ends_at)
    return first, max(end, first + timedelta(days=1))


def _seconds(starts_at: datetime, ends_at: datetime) -> int:
    return int((ends_at - starts_at).total_seconds())


def _local(day: date, at: datetime) -> datetime:
    return timezone.make_aware(datetime.combine(day, timezone.localtime(at).time()))
