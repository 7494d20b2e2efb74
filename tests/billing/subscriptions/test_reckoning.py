"""Where periods begin and what parts of them cost, whatever the day and the price."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from djmoney.money import Money
from hypothesis import given
from hypothesis import strategies as st

from billing.subscriptions.reckoning import boundary, days_of, last_boundary, next_boundary, rest_of
from tests.billing.subscriptions.world import START, kes, on

FIFTEEN_YEARS = 15 * 366 * 86400
MOMENTS = st.integers(0, FIFTEEN_YEARS).map(lambda after: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=after))
CENTS = st.integers(0, 10**12).map(lambda cents: Money(cents, "KES") / 100)
INTERVALS = st.sampled_from(["month", "year"])


@pytest.mark.parametrize(
    ("anchor", "interval", "number", "expected"),
    [
        (on(2026, 1, 31), "month", 1, on(2026, 2, 28)),
        (on(2026, 1, 31), "month", 2, on(2026, 3, 31)),
        (on(2026, 1, 31), "month", 3, on(2026, 4, 30)),
        (on(2028, 1, 31), "month", 1, on(2028, 2, 29)),
        (on(2026, 11, 30), "month", 3, on(2027, 2, 28)),
        (on(2026, 12, 15), "month", 1, on(2027, 1, 15)),
        (on(2028, 2, 29), "year", 1, on(2029, 2, 28)),
        (on(2028, 2, 29), "year", 4, on(2032, 2, 29)),
        # Half past midnight in Nairobi is the day before in UTC: the day is the vendor's.
        (on(2026, 3, 31, 0, 30), "month", 1, on(2026, 4, 30, 0, 30)),
    ],
)
def test_boundaries(anchor: datetime, interval: str, number: int, expected: datetime) -> None:
    assert boundary(anchor, interval, number) == expected


@given(anchor=MOMENTS, interval=INTERVALS, number=st.integers(0, 40))
def test_next_boundary_is_the_next_and_last_the_last(anchor: datetime, interval: str, number: int) -> None:
    here, there = boundary(anchor, interval, number), boundary(anchor, interval, number + 1)
    assert here < there
    for instant in (here, there - timedelta(seconds=1)):
        assert next_boundary(anchor, interval, after=instant) == there
        assert last_boundary(anchor, interval, by=instant) == here
    start = timezone.localtime(anchor)
    assert timezone.localtime(there).day in {start.day, 28, 29, 30}
    assert timezone.localtime(there).time() == start.time()


def test_parts_by_hand() -> None:
    # March has 2,678,400 seconds from 9 to 9; 86,400 of them are a day.
    end = on(2026, 4, 1)
    assert rest_of(kes("3100.00"), at=START, starts_at=START, ends_at=end) == kes("3100.00")
    assert rest_of(kes("3100.00"), at=on(2026, 3, 31), starts_at=START, ends_at=end) == kes("100.00")
    assert rest_of(kes("100.00"), at=end - timedelta(seconds=134), starts_at=START, ends_at=end) == kes("0.01")
    assert rest_of(kes("100.00"), at=end - timedelta(seconds=133), starts_at=START, ends_at=end) == kes("0.00")
    assert rest_of(kes("3100.00"), at=end, starts_at=START, ends_at=end) == kes("0.00")
    assert rest_of(Money(3101, "UGX"), at=on(2026, 3, 16, 21), starts_at=START, ends_at=end) == Money(1551, "UGX")


@given(price=CENTS, anchor=MOMENTS, interval=INTERVALS, share=st.floats(0, 1))
def test_a_part_never_costs_more_than_the_whole(price: Money, anchor: datetime, interval: str, share: float) -> None:
    end = next_boundary(anchor, interval, after=anchor)
    at = anchor + timedelta(seconds=int((end - anchor).total_seconds() * share))
    rest = rest_of(price, at=at, starts_at=anchor, ends_at=end)
    assert price * 0 <= rest <= price
    assert rest_of(price, at=anchor, starts_at=anchor, ends_at=end) == price
    # What is unused of the old, less what the way back charges: nothing.
    assert -rest + rest_of(price, at=at, starts_at=anchor, ends_at=end) == price * 0


@given(price=CENTS, anchor=MOMENTS, shares=st.lists(st.floats(0, 1), max_size=20), plans=st.lists(CENTS, min_size=20))
def test_any_number_of_changes_charges_no_more_than_the_dearest(
    price: Money, anchor: datetime, shares: list[float], plans: list[Money]
) -> None:
    end = next_boundary(anchor, "month", after=anchor)
    total = current = price
    for share, new in zip(sorted(shares), plans, strict=False):
        at = anchor + timedelta(seconds=int((end - anchor).total_seconds() * share))
        parts = {"at": at, "starts_at": anchor, "ends_at": end}
        total += rest_of(new, **parts) - rest_of(current, **parts)
        current = new
    cents = Money(len(shares), "KES") / 100
    assert min([price, *plans]) - cents <= total <= max([price, *plans]) + cents


@given(first=CENTS, second=CENTS, anchor=MOMENTS, share=st.floats(0, 1))
def test_an_upgrade_costs_between_the_two_prices(first: Money, second: Money, anchor: datetime, share: float) -> None:
    low, high = sorted([first, second])
    end = next_boundary(anchor, "month", after=anchor)
    at = anchor + timedelta(seconds=int((end - anchor).total_seconds() * share))
    parts = {"at": at, "starts_at": anchor, "ends_at": end}
    assert low <= low - rest_of(low, **parts) + rest_of(high, **parts) <= high


def test_lines_name_at_least_a_day() -> None:
    assert [str(day) for day in days_of(on(2026, 3, 31, 22), on(2026, 3, 31, 23))] == ["2026-03-31", "2026-04-01"]
