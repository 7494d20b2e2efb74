"""On which day a limit will be reached, if use goes on as in the last four weeks.

What is counted goes on with the mean of each weekday over 28 whole days, so that weekends are weekends. A level goes on
along the straight line through its last 28 days (least squares). Both are exact: fractions, no floats.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import ceil

from billing.catalog.models import Metric
from billing.usage.registry import Consumption

DAYS = 28
WEEKS = DAYS // 7
# With fewer days of figures nobody can tell where it goes.
FEWEST_DAYS = 14
FURTHEST_DAYS = 365


@dataclass(frozen=True, slots=True)
class Forecast:
    """The day on which a limit is reached, None where it is not; `reckoning` says in words how that was found."""

    reached_on: date | None
    reckoning: str
    is_reached: bool = False
    is_known: bool = True


UNKNOWN = Forecast(None, "Too early to tell: there are figures of fewer than 14 days.", is_known=False)


def of(consumption: Consumption, values: Sequence[int], *, known_days: int, today: date) -> Forecast | None:
    """The forecast of a limit from what was used on each of the 28 days before `today`; None where nothing is counted.

    `known_days` is for how many days there have been figures.
    """
    if consumption.metric is None or consumption.limit is None or consumption.used is None:
        return None
    if consumption.used >= consumption.limit:
        return Forecast(today, "All of it is used.", is_reached=True)
    if known_days < FEWEST_DAYS:
        return UNKNOWN
    if consumption.metric.kind == Metric.Kind.LEVEL:
        return along_the_line(consumption.used, consumption.limit, values, today=today)
    left = consumption.limit - consumption.used
    return by_weekday(left, values, today=today, ends_on=consumption.ends_on)


def by_weekday(left: int, values: Sequence[int], *, today: date, ends_on: date) -> Forecast:
    """When what is left is used up, before the limit starts anew; `today` is not reckoned with any more."""
    first = today - timedelta(days=DAYS)
    weekday_sums = [0] * 7
    for number, value in enumerate(values):
        weekday_sums[(first + timedelta(days=number)).weekday()] += value
    reckoning = f"From the mean of each weekday over the last {DAYS} days, {mean(sum(weekday_sums))} a day in all."
    added, day = 0, today
    while (day := day + timedelta(days=1)) < ends_on and any(weekday_sums):
        added += weekday_sums[day.weekday()]
        if added >= left * WEEKS:
            return Forecast(day, reckoning)
    return Forecast(None, reckoning)


def along_the_line(level: int, limit: int, values: Sequence[int], *, today: date) -> Forecast:
    """When a level that rises as in the last four weeks meets the limit, within a year."""
    growth = slope(values)
    if growth <= 0:
        return Forecast(None, f"It has not grown over the last {DAYS} days.")
    reckoning = f"Along the straight line through the last {DAYS} days: {float(growth):+.2f} a day."
    days = ceil((limit - level) / growth)
    return Forecast(today + timedelta(days=days) if days <= FURTHEST_DAYS else None, reckoning)


def slope(values: Sequence[int]) -> Fraction:
    """By how much values a day apart grow each day, by least squares."""
    count = len(values)
    middle = Fraction(count - 1, 2)
    mean_value = Fraction(sum(values), count)
    spread = sum((place - middle) ** 2 for place in range(count))
    return sum(((place - middle) * (value - mean_value) for place, value in enumerate(values)), Fraction(0)) / spread


def mean(total: int) -> str:
    """What a sum over the four weeks is a day."""
    return f"{total / DAYS:,.1f}".removesuffix(".0")
