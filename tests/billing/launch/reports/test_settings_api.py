"""What a company set for a product, as the product reads it."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from billing.catalog.models import Product, ProductSetting
from billing.launch.services import settings as product_settings
from portal.accounts.models import Company, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def schema(erp: Product, sacco: Product) -> None:
    """ERP asks for a currency and whether to number, SACCO for a share price."""
    ProductSetting.objects.create(
        product=erp, key="currency", label="Currency", kind="choice", choices="KES\nUSD", sort_order=1
    )
    ProductSetting.objects.create(
        product=erp, key="numbered", label="Numbers", kind="switch", default="on", sort_order=2
    )
    ProductSetting.objects.create(product=sacco, key="share", label="Share", kind="number", default="500", sort_order=1)


def ask(client: Client, **query: Any) -> Any:
    """As a product does."""
    return client.get("/api/product/v1/settings/", query)


def test_product_reads_what_a_company_set_and_defaults_for_the_rest(
    schema: None, as_erp: Client, as_sacco: Client, erp: Product, company: Company, other_company: Company, owner: User
) -> None:
    assert ask(as_erp, company=company.slug).json() == {
        "company": company.slug,
        "version": 0,
        "updated_at": None,
        "settings": {"currency": "KES", "numbered": True},
    }
    at = timezone.now().replace(microsecond=0)
    values = {"currency": "USD", "numbered": True}
    product_settings.save(company=company, product=erp, values=values, seen=0, by=owner, at=at)
    assert ask(as_erp, company=str(company.public_id)).json() == {
        "company": str(company.public_id),
        "version": 1,
        "updated_at": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "settings": {"currency": "USD", "numbered": True},
    }
    assert ask(as_sacco, company=other_company.slug).json()["settings"] == {"share": 500}


def test_settings_of_other_companies_are_not_told(schema: None, as_erp: Client, other_company: Company) -> None:
    nobody = ask(as_erp, company="no-such-company")
    assert (nobody.status_code, nobody.json()["type"]) == (404, "urn:portal:problem:unknown_company")
    for name in (other_company.slug, str(other_company.public_id)):
        assert (ask(as_erp, company=name).status_code, ask(as_erp, company=name).json()) == (404, nobody.json())
    assert (ask(as_erp).status_code, ask(Client(), company=other_company.slug).status_code) == (400, 401)
