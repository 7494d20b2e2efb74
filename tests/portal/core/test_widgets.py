"""Figures on dashboards: counted together, and each for itself where one cannot be."""

from datetime import date
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import Q
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from djmoney.money import Money

from portal.accounts.models import Company
from portal.core.widgets import Counted, Failed, Figure, Period, Scope, Statistic, read_all
from tests.factories import CompanyFactory

pytestmark = pytest.mark.django_db
AT_ALL = frozenset({"staff"})


@pytest.fixture
def scope() -> Scope:
    """Nobody's, for November."""
    request = RequestFactory().get("/")
    request.user, request.desk, request.membership = AnonymousUser(), None, None
    return Scope(request, Period(date(2026, 11, 1), date(2026, 12, 1)))


@pytest.fixture(autouse=True)
def companies() -> None:
    """Two in Kenya, three in Uganda; one of all is closed."""
    for country, is_active in (("KE", True), ("KE", False), ("UG", True), ("UG", True), ("UG", True)):
        CompanyFactory.create(country=country, is_active=is_active)


def broken(scope: Scope) -> Counted:
    """Cannot be counted."""
    raise LookupError("no such rows")


ACTIVE = Statistic(
    "Active", "", AT_ALL, lambda scope: Counted(Company.objects.all(), Q(is_active=True), Q(country="KE"))
)
UGANDAN = Statistic("Ugandan", "", AT_ALL, lambda scope: Counted(Company.objects.filter(country="UG")))
NONE = Statistic("None", "", AT_ALL, lambda scope: Counted(Company.objects.none(), Q(is_active=True), Q()))
COURSE = Statistic(
    "Course",
    "",
    AT_ALL,
    lambda scope: Counted(Company.objects.all(), Q(), Q(country="KE"), (Q(country="KE"), Q(is_active=True), Q())),
)
READ = Statistic("Read", "", AT_ALL, reader=lambda scope: Figure(Money("12.50", "KES"), Money("10.00", "KES")))
BROKEN = Statistic("Broken", "", AT_ALL, broken)


def test_all_statistics_take_one_query(scope):
    with CaptureQueriesContext(connection) as queries:
        read = read_all([ACTIVE, NONE, UGANDAN, ACTIVE, COURSE], scope)
    course = Figure(5, 2, (2, 4, 5))
    assert read == {ACTIVE: Figure(4, 2), UGANDAN: Figure(3, None), NONE: Figure(0, 0), COURSE: course}
    assert len(queries) == 1


def test_a_statistic_may_have_a_reader_of_its_own(scope):
    figure = read_all([READ, ACTIVE], scope)[READ]
    assert (figure.shown, figure.change_text, figure.direction) == ("KES\xa012.50", "25 %", "up")
    assert Figure(Money("1.00", "KES"), Money("1.00", "USD")).change is None
    assert (Figure(1234567).shown, Figure(Decimal("1234.50")).shown) == ("1,234,567", "1,234.5")


def test_points_of_a_period_are_evenly_apart_and_end_with_it():
    week, year = Period(date(2026, 11, 1), date(2026, 11, 4)), Period(date(2026, 1, 1), date(2027, 1, 1))
    assert week.points == (date(2026, 11, 2), date(2026, 11, 3), date(2026, 11, 4))
    assert (len(year.points), year.points[-1]) == (12, date(2027, 1, 1))


def test_one_that_cannot_be_counted_leaves_the_others(scope):
    assert read_all([ACTIVE, BROKEN, UGANDAN], scope) == {ACTIVE: Figure(4, 2), BROKEN: Failed, UGANDAN: Figure(3)}


def test_readers_run_once_beside_them_and_fail_alone(scope):
    calls = []

    def names(scope: Scope) -> str:
        calls.append(scope)
        return "Savanna"

    def fails(scope: Scope) -> str:
        raise LookupError("gone")

    assert read_all([names, ACTIVE, fails, names], scope) == {names: "Savanna", ACTIVE: Figure(4, 2), fails: Failed}
    assert calls == [scope]
