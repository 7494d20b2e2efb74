"""A company that uses Payroll and SACCO, and the two products as relying parties of a server that runs."""

from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from billing.catalog.models import Product
from billing.subscriptions.models import ProductAccess, ProductGrant
from portal.accounts.models import Company, User
from tests.billing.launch import relying_party
from tests.billing.launch.relying_party import Party
from tests.factories import ProductAccessFactory, ProductFactory


def granted(user: User, company: Company, product: Product) -> ProductGrant:
    """Let a member open a product that the company may open."""
    ProductAccess.objects.get_or_create(company=company, product=product)
    return ProductGrant.objects.create(membership=user.memberships.get(company=company), product=product)


@pytest.fixture
def payroll(company: Company) -> Product:
    product = ProductFactory.create(slug="payroll", name="Payroll")
    ProductAccessFactory.create(company=company, product=product)
    return product


@pytest.fixture
def portal(transactional_db: None, live_server: LiveServer, settings: Any) -> str:
    """The address of a server that runs, by which the portal names itself."""
    settings.BASE_URL = live_server.url
    return str(live_server.url)


@pytest.fixture
def product(portal: str, payroll: Product) -> Party:
    """Payroll as a relying party."""
    return relying_party.party(portal, payroll)


@pytest.fixture
def other_product(portal: str, payroll: Product, company: Company) -> Party:
    """Another product of the same company."""
    erp = ProductFactory.create(slug="erp", name="ERP")
    return relying_party.party(portal, erp)
