"""Limits on the page of use: what is used, and the day on which it will be all."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from billing.usage import limits, registry
from billing.usage.registry import Consumption
from portal.accounts.models import Company, User
from tests.billing.usage.figures import each_day, metric, product
from tests.cast import client_of

pytestmark = pytest.mark.django_db
PART = "/customer/usage/parts/limits/"


def today() -> date:
    return timezone.localdate()


def limit(
    used: int | None, of: int, slug: str = "payslips", kind: str = "count", in_product: str = "erp"
) -> Consumption:
    """A limit of a plan whose period ends in 60 days."""
    keys = frozenset({product(in_product).pk})
    ends_on = today() + timedelta(days=60)
    return Consumption(f"Plan of {in_product}", slug, metric(slug, kind), keys, of, used, today(), ends_on)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch, company: Company) -> list[Consumption]:
    """What plans say to the company, and to no other."""
    mine: list[Consumption] = []

    def read(asked: Company) -> Sequence[Consumption]:
        return mine if asked == company else []

    monkeypatch.setattr(registry.consumptions, "_entries", {"plans": read})
    return mine


def shown(user: User, query: str = "") -> list[dict[str, Any]]:
    """The limits that the part shows."""
    answer = client_of(user).get(PART + query, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return [row for _plan, rows in answer.context["plans"] for row in rows]


def test_a_count_that_goes_on_is_told_its_day(viewer: User, company: Company, told: list[Consumption]) -> None:
    each_day(company, metric("payslips"), today() - timedelta(days=28), [2] * 28)
    told.append(limit(56, 76))
    (row,) = shown(viewer)
    day = date_format(today() + timedelta(days=10), "j F Y")
    assert (row["used"], row["limit"], row["percent"]) == ("56", "of 76", 73)
    assert row["forecast"] == f"Expected to reach the limit on {day}."
    assert "2 a day" in row["reckoning"]


def test_a_level_without_growth_is_not_reached(viewer: User, company: Company, told: list[Consumption]) -> None:
    each_day(company, metric("storage", "level"), today() - timedelta(days=28), [7] * 28)
    told.append(limit(7, 10, "storage", "level"))
    (row,) = shown(viewer)
    assert row["forecast"] == "Not expected to reach the limit within a year."


def test_what_began_days_ago_has_no_forecast_yet(viewer: User, company: Company, told: list[Consumption]) -> None:
    each_day(company, metric("payslips"), today() - timedelta(days=13), [2] * 13)
    told.append(limit(26, 76))
    (row,) = shown(viewer)
    assert (row["forecast"], row["reckoning"][:17]) == ("", "Too early to tell")


def test_what_products_do_not_report_has_its_meter_alone(viewer: User, told: list[Consumption]) -> None:
    told.extend([limit(3, 5), limit(None, 5, "sms")])
    known, unknown = shown(viewer)
    assert (known["used"], known["forecast"], known["reckoning"]) == ("3", "", "")
    assert (unknown["used"], unknown["note"]) == ("–", "Not counted yet")


def test_use_of_another_product_is_not_reckoned_with(viewer: User, company: Company, told: list[Consumption]) -> None:
    each_day(company, metric("payslips"), today() - timedelta(days=28), [9] * 28, in_product="payroll")
    told.append(limit(3, 5))
    (row,) = shown(viewer)
    assert row["forecast"] == ""


def test_of_one_product_its_own_limits_are_shown(viewer: User, told: list[Consumption]) -> None:
    told.extend([limit(3, 5), limit(4, 5, in_product="payroll")])
    assert [row["plan"] for row in shown(viewer, "?product=erp")] == ["Plan of erp"]


def test_other_companies_see_nothing_of_it(stranger: User, told: list[Consumption]) -> None:
    told.append(limit(3, 5))
    assert shown(stranger) == []


def test_as_many_queries_for_one_limit_as_for_twenty(company: Company, django_assert_num_queries: Any) -> None:
    each_day(company, metric("payslips"), today() - timedelta(days=28), [2] * 28)
    one, many = [limit(56, 76)], [limit(56, 76) for _number in range(20)]
    with django_assert_num_queries(4):
        limits.of(company, one, today=today())
    with django_assert_num_queries(4):
        limits.of(company, many, today=today())
