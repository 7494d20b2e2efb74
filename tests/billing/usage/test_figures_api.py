"""Use by day and month for the company's own programs."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from billing.catalog.models import Product
from billing.usage.models import DailyUsage
from billing.usage.services import rolling
from portal.accounts.models import User
from tests.billing.usage.world import event, on, recorded

pytestmark = pytest.mark.django_db
ADDRESS = "/api/business/v1/usage/"
MARCH = {"from": "2026-03-01", "to": "2026-03-31"}


@pytest.fixture
def used(erp: Product, sacco: Product, viewer: User) -> None:
    recorded(
        erp,
        event(1, value=3),
        event(2, value=4, member=str(viewer.public_id)),
        event(3, value=5, occurred_at=on(2)),
        event(4, value=70, metric="storage", occurred_at=on(2)),
        event(5, value=60, metric="storage"),
        event(6, value=100, metric="response-time"),
        event(7, value=201, metric="response-time"),
        event(8, value=9, occurred_at=on(27, month=2)),
    )
    recorded(sacco, event(1, company="ridgeline-sacco", metric="storage", value=12))
    rolling.roll_up()


def read(user: User, **query: str) -> Any:
    browser = Client()
    browser.force_login(user)
    return browser.get(ADDRESS, query)


def rows(user: User, **query: str) -> list[tuple[Any, ...]]:
    answer = read(user, **query)
    assert answer.status_code == 200
    names = ("starts_on", "product", "metric", "value", "events", "members")
    return [tuple(row[name] for name in names) for row in answer.json()["results"]]


def test_by_day_the_latest_first(used: None, viewer: User) -> None:
    assert rows(viewer, **MARCH) == [
        ("2026-03-18", "erp", "payslips", 7, 2, 1),
        ("2026-03-18", "erp", "response-time", 151, 2, 0),
        ("2026-03-18", "erp", "storage", 60, 1, 0),
        ("2026-03-02", "erp", "payslips", 5, 1, 0),
        ("2026-03-02", "erp", "storage", 70, 1, 0),
    ]


def test_by_month_of_one_metric(used: None, viewer: User) -> None:
    query = {"from": "2026-02-01", "to": "2026-03-31", "by": "month"}
    assert rows(viewer, **query, metric="payslips", product="erp") == [
        ("2026-03-01", "erp", "payslips", 12, 3, 1),
        ("2026-02-01", "erp", "payslips", 9, 1, 0),
    ]
    assert rows(viewer, **query, metric="storage") == [("2026-03-01", "erp", "storage", 60, 2, 0)]
    assert rows(viewer, **query, product="sacco") == []


def test_another_company_sees_its_own(used: None, stranger: User) -> None:
    assert [row[1:4] for row in rows(stranger, **MARCH)] == [("sacco", "storage", 12)]


def test_without_days_the_last_thirty(used: None, viewer: User) -> None:
    assert rows(viewer, to="2026-03-28") == rows(viewer, to="2026-03-28", **{"from": "2026-02-27"})
    assert len(rows(viewer, to="2026-03-29")) == 5


@pytest.mark.parametrize("query", [{"from": "yesterday"}, {"by": "year"}, {"to": "2026-02-30"}])
def test_what_makes_no_sense_is_refused(used: None, viewer: User, query: dict[str, str]) -> None:
    assert read(viewer, **query).status_code == 400


def test_pages_and_queries(used: None, viewer: User) -> None:
    answer = read(viewer, **MARCH, page_size="2").json()
    assert (answer["count"], len(answer["results"]), answer["previous"]) == (5, 2, None)
    with CaptureQueriesContext(connection) as few:
        read(viewer, **MARCH)
    for row in list(DailyUsage.objects.filter(used_on=on(18).date())):
        for day in range(3, 17):
            row.pk, row.used_on = None, on(day).date()
            row.save()
    with CaptureQueriesContext(connection) as many:
        assert read(viewer, **MARCH).json()["count"] > 40
    assert len(few) == len(many)
