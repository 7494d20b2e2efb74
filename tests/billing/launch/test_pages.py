"""A product's page shows what is the company's own; of a product that it does not have, how to get it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from billing.catalog.models import ProductShortcut
from billing.launch.models import HealthDay, Incident, ProductHealth, State
from billing.launch.services import clients
from billing.subscriptions.models import ProductGrant
from portal.accounts.models import Membership
from portal.activity import services as activity
from tests.billing.subscriptions.world import subscribed
from tests.cast import client_of
from tests.factories import PlanFactory, ProductAccessFactory, ProductFactory
from tests.helpcenter.knowledge import pages

pytestmark = pytest.mark.django_db
PLACE = "/customer/products/"


@pytest.fixture
def erp(company, other_company):
    """ERP, which Savanna has; Ridgeline has SACCO."""
    product = ProductFactory.create(slug="erp")
    product.launch_url = "https://erp.example/sign-in/"
    product.save()
    clients.keep(product=product, redirect_uris=[], post_logout_redirect_uris=[], backchannel_logout_uri="", by=None)
    return product


def grant(user, product) -> None:
    """Let a member open a product."""
    ProductGrant.objects.create(membership=Membership.objects.get(user=user), product=product)


def test_shortcuts_sign_in_on_the_way(erp, viewer):
    ProductShortcut.objects.create(product=erp, label="Customers", icon="users", path="/customers/?a=1&b=2")
    client = client_of(viewer)
    assert "?to=" not in client.get(f"{PLACE}erp/").text
    grant(viewer, erp)
    shown = client.get(f"{PLACE}erp/").text
    assert 'href="/customer/products/erp/launch/?to=%2Fcustomers%2F%3Fa%3D1%26b%3D2"' in shown


def test_activity_is_that_of_the_product_and_the_company(erp, company, other_company, owner):
    sacco = ProductFactory.create(slug="sacco")
    for place, product, label in ((company, erp, "Mine"), (other_company, erp, "Theirs"), (company, sacco, "Other")):
        data = {"setting": label, "before": "1", "after": "2"}
        activity.record(verb="product.set_up", actor=owner, company=place, subject=product, data=data)
    shown = client_of(owner).get(f"{PLACE}erp/").text
    assert "“Mine”" in shown
    assert "“Theirs”" not in shown
    assert "“Other”" not in shown


def test_help_is_what_the_member_may_read(erp, company, other_company, owner, portal_site):
    pages.article("Close the month", product=erp)
    pages.article("Only for Ridgeline", product=erp, companies=[other_company])
    pages.article("Of another product", product=ProductFactory.create(slug="sacco"))
    client = client_of(owner)
    assert "/customer/products/erp/parts/help/" in client.get(f"{PLACE}erp/").text
    shown = client.get(f"{PLACE}erp/parts/help/").text
    assert "Close the month" in shown
    assert "Only for Ridgeline" not in shown
    assert "Of another product" not in shown


def test_health_of_ninety_days_is_shown(erp, owner):
    today = timezone.localdate()
    row = {"product": erp, "degraded": 0, "latency_ms": 0}
    HealthDay.objects.create(checked_on=today, checks=1000, failures=100, **row)
    HealthDay.objects.create(checked_on=today - timedelta(days=89), checks=1000, failures=0, **row)
    HealthDay.objects.create(checked_on=today - timedelta(days=90), checks=1000, failures=1000, **row)
    uptime = client_of(owner).get(f"{PLACE}erp/").context["uptime"]
    assert len(uptime.days) == 90
    assert [uptime.days[0].state, uptime.days[1].state, uptime.days[-1].state] == ["up", "unknown", "down"]
    assert uptime.summary == "95 % of all checks of the last 90 days were good; failures on 1 of them."


def test_a_product_that_is_not_had_shows_how_to_get_it(erp, company, owner, stranger):
    PlanFactory.create(name="Starter", month=3100, products=["sacco"])
    client = client_of(owner)
    shown = client.get(f"{PLACE}sacco/").text
    assert "ERP Starter" in shown
    assert "/customer/plans/?product=sacco" in shown
    assert client.get(f"{PLACE}sacco/settings/").status_code == 404
    sacco = ProductFactory.create(slug="sacco")
    sacco.is_active = False
    sacco.save()
    assert client.get(f"{PLACE}sacco/").status_code == 404
    assert client.get(f"{PLACE}nonsense/").status_code == 404
    assert client_of(stranger).get(f"{PLACE}sacco/").status_code == 200


@pytest.mark.parametrize("name", ["plan", "usage", "help"])
def test_parts_come_later_or_as_pages_of_their_own(erp, company, owner, stranger, name):
    subscribed(company, PlanFactory.create(name="Starter", month=3100), owner, at=timezone.now())
    url = f"{PLACE}erp/parts/{name}/"
    client = client_of(owner)
    assert f'hx-get="{url}"' in client.get(f"{PLACE}erp/").text
    alone = client.get(url)
    part = client.get(url, headers={"HX-Request": "true"})
    assert "<html" in alone.text
    assert "<html" not in part.text
    assert part["Cache-Control"] == "private, no-store"
    assert ("ERP Starter" in part.text) is (name == "plan")
    assert client.get(f"{PLACE}erp/parts/nonsense/").status_code == 404
    assert client_of(stranger).get(url).status_code == 404


def queries(client, url: str) -> int:
    """How many a page takes."""
    client.get(url)
    with CaptureQueriesContext(connection) as counted:
        assert client.get(url).status_code == 200
    return len(counted)


def test_pages_take_as_many_queries_for_twenty_products_as_for_one(erp, company, owner):
    client = client_of(owner)
    subscribed(company, PlanFactory.create(month=3100), owner, at=timezone.now())
    places = [PLACE, *(f"{PLACE}erp/{part}" for part in ("", "parts/plan/", "parts/usage/", "parts/help/"))]
    before = [queries(client, url) for url in places]
    for number in range(19):
        product = ProductFactory.create(slug=f"p{number}", launch_url="http://p.example/")
        ProductAccessFactory.create(company=company, product=product)
        grant(owner, product)
        ProductHealth.objects.create(product=product, state=State.DOWN)
        Incident.objects.create(product=product, started_at=timezone.now())
        ProductShortcut.objects.create(product=erp, label=f"S{number}", path=f"/s{number}/")
        activity.record(
            verb="product.set_up",
            actor=owner,
            company=company,
            subject=erp,
            data={"setting": "A", "before": "1", "after": "2"},
        )
    assert [queries(client, url) for url in places] == before
    assert dict(zip(places[:2], before, strict=False)) == {PLACE: 10, f"{PLACE}erp/": 13}
