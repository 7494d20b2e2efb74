"""A thousand contracts in one run: as many queries as for twenty."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing.invoicing.models import Invoice
from billing.invoicing.services import contract_charges, runs
from portal.accounts.models import Company
from portal.contracts.models import BillingPeriod, BillingPeriodLine, BillingTerms, Contract, ContractLineItem
from tests.billing.contracts.billed import FIRST, at
from tests.billing.invoicing.books import difference
from tests.portal.contracts.charges.made import AT, SIGNED, contract

FEW, MANY = 20, 1000


def bill(count: int, prefix: str, due_on: date) -> None:
    """So many companies with a contract of one recurring item each, of which one period is due."""
    companies = Company.objects.bulk_create(
        Company(name=f"{prefix} {number}", slug=f"{prefix}-{number}", country="KE") for number in range(count)
    )
    template = contract(companies[0]).template
    contracts = Contract.objects.bulk_create(
        Contract(company=one, template=template, type="engagement", title="C", currency="USD", starts_on=due_on)
        for one in companies
    )
    items = ContractLineItem.objects.bulk_create(
        ContractLineItem(
            contract=one, position=1, description="Support", schedule="one_off", amount=100, months=1,
            starts_on=due_on, ends_on=date.fromordinal(due_on.toordinal() + 1),
        )
        for one in contracts
    )  # fmt: skip
    for one in contracts:
        one.number = f"{prefix}-{one.pk}"
    Contract.objects.bulk_update(contracts, ["number"])
    BillingTerms.objects.bulk_create(BillingTerms(contract=one, enabled_at=AT) for one in contracts)
    Contract.objects.filter(pk__in=[one.pk for one in contracts], company__slug__startswith=prefix).update(**SIGNED)
    days = {"starts_on": due_on, "ends_on": items[0].ends_on}
    periods = BillingPeriod.objects.bulk_create(
        BillingPeriod(contract=one, sequence=1, due_on=due_on, amount=100, **days) for one in contracts
    )
    lines = BillingPeriodLine.objects.bulk_create(
        BillingPeriodLine(period=period, item=item, description="Support", amount=100, **days)
        for period, item in zip(periods, items, strict=True)
    )
    for one, line in zip(contracts, lines, strict=True):
        contract_charges.charge(one, [line], at=AT)


def queries_of_run(day: date) -> int:
    run = runs.start(until=day, at=at(day))
    assert run is not None
    with CaptureQueriesContext(connection) as queries:
        assert runs.issue_next(run=run, at=at(day))
    return len(queries)


@pytest.mark.django_db
def test_thousand_contracts_are_invoiced_in_as_many_queries_as_twenty() -> None:
    later = date(2026, 3, 1)
    bill(1, "one", FIRST)
    queries_of_run(FIRST)
    bill(FEW, "few", date(2026, 2, 1))
    few = queries_of_run(date(2026, 2, 1))
    bill(MANY, "many", later)
    many = queries_of_run(later)
    assert (Invoice.objects.count(), many) == (1 + FEW + MANY, few)
    assert BillingPeriod.objects.filter(status="invoiced").exclude(invoice_number="").count() == 1 + FEW + MANY
    late = date(2026, 3, 16)
    with CaptureQueriesContext(connection) as queries:
        assert contract_charges.fall_overdue(today=late) == 1 + FEW + MANY
    assert len(queries) < 12
    assert difference() == ""
