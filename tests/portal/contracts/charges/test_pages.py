"""What a company reads on a contract's page of what is charged."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.accounts.models import Company, User
from portal.approvals import services as approvals
from portal.contracts.models import BillingPeriod, Contract
from portal.contracts.services import billing
from tests.cast import client_of
from tests.portal.contracts.charges.made import AT, contract, item, put_in_force

pytestmark = pytest.mark.django_db


@pytest.fixture
def billed(company: Company, support: User, finance: User) -> Contract:
    """A training over three months; its first period is paid."""
    made = contract(company)
    item(made, "5000.00", description="Training", schedule="instalments")
    approval = billing.ask(contract=put_in_force(made), by=support, at=AT)
    approvals.approve(approval=approval, by=finance, at=AT)
    BillingPeriod.objects.filter(sequence=1).update(status="paid", invoice_number="INV-2026-000001")
    return made


def page(person: User, made: Contract) -> str:
    answer: Any = client_of(person).get(f"/customer/contracts/{made.public_id}/")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().replace("\N{NO-BREAK SPACE}", " ").split())


@pytest.mark.parametrize("name", ["owner", "company_admin", "billing_member"])
def test_periods_stand_with_their_states_and_invoices(
    name: str, request: pytest.FixtureRequest, billed: Contract, portal_site: None
) -> None:
    shown = page(request.getfixturevalue(name), billed)
    assert 'href="/customer/billing/invoices/INV-2026-000001/"' in shown
    assert shown.count("1,666.67") == 2
    assert "1,666.66" in shown
    assert "Training, 3 of 3" in shown
    assert "31 Jan 2026 – 27 Feb 2026" in shown
    assert (shown.count("Pending"), shown.count("Paid")) == (2, 1)


def test_viewers_read_what_is_charged_and_nothing_of_invoices(
    viewer: User, billed: Contract, portal_site: None
) -> None:
    shown = page(viewer, billed)
    assert shown.count("1,666.67") == 2
    assert "INV-2026" not in shown
    assert "Paid" not in shown


def test_other_companies_find_nothing(stranger: User, billed: Contract, portal_site: None) -> None:
    assert client_of(stranger).get(f"/customer/contracts/{billed.public_id}/").status_code == 404


def test_withdrawn_periods_are_left_out(owner: User, billed: Contract, portal_site: None) -> None:
    later = BillingPeriod.objects.get(sequence=3)
    later.lines.update(is_withdrawn=True)
    BillingPeriod.objects.filter(pk=later.pk).update(status="cancelled", amount=0)
    assert "Training, 3 of 3" not in page(owner, billed)


def test_contract_that_is_not_billed_shows_what_it_would_cost(owner: User, company: Company, portal_site: None) -> None:
    made = contract(company)
    item(made, "100.00")
    put_in_force(made)
    shown = page(owner, made)
    assert "USD 300.00" in shown
    assert "Pending" not in shown


def test_page_asks_as_much_of_many_periods_as_of_one(
    owner: User, company: Company, support: User, finance: User, portal_site: None
) -> None:
    asked = []
    for months in (1, 12):
        made = contract(company)
        for _ in range(months):
            item(made, "10.00", months=months)
        approval = billing.ask(contract=put_in_force(made), by=support, at=AT)
        approvals.approve(approval=approval, by=finance, at=AT)
        page(owner, made)
        with CaptureQueriesContext(connection) as queries:
            page(owner, made)
        asked.append(len(queries))
    assert asked[0] == asked[1]
