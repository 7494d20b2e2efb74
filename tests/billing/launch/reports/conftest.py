"""Three products, two companies: Savanna has ERP and had Payroll, Ridgeline has SACCO."""

import pytest
from django.test import Client
from django.utils import timezone

from billing.catalog.models import Product
from portal.accounts.models import Company
from tests.billing.launch.reports.credentials import bearing
from tests.factories import ProductAccessFactory, ProductFactory


@pytest.fixture
def erp(company: Company) -> Product:
    return Product.objects.get(slug="erp")


@pytest.fixture
def payroll(company: Company) -> Product:
    """Savanna had it once."""
    product = ProductFactory.create(slug="payroll")
    ProductAccessFactory.create(
        company=company, product=product, is_open=False, closed_reason="cancelled", closed_at=timezone.now()
    )
    return product


@pytest.fixture
def sacco(other_company: Company) -> Product:
    return Product.objects.get(slug="sacco")


@pytest.fixture
def as_erp(erp: Product) -> Client:
    return bearing(erp)


@pytest.fixture
def as_payroll(payroll: Product) -> Client:
    return bearing(payroll)


@pytest.fixture
def as_sacco(sacco: Product) -> Client:
    return bearing(sacco)
