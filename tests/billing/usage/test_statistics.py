"""How much data products keep, as dashboards show it."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from billing.usage.models import DailyUsage
from billing.usage.services import rolling
from billing.usage.statistics import data_used, mark
from portal.accounts.models import Company
from portal.core.widgets import Period, Scope
from tests.billing.usage.figures import MARCH, metric, used
from tests.factories import CompanyFactory

pytestmark = pytest.mark.django_db
FIRST_WEEK = Period(date(2026, 3, 1), date(2026, 3, 5))


@pytest.fixture
def scope() -> Scope:
    """A company at the first days of March."""
    request = RequestFactory().get("/")
    request.company = CompanyFactory.create()
    return Scope(request, FIRST_WEEK)


def company_of(scope: Scope) -> Company:
    assert scope.request.company
    return scope.request.company


def test_data_is_what_each_product_told_last(scope: Scope) -> None:
    storage, company = metric("storage", "level"), company_of(scope)
    used(company, storage, date(2026, 2, 27), 10)
    used(company, storage, date(2026, 2, 28), 5, in_product="payroll")
    used(company, storage, date(2026, 3, 2), 12)
    used(company, storage, date(2026, 3, 2), 11, in_product="payroll", hour=1)
    used(company, metric("payslips"), date(2026, 3, 2), 900)
    used(CompanyFactory.create(), storage, date(2026, 3, 2), 500)
    with CaptureQueriesContext(connection) as queries:
        figure = data_used(scope)
    assert figure
    assert (figure.value, figure.before, figure.unit) == (23, 15, storage.unit)
    assert figure.trend == (15, 23, 23, 23)
    assert (figure.change_text, figure.direction) == ("53.3 %", "up")
    assert len(queries) == 1


def test_nothing_told_is_no_figure(scope: Scope) -> None:
    assert data_used(scope) is None
    used(company_of(scope), metric("payslips"), date(2026, 3, 2), 3)
    assert data_used(replace(scope, period=MARCH)) is None


def test_the_mark_moves_with_the_company_s_own_figures(scope: Scope) -> None:
    def marked() -> list[str]:
        rows = mark(scope)
        return [row.mark for row in rows] if rows is not None else []

    assert marked() == []
    row = used(company_of(scope), metric("payslips"), date(2026, 3, 2), 3)
    first = marked()
    used(CompanyFactory.create(), metric("payslips"), date(2026, 3, 3), 3)
    assert marked() == first
    row.events += 1
    row.save()
    rolling.add_up(companies=[company_of(scope).pk])
    assert marked() != first


def test_the_mark_moves_with_any_day_and_only_when_figures_change(scope: Scope) -> None:
    company = company_of(scope)
    used(company, metric("payslips"), date(2026, 3, 2), 3)
    row = used(company, metric("payslips"), date(2026, 3, 1), 3)
    first = list(mark(scope).values_list("mark", flat=True))
    rolling.add_up(companies=[company.pk])
    assert list(mark(scope).values_list("mark", flat=True)) == first
    DailyUsage.objects.filter(pk=row.pk).update(total=4)
    rolling.add_up(companies=[company.pk])
    assert list(mark(scope).values_list("mark", flat=True)) != first
