"""Products for other programs: the state that the card has, for this company and this member alone."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing.catalog.models import Product
from billing.launch.models import ProductSession
from billing.launch.services import clients
from billing.subscriptions.models import ProductAccess, ProductGrant
from portal.accounts.models import Company, Membership, User
from tests.cast import client_of
from tests.factories import ProductAccessFactory, ProductFactory

pytestmark = pytest.mark.django_db
PRODUCTS = "/api/business/v1/products/"
OPENED = datetime(2026, 5, 3, 9, 30, tzinfo=UTC)


@pytest.fixture
def erp(company: Company) -> Product:
    """ERP, which Savanna has and which can be opened."""
    product = Product.objects.get(slug="erp")
    product.launch_url = "https://erp.example/sign-in/"
    product.save()
    clients.keep(product=product, redirect_uris=[], post_logout_redirect_uris=[], backchannel_logout_uri="", by=None)
    return product


def told(person: User) -> dict[str, tuple[str, str | None, str | None]]:
    """State, reason and last access of each product, as this person's program reads them."""
    rows = client_of(person).get(PRODUCTS).json()["results"]
    return {row["slug"]: (row["status"], row["reason"], row["last_opened_at"]) for row in rows}


def granted(person: User, product: Product) -> Membership:
    """The person's membership, with the right to open the product."""
    membership = Membership.objects.get(user=person)
    ProductGrant.objects.create(membership=membership, product=product)
    return membership


def test_a_product_as_it_is_told(erp: Product, owner: User) -> None:
    granted(owner, erp)
    ProductFactory.create(slug="crm", name="CRM", position=1, description="Customers.")
    Product.objects.filter(slug="erp").update(position=2)
    ProductFactory.create(slug="old", is_active=False)
    answer = client_of(owner).get(PRODUCTS).json()
    assert [row["slug"] for row in answer["results"]] == ["crm", "erp"]
    assert answer["results"][0] == {
        "id": str(Product.objects.get(slug="crm").public_id),
        "slug": "crm",
        "name": "CRM",
        "icon": "crm",
        "description": "Customers.",
        "status": "not_subscribed",
        "reason": "The product is closed: the company has no plan with it.",
        "last_opened_at": None,
    }
    assert told(owner)["erp"] == ("active", None, None)


def test_each_reads_their_own_state(erp: Product, owner: User, viewer: User, stranger: User) -> None:
    membership = granted(owner, erp)
    ProductSession.objects.create(
        user=owner,
        company=membership.company,
        product=erp,
        role="owner",
        started_at=OPENED,
        authenticated_at=OPENED,
        expires_at=OPENED,
    )
    assert told(owner)["erp"] == ("active", None, "2026-05-03T09:30:00Z")
    assert told(viewer)["erp"] == ("active", "You have not been given access to it.", None)
    assert told(stranger)["erp"] == (
        "not_subscribed", "The product is closed: the company has no plan with it.", None
    )  # fmt: skip


def test_a_closed_product_says_why(erp: Product, owner: User) -> None:
    granted(owner, erp)
    ProductAccess.objects.filter(product=erp).update(is_open=False, closed_reason="suspended", closed_at=OPENED)
    status, reason, _at = told(owner)["erp"]
    assert status == "suspended"
    assert reason
    refused = client_of(owner).post(f"{PRODUCTS}erp/launch/")
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:portal:problem:suspended")


def test_refusals_are_problems_and_nothing_is_written(owner: User, developer: User) -> None:
    for person, method, status in ((None, "get", 401), (developer, "get", 404), (owner, "post", 405)):
        answer = getattr(client_of(person), method)(PRODUCTS)
        assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
        assert answer.json()["status"] == status


def test_twenty_products_take_as_many_queries_as_one(erp: Product, owner: User, company: Company) -> None:
    client = client_of(owner)
    client.get(PRODUCTS)

    def asked() -> tuple[int, Any]:
        with CaptureQueriesContext(connection) as queries:
            found = client.get(PRODUCTS).json()["count"]
        return len(queries), found

    one = asked()
    for number in range(19):
        product = ProductFactory.create(slug=f"product-{number}")
        ProductAccessFactory.create(company=company, product=product)
        granted(owner, product)
    assert (asked(), one[1]) == ((one[0], 20), 1)
