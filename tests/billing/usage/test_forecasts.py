"""When limits are reached: examples worked out by hand, and what always holds."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.catalog.models import Metric
from billing.usage import forecasts
from billing.usage.registry import Consumption

# A Monday; the 28 days before it are four whole weeks from a Monday on.
TODAY = date(2026, 3, 30)
ENDS_ON = date(2026, 5, 1)
WORKING_WEEKS = [10, 10, 10, 10, 10, 0, 0] * 4


def limit(used: int | None, of: int | None, kind: str = "count", metric: bool = True) -> Consumption:
    """A limit that starts anew on 1 May."""
    what = Metric(slug="payslips", name="Payslips", kind=kind) if metric else None
    return Consumption("ERP", "Payslips", what, frozenset({1}), of, used, date(2026, 3, 1), ENDS_ON)


def day(used: int, of: int, values: list[int], kind: str = "count", known_days: int = 28) -> date | None:
    """The day on which it is reached."""
    found = forecasts.of(limit(used, of, kind), values, known_days=known_days, today=TODAY)
    assert found is not None
    return found.reached_on


def test_what_is_counted_goes_on_by_weekday() -> None:
    # Tuesday to Friday, 31 March to 3 April, are 40; Saturday and Sunday nothing; Monday the 50th.
    assert day(50, 90, WORKING_WEEKS) == date(2026, 4, 3)
    assert day(50, 91, WORKING_WEEKS) == date(2026, 4, 6)
    assert day(50, 100, WORKING_WEEKS) == date(2026, 4, 6)


def test_a_count_that_starts_anew_first_is_not_reached() -> None:
    # From 31 March to 30 April are 23 working days: 230.
    assert day(0, 230, WORKING_WEEKS) == date(2026, 4, 30)
    assert day(0, 231, WORKING_WEEKS) is None
    assert day(0, 1, [0] * 28) is None


def test_a_level_goes_on_along_its_line() -> None:
    # One and a half a day: from 41 to 50 in six days.
    rising = [number * 3 // 2 for number in range(28)]
    assert forecasts.slope([0, 3, 6, 9]) == 3
    assert day(41, 50, [2 * number for number in range(28)], "level") == TODAY + timedelta(days=5)
    assert 1 < forecasts.slope(rising) < 2


def test_a_level_that_falls_or_creeps_is_not_reached() -> None:
    assert day(41, 50, [50 - number for number in range(28)], "level") is None
    assert day(41, 50, [41] * 28, "level") is None
    assert day(0, 366, list(range(28)), "level") is None
    assert day(0, 365, list(range(28)), "level") == TODAY + timedelta(days=365)


def test_with_few_days_nobody_can_tell() -> None:
    assert forecasts.of(limit(1, 5), WORKING_WEEKS, known_days=13, today=TODAY) is forecasts.UNKNOWN
    assert day(1, 5, WORKING_WEEKS, known_days=14) == TODAY + timedelta(days=1)


def test_what_is_used_up_is_reached_today() -> None:
    found = forecasts.of(limit(5, 5), [0] * 28, known_days=0, today=TODAY)
    assert found == forecasts.Forecast(TODAY, "All of it is used.", is_reached=True)


@pytest.mark.parametrize("of", [limit(None, 5), limit(3, None), limit(3, 5, metric=False)])
def test_what_nobody_counts_has_no_forecast(of: Consumption) -> None:
    assert forecasts.of(of, WORKING_WEEKS, known_days=28, today=TODAY) is None


@given(st.lists(st.integers(0, 50), min_size=28, max_size=28), st.integers(1, 500), st.integers(0, 500))
def test_more_use_or_a_lower_limit_is_never_reached_later(values: list[int], left: int, more: int) -> None:
    def reached(of: int, used: list[int]) -> date:
        return forecasts.by_weekday(of, used, today=TODAY, ends_on=ENDS_ON).reached_on or date.max

    assert reached(left, values) <= reached(left + more, values)
    assert reached(left, [value + 1 for value in values]) <= reached(left, values)


@given(st.lists(st.integers(0, 50), min_size=7, max_size=7), st.integers(1, 500))
def test_the_day_is_the_first_on_which_all_is_used(week: list[int], left: int) -> None:
    found = forecasts.by_weekday(left, week * 4, today=TODAY, ends_on=ENDS_ON).reached_on
    used, expected, each = 0, None, TODAY
    while (each := each + timedelta(days=1)) < ENDS_ON and expected is None:
        used += week[each.weekday()]
        expected = each if used >= left else None
    assert found == expected
