"""What tests of billed contracts begin with."""

from decimal import Decimal

import pytest

from billing.invoicing.models import TaxRate
from portal.accounts.models import Company, User
from portal.contracts.models import Contract
from tests.billing.contracts.billed import FIRST, billed
from tests.factories import UserFactory
from tests.portal.contracts.charges.made import contract, item


@pytest.fixture(autouse=True)
def kenyan_vat(db: None) -> None:
    """Kenya's rate."""
    TaxRate.objects.create(country="KE", percent=Decimal(16), starts_on=FIRST.replace(year=2021))


@pytest.fixture
def asker(db: None) -> User:
    """One of staff who asks for billing; somebody else decides."""
    return UserFactory.create(staff=True, is_superuser=True, email="asker@portal.example")


@pytest.fixture
def decider(db: None) -> User:
    """One of staff who decides."""
    return UserFactory.create(staff=True, is_superuser=True, email="decider@portal.example")


@pytest.fixture
def training(company: Company, asker: User, decider: User) -> Contract:
    """A contract in force of one training over three months, billed from 31 January on."""
    made = contract(company)
    item(made, "5000.00", description="Training", schedule="instalments")
    return billed(made, asker, decider)
