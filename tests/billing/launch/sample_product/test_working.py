"""What a member does in the sample product reaches the portal by the same ways that any product has."""

import time
from collections.abc import Callable, Iterator

import pytest
import requests

from billing.launch.models import ProductFigure, ProductSync
from billing.usage.models import UsageEvent
from portal.accounts.models import Company, User
from portal.activity.models import ActivityEvent
from tests.billing.launch.sample_product import process
from tests.billing.launch.sample_product.process import SECONDS, Sample

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def running() -> Iterator[dict[float, Sample]]:
    """None that was used before: what it would still tell of companies that are gone goes before what is told here."""
    with process.ended() as samples:
        yield samples


def wait_until(holds: Callable[[], bool], what: str) -> None:
    """The product tells things when it has time."""
    deadline = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


def test_work_becomes_activity_statistics_and_use(
    sample: Sample, window: requests.Session, viewer: User, company: Company, other_company: Company
) -> None:
    sample.launch(window)
    assert "5 employees added." in sample.press(window, "/work/add-employees/").text
    assert "Payroll run finished." in sample.press(window, "/work/run-payroll/").text
    assert "Backup complete." in sample.press(window, "/work/back-up/").text
    sample.get(window, "/reports/")
    wait_until(
        lambda: ProductSync.objects.exists() and UsageEvent.objects.filter(metric__slug="reports").exists(),
        "all is told",
    )
    told = ActivityEvent.objects.filter(verb="product.member_reported").order_by("at")
    assert [(event.sentence(), event.company) for event in told] == [
        (f"{viewer} in Payroll: 5 employees added", company),
        (f"{viewer} in Payroll: Payroll run finished", company),
        (f"{viewer} in Payroll: Backup complete", company),
    ]
    figures = ProductFigure.objects.for_company(company).values_list("key", "value")
    wait_until(lambda: set(figures.all()) == {("employees", 140), ("runs", 12)}, "the last figures stand")
    used = UsageEvent.objects.filter(user=viewer).order_by("pk").values_list("metric__slug", "value")
    assert list(used) == [("payslips", 135), ("storage", 12), ("reports", 1)]
    assert set(UsageEvent.objects.values_list("company", flat=True)) == {company.pk}
    assert (ProductSync.objects.get().company, ProductSync.objects.get().state) == (company, "ok")


def test_work_needs_a_member_and_a_form_of_ours(sample: Sample, window: requests.Session, owner: User) -> None:
    assert requests.post(f"{sample.url}/work/add-employees/", timeout=SECONDS).status_code == 403
    sample.launch(window)
    assert window.post(f"{sample.url}/work/add-employees/", timeout=SECONDS).status_code == 403
    assert sample.press(window, "/work/nothing/").status_code == 404
    assert not ActivityEvent.objects.filter(verb__startswith="product.member_reported").exists()
