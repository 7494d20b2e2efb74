"""The median of companies of the same size: of ten others at least, and it tells of none of them."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from billing.usage import peers
from portal.accounts.models import Company, User
from tests.billing.usage.figures import metric, used
from tests.cast import client_of
from tests.factories import CompanyFactory

pytestmark = pytest.mark.django_db
PART = "/customer/usage/parts/peers/"


@pytest.fixture(autouse=True)
def in_march(company: Company) -> None:
    """A company of 11 to 50 people that made 100 payslips last month; nothing kept of other tests."""
    cache.clear()
    Company.objects.filter(pk=company.pk).update(size="11-50")
    used(company, metric("payslips"), last_month(), 100)


def last_month() -> date:
    return peers.last_month(timezone.localdate()).starts_on


def others(count: int, *, size: str = "11-50", first: int = 0, **more: Any) -> list[Company]:
    """Companies that made 1, 2, 3 … payslips last month."""
    made = [CompanyFactory.create(size=size, **more) for _number in range(count)]
    for number, one in enumerate(made, 1):
        used(one, metric("payslips"), last_month(), first + number)
    return made


def shown(viewer: User, query: str = "") -> list[list[str]]:
    """The rows that the part shows."""
    cache.clear()
    answer = client_of(viewer).get(PART + query, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return [[cell["value"] for cell in row["cells"]] for row in answer.context["rows"]]


def test_of_ten_others_the_median_is_shown(viewer: User) -> None:
    others(10)
    assert shown(viewer) == [["Payslips", "100", "about 5", "1,900 % more"]]


def test_of_nine_others_nothing_is_shown_though_the_own_is_the_tenth(viewer: User) -> None:
    others(9)
    assert shown(viewer) == []


@pytest.mark.parametrize("more", [{"size": "51-200"}, {"size": ""}, {"is_active": False}])
def test_companies_of_another_size_or_gone_do_not_count(viewer: User, more: dict[str, Any]) -> None:
    others(9)
    others(5, **more)
    assert shown(viewer) == []


def test_companies_without_figures_of_the_month_do_not_count(viewer: User) -> None:
    others(9)
    late = CompanyFactory.create(size="11-50")
    used(late, metric("payslips"), last_month() - timedelta(days=1), 5)
    used(late, metric("sms"), last_month(), 5)
    used(late, metric("payslips"), last_month(), 5, in_product="payroll")
    assert shown(viewer) == []


def test_without_own_figures_nothing_is_told_of_others(viewer: User, company: Company) -> None:
    for one in others(12):
        used(one, metric("sms"), last_month(), 50)
    assert [row[0] for row in shown(viewer)] == ["Payslips"]


def test_no_choice_of_days_moves_the_median(viewer: User) -> None:
    others(11)
    assert shown(viewer) == shown(viewer, f"?from={last_month()}&to={last_month()}") == shown(viewer, "?range=7")


def test_a_level_is_the_last_of_the_month(viewer: User, company: Company) -> None:
    storage = metric("storage", "level")
    used(company, storage, last_month(), 50)
    for number, one in enumerate(others(10)):
        used(one, storage, last_month(), 900)
        used(one, storage, last_month() + timedelta(days=5), 10 + number)
    assert shown(viewer)[1] == ["Storage", "50", "about 14", "257 % more"]


def test_no_name_of_another_company_is_on_the_page(viewer: User) -> None:
    names = [one.name for one in others(10)]
    body = client_of(viewer).get(PART).content.decode()
    assert "about 5" in body
    assert not [name for name in names if name in body]


def test_a_company_of_unknown_size_is_asked_for_it(viewer: User, company: Company) -> None:
    others(10, size="")
    Company.objects.filter(pk=company.pk).update(size="")
    answer = Client()
    answer.force_login(viewer)
    assert "How many people work for you?" in answer.get(PART).content.decode()


values = st.dictionaries(st.integers(1, 40), st.integers(0, 10**9), max_size=30)


@given(values, st.integers(0, 10**9), st.integers(0, 10**9))
def test_own_figures_never_move_the_median(found: dict[int, int], one: int, other: int) -> None:
    assert (
        peers.median_of_others({**found, 0: one}, 0)
        == peers.median_of_others({**found, 0: other}, 0)
        == peers.median_of_others(found, 0)
    )


@given(values)
def test_only_ten_others_have_a_median_and_it_has_two_digits(found: dict[int, int]) -> None:
    middle = peers.median_of_others(found, 0)
    assert (middle is None) == (len(found) < 10)
    assert middle is None or len(str(middle).rstrip("0")) <= 2
