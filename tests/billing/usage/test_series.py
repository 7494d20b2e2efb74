"""Daily figures as series: by kind, by day and month, beside the period before, of one company alone."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from billing.usage import series
from billing.usage.series import Span, Step, Sums
from portal.accounts.models import Company, User
from portal.core.widgets import Period
from tests.billing.usage.figures import MARCH, each_day, metric, product, used
from tests.factories import CompanyFactory, UserFactory

pytestmark = pytest.mark.django_db
WEEK = Period(date(2026, 3, 9), date(2026, 3, 16))
BY_DAY = Span(WEEK)


def the_one(company: Company, span: Span = BY_DAY, **only: object) -> series.Series:
    """The only series that there is."""
    (found,) = series.read(company, span, **only)
    return found


def test_counts_of_all_members_add_up_by_day_beside_the_week_before(company: Company, viewer: User) -> None:
    payslips = metric("payslips")
    used(company, payslips, date(2026, 3, 9), 4, by=viewer)
    used(company, payslips, date(2026, 3, 9), 3)
    used(company, payslips, date(2026, 3, 15), 5)
    used(company, payslips, date(2026, 3, 2), 2)
    used(company, payslips, date(2026, 3, 1), 100)
    used(company, payslips, date(2026, 3, 16), 100)
    found = the_one(company)
    assert (found.values, found.before) == ([7, 0, 0, 0, 0, 0, 5], [2, 0, 0, 0, 0, 0, 0])
    assert (found.figure.value, found.figure.before, found.figure.change) == (12, 2, 500.0)


def test_a_level_goes_on_until_another_is_reported(company: Company) -> None:
    storage = metric("storage", "level")
    used(company, storage, date(2026, 2, 20), 10)
    used(company, storage, date(2026, 3, 4), 12)
    used(company, storage, date(2026, 3, 11), 20)
    found = the_one(company)
    assert found.before == [10, 10, 12, 12, 12, 12, 12]
    assert found.values == [12, 12, 20, 20, 20, 20, 20]
    assert (found.figure.value, found.figure.before) == (20, 12)


def test_a_level_is_the_last_of_the_day_whoever_reported_it(company: Company, viewer: User) -> None:
    storage = metric("storage", "level")
    used(company, storage, date(2026, 3, 9), 9, hour=15, by=viewer)
    used(company, storage, date(2026, 3, 9), 30, hour=8)
    assert the_one(company).values == [9] * 7


def test_a_level_nobody_reported_for_three_months_is_not_known(company: Company) -> None:
    used(company, metric("storage", "level"), WEEK.before.starts_on - timedelta(days=93), 10)
    assert series.read(company, BY_DAY) == []


def test_a_duration_is_the_mean_of_its_events_and_keeps_the_highest(company: Company, viewer: User) -> None:
    waiting = metric("response", "duration")
    used(company, waiting, date(2026, 3, 9), 1000, events=4, highest=700, by=viewer)
    used(company, waiting, date(2026, 3, 9), 200, events=4, highest=90)
    used(company, waiting, date(2026, 3, 10), 101, events=2, highest=60)
    found = the_one(company)
    assert found.values == [150, 51, 0, 0, 0, 0, 0]
    assert (found.figure.value, found.whole.highest) == (130, 700)


def test_months_are_those_of_the_period_and_the_days_before_are_laid_upon_them(company: Company) -> None:
    payslips = metric("payslips")
    span = Span(Period(date(2026, 1, 10), date(2026, 3, 11)), Step.MONTH)
    assert (span.days, span.labels) == (60, ["Jan 2026", "Feb 2026", "Mar 2026"])
    used(company, payslips, date(2026, 1, 31), 1)
    used(company, payslips, date(2026, 2, 1), 2)
    used(company, payslips, date(2026, 3, 10), 4)
    # Sixty days before 10 January and before 10 March.
    used(company, payslips, date(2025, 11, 11), 8)
    used(company, payslips, date(2026, 1, 9), 16)
    found = the_one(company, span)
    assert (found.values, found.before) == ([1, 2, 4], [8, 0, 16])


def test_long_periods_are_cut_by_months_whatever_is_wanted() -> None:
    days = date(2026, 1, 1)
    assert Span.of(Period(days, days + timedelta(days=92)), "day").step == Step.DAY
    assert Span.of(Period(days, days + timedelta(days=93)), "day").step == Step.MONTH
    assert Span.of(MARCH, "month").step == Step.MONTH
    assert len(Span.of(Period(date(2023, 1, 1), date(2026, 1, 1))).starts) == 36


def test_active_members_are_counted_once_a_day_and_once_in_all(company: Company, owner: User, viewer: User) -> None:
    payslips, sms = metric("payslips"), metric("sms")
    for person, day in ((owner, 9), (viewer, 9), (owner, 10), (viewer, 3)):
        used(company, payslips, date(2026, 3, day), 1, by=person)
    used(company, sms, date(2026, 3, 9), 1, by=owner)
    used(company, sms, date(2026, 3, 11), 1)
    found = series.members(company, BY_DAY)
    assert (found.counts, found.before) == ([2, 1, 0, 0, 0, 0, 0], [0, 1, 0, 0, 0, 0, 0])
    assert (found.figure.value, found.figure.before) == (2, 1)


def test_of_one_product_alone(company: Company, owner: User, viewer: User) -> None:
    payslips = metric("payslips")
    used(company, payslips, date(2026, 3, 9), 1, by=owner)
    used(company, payslips, date(2026, 3, 9), 2, by=viewer)
    used(company, payslips, date(2026, 3, 9), 4, in_product="payroll")
    assert the_one(company, products=[product("payroll").pk]).values[0] == 4
    assert [(one.product.slug, one.values[0]) for one in series.read(company, BY_DAY)] == [("erp", 3), ("payroll", 4)]
    assert series.members(company, BY_DAY, products=[product("payroll").pk]).figure.value == 0


def test_of_another_company_nothing_is_seen(company: Company, other_company: Company, stranger: User) -> None:
    used(other_company, metric("payslips"), date(2026, 3, 9), 4, by=stranger)
    used(other_company, metric("storage", "level"), date(2026, 3, 9), 4)
    assert series.read(company, BY_DAY) == []
    assert series.members(company, BY_DAY).figure.value == 0


def test_as_many_queries_for_one_member_as_for_twenty(
    company: Company, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    payslips = metric("payslips")
    used(company, payslips, date(2026, 3, 9), 1, by=UserFactory.create())
    with django_assert_num_queries(6):
        series.read(company, BY_DAY), series.members(company, BY_DAY)
    for slug in ("sms", "exports", "returns"):
        for _number in range(20):
            each_day(company, metric(slug), date(2026, 3, 9), [1, 2], by=UserFactory.create(), in_product=slug)
    with django_assert_num_queries(6):
        series.read(company, BY_DAY), series.members(company, BY_DAY)


class AddingUp(TestCase):
    """Whatever was reported, days and months add up to the same."""

    @settings(max_examples=25, deadline=None)
    @given(st.dictionaries(st.dates(date(2026, 1, 1), date(2026, 3, 1)), st.integers(0, 10**9), max_size=12))
    def test_days_and_months_add_up_alike(self, reported: dict[date, int]) -> None:
        company, payslips = CompanyFactory.create(), metric("payslips")
        for day, value in reported.items():
            used(company, payslips, day, value)
        period = Period(date(2026, 1, 15), date(2026, 2, 20))
        inside = sum(value for day, value in reported.items() if period.starts_on <= day < period.ends_on)
        before = sum(value for day, value in reported.items() if day < period.starts_on)
        for step in Step:
            found = series.read(company, Span(period, step))
            whole = found[0].figure if found else None
            assert (whole.value if whole else 0, whole.before if whole else 0) == (inside, before)


def test_sums_follow_one_another() -> None:
    assert Sums(1, 1, 5, 3) + Sums(2, 1, 4) == Sums(3, 2, 5, 3)
