"""The product that tests of use report with."""

import pytest

from billing.catalog.models import Product
from portal.accounts.models import Company
from tests.billing.usage.world import reporting


@pytest.fixture
def erp(company: Company, other_company: Company) -> Product:
    """Savanna's product; it reports all kinds of metrics."""
    product = Product.objects.get(slug="erp")
    reporting(product)
    return product


@pytest.fixture
def sacco(other_company: Company) -> Product:
    """Ridgeline's product; it reports storage alone."""
    product = Product.objects.get(slug="sacco")
    reporting(product, "storage")
    return product
