"""The sidebar names the company's open products, and follows what it may open."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from billing.launch import navigation
from billing.subscriptions.models import ProductAccess
from billing.subscriptions.services import access
from portal.accounts.models import Membership
from tests.billing.subscriptions.world import subscribed
from tests.cast import client_of
from tests.factories import PlanFactory, ProductAccessFactory, ProductFactory

pytestmark = pytest.mark.django_db
PAGE = "/customer/plans/"


def named(client, page: str = PAGE) -> list[str]:
    """The entries of the group of products."""
    groups = client.get(page).context["navigation"]
    return next([entry["label"] for entry in group["entries"]] for group in groups if group["label"] == "Products")


def test_open_products_stand_after_all_of_them(company, owner, stranger):
    ProductAccessFactory.create(company=company, product=ProductFactory.create(slug="payroll"))
    closed = ProductAccessFactory.create(company=company, product=ProductFactory.create(slug="sacco"))
    closed.close(reason="cancelled", at=timezone.now())
    closed.save()
    assert named(client_of(owner)) == ["Products", "ERP", "PAYROLL", "Usage", "Subscriptions", "Plans"]
    assert named(client_of(stranger)) == ["Products", "SACCO", "Usage", "Subscriptions", "Plans"]


def test_the_page_of_a_product_is_marked(company, owner):
    groups = client_of(owner).get("/customer/products/erp/").context["navigation"]
    assert [entry["label"] for group in groups for entry in group["entries"] if entry["active"]] == ["ERP"]


@pytest.mark.django_db(transaction=True)
def test_what_opens_and_closes_is_seen_at_once(company, owner):
    client = client_of(owner)
    assert "PAYROLL" not in named(client)
    subscribed(company, PlanFactory.create(month=3100, products=["payroll"]), owner, at=timezone.now())
    assert "PAYROLL" in named(client)
    row = ProductAccess.objects.get(company=company, product__slug="payroll")
    row.close(reason="suspended", at=timezone.now())
    row.save()
    assert "PAYROLL" not in named(client)
    access.follow([company.pk], at=timezone.now())
    assert "PAYROLL" in named(client)


def test_it_costs_no_query_while_nothing_changed(company, owner):
    desk = client_of(owner).get(PAGE).wsgi_request.desk
    assert desk.membership == Membership.objects.get(user=owner)
    with CaptureQueriesContext(connection) as counted:
        assert [entry.label for entry in navigation.products_of(desk)] == ["ERP"]
    assert len(counted) == 0


def test_many_products_leave_room_for_the_rest(company, owner):
    for number in range(12):
        ProductAccessFactory.create(company=company, product=ProductFactory.create(slug=f"p{number}"))
    assert len(named(client_of(owner))) == 1 + navigation.MOST + 3
