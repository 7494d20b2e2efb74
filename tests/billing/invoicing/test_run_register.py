"""Staff see invoice runs, how far they are, and what could not be invoiced."""

import pytest
from django.urls import reverse

from billing.invoicing.models import InvoiceBatch, InvoiceRun
from billing.invoicing.services import charges, runs
from billing.invoicing.services.charges import NewCharge
from billing.invoicing.services.drafts import Item
from portal.accounts.models import Company, User
from tests.billing.invoicing.books import AT, TODAY, kes
from tests.cast import client_of
from tests.factories import CompanyFactory

pytestmark = pytest.mark.django_db
LIST = "/admin/registers/invoice-runs/"


@pytest.fixture
def run(company: Company) -> InvoiceRun:
    """A run of which one of two batches is done; one company could not be invoiced."""
    for place, who in enumerate((company, CompanyFactory.create(name="Reduced"), CompanyFactory.create())):
        category = "reduced" if place == 1 else "standard"
        item = Item("ERP", kes(100), source=str(place), tax_category=category)
        charges.add([NewCharge(who.pk, TODAY, item)], at=AT)
    begun = runs.start(until=TODAY, at=AT, size=2)
    assert begun is not None
    assert runs.issue_next(run=begun, at=AT)
    return begun


def test_finance_sees_how_far_a_run_is(finance: User, run: InvoiceRun) -> None:
    listed = client_of(finance).get(LIST).content.decode()
    assert "Running, 33%" in listed
    page = client_of(finance).get(f"{LIST}inspect/{run.pk}/").content.decode()
    assert "1 of 1 charges" in page
    assert "1 queued, 1 done" in page
    assert "Reduced: No rate of tax is known for reduced lines there." in page
    assert runs.issue_next(run=run, at=AT)
    assert "Done" in client_of(finance).get(f"{LIST}inspect/{run.pk}/").content.decode()


def test_batch_that_was_given_up_is_named(finance: User, run: InvoiceRun) -> None:
    InvoiceBatch.objects.filter(state="queued").update(state="failed", error="OperationalError: gone")
    page = client_of(finance).get(f"{LIST}inspect/{run.pk}/").content.decode()
    assert "OperationalError: gone" in page


@pytest.mark.parametrize("who", ["support", "editor", "owner"])
def test_others_do_not_see_runs(who: str, run: InvoiceRun, request: pytest.FixtureRequest) -> None:
    answer = client_of(request.getfixturevalue(who)).get(reverse("invoice-runs:index"))
    assert answer.status_code in (302, 403)
