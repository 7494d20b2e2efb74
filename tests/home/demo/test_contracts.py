"""The demo world's contracts: one in force and paid for, one that waits, a draft, and one that is signed."""

import pytest
from django.utils import timezone

from home.demo import contracts
from portal.accounts.models import User
from portal.contracts.models import BillingPeriod, Contract, ContractTemplate, SealJob
from portal.contracts.services import evidence
from tests.billing.invoicing.books import difference
from tests.cast import in_group, member
from tests.factories import CompanyFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_demo_has_contracts_in_four_states_once(portal_groups: None) -> None:
    northwind = CompanyFactory.create(slug="northwind-labs", currency="USD", country="US")
    savanna = CompanyFactory.create(slug="savanna-foods")
    everybody = [
        member(northwind, "owner", "owner@northwind.example"),
        member(savanna, "owner", "owner@savanna.example"),
        in_group("editor@portal.example", "Content editors", staff=False),
        in_group("support@portal.example", "Support", staff=True),
        in_group("finance@portal.example", "Finance", staff=True),
        UserFactory.create(email="staff@portal.example", is_staff=True, is_superuser=True),
    ]
    people: dict[str, User] = {user.email: user for user in everybody}
    for _again in range(2):
        contracts.create(people, {"northwind-labs": northwind, "savanna-foods": savanna})
    found = Contract.objects.order_by("pk").values_list("company__slug", "type", "status")
    assert list(found) == [
        ("northwind-labs", "engagement", "active"),
        ("northwind-labs", "maintenance", "sent"),
        ("northwind-labs", "engagement", "draft"),
        ("savanna-foods", "onboarding", "signed"),
    ]
    assert ContractTemplate.objects.in_use().count() == 3
    assert SealJob.objects.count() == 2
    periods = BillingPeriod.objects.order_by("sequence").values_list("status", "amount")
    assert [(status, f"{amount:.2f}") for status, amount in periods] == [
        ("paid", "1666.67"),
        ("pending", "1666.67"),
        ("pending", "1666.66"),
    ]
    assert [evidence.verify(contract) for contract in Contract.objects.order_by("pk")] == [12, 2, 0, 12]
    assert difference() == ""
    assert Contract.objects.get(status="active").starts_on <= timezone.localdate()
