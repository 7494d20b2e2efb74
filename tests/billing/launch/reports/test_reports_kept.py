"""How long what products report is kept, who gets it, and what happens when two tell at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from billing.catalog.models import Product
from billing.launch import reported
from billing.launch.models import ProductFigure, ProductReport, ProductSync
from billing.launch.services import activity_reports, state_reports
from billing.launch.services.activity_reports import Report
from billing.launch.services.state_reports import Figure
from portal.accounts.models import Company
from portal.accounts.services import cleaning
from portal.activity.models import ActivityEvent
from portal.core.privacy import Erasing

NOW = timezone.now()


def tell(product: Product, company: Company) -> None:
    """A bit of everything."""
    report = Report(id="a-1", company=company.slug, text="Backup complete", occurred_at=NOW)
    activity_reports.record(product=product, reports={0: report}, at=NOW)
    figures = [Figure("records", "Records", 12)]
    state_reports.set_figures(product=product, company=company, figures=figures, reported_at=NOW, at=NOW)
    state_reports.set_sync(product=product, company=company, state="ok", synced_at=NOW, detail="", at=NOW)


@pytest.fixture
def both_told(erp: Product, sacco: Product, company: Company, other_company: Company) -> None:
    tell(erp, company)
    tell(sacco, other_company)


@pytest.mark.django_db
def test_archive_has_what_was_told_of_this_company_alone(both_told: None, company: Company) -> None:
    told = {"label": "Records", "value": 12, "reported_at": NOW, "product_name": "erp"}
    assert list(reported.figures(company)) == [told | {"before": None, "before_at": None}]
    assert list(reported.syncs(company)) == [{"state": "ok", "synced_at": NOW, "detail": "", "product_name": "erp"}]


@pytest.mark.django_db
def test_archive_has_what_a_figure_is_compared_with(both_told: None, erp: Product, company: Company) -> None:
    tomorrow = NOW + timedelta(days=1)
    figures = [Figure("records", "Records", 15)]
    state_reports.set_figures(product=erp, company=company, figures=figures, reported_at=tomorrow, at=tomorrow)
    told = next(iter(reported.figures(company)))
    assert (told["value"], told["before"], told["before_at"]) == (15, 12, NOW)


@pytest.mark.django_db
def test_erasure_forgets_what_was_told_of_this_company_alone(
    both_told: None, company: Company, other_company: Company
) -> None:
    reported.erase_company(Erasing(company, company.name, frozenset(), NOW))
    for model in (ProductFigure, ProductSync, ProductReport):
        assert list(model._default_manager.values_list("company", flat=True)) == [other_company.pk]


@pytest.mark.django_db
def test_ids_are_known_for_longer_than_a_report_may_be_late(both_told: None) -> None:
    cleaning.clean_up(at=NOW + timedelta(days=89))
    assert ProductReport.objects.count() == 2
    cleaning.clean_up(at=NOW + timedelta(days=91))
    assert (ProductReport.objects.count(), ActivityEvent.objects.filter(verb="product.reported").count()) == (0, 2)
    assert reported.RULES["product_reports"].least > 2 * activity_reports.LATE.days


@pytest.mark.django_db(transaction=True)
def test_same_list_sent_at_once_counts_once(erp: Product, company: Company) -> None:
    start = Barrier(4)
    reports = {
        number: Report(id=str(number), company=company.slug, text="Payslip sent", occurred_at=NOW)
        for number in range(20)
    }

    def send() -> int:
        try:
            start.wait()
            return activity_reports.record(product=erp, reports=reports, at=NOW).accepted
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        accepted = [future.result() for future in [pool.submit(send) for _number in range(4)]]
    assert sorted(accepted) == [0, 0, 0, 20]
    assert ActivityEvent.objects.filter(verb="product.reported").count() == 20


@pytest.mark.django_db(transaction=True)
def test_of_figures_told_at_once_the_latest_stand(erp: Product, company: Company) -> None:
    start = Barrier(4)

    def send(number: int) -> None:
        try:
            start.wait()
            figures = [Figure("records", "Records", number), Figure(f"only-{number}", "Only here", number)]
            at = NOW - timedelta(seconds=10 - number)
            state_reports.set_figures(product=erp, company=company, figures=figures, reported_at=at, at=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        for future in [pool.submit(send, number) for number in range(4)]:
            future.result()
    assert [(row.key, row.value) for row in ProductFigure.objects.for_company(company)] == [
        ("records", 3),
        ("only-3", 3),
    ]
