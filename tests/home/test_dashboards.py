"""Dashboards of every desk with every widget placed: what they ask, whatever there is to show."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from helpcenter.knowledge.widgets import ARTICLES
from home.models import Announcement, DashboardPage
from home.setup import layouts
from portal.accounts.desks import HOME_URLS, Kind
from portal.accounts.models import Company, User
from portal.activity import services as activity
from portal.core.widgets import statistics
from tests.cast import client_of
from tests.factories import CompanyFactory, MembershipFactory, ProductAccessFactory, ProductFactory
from tests.helpcenter.knowledge import pages

MOST_QUERIES = 15
DESKS = {
    Kind.COMPANY: "owner",
    Kind.DEVELOPER: "developer",
    Kind.AGENCY: "agency_admin",
    Kind.RESELLER: "reseller",
    Kind.STAFF: "staff",
}
TEXT = {"type": "text", "value": {"title": "Welcome", "text": "<p>Begin here.</p>"}}


def place_everything(kind: Kind) -> None:
    """Arrange every widget on the dashboard of a desk, and each twice: a reader runs once all the same."""
    page = DashboardPage.objects.get(desk_kind=kind)
    widgets = [layouts.ANNOUNCED, layouts.stats(*statistics), layouts.actions(layouts.SEARCH), layouts.ARTICLES]
    placed = [*widgets, layouts.ACTIVITY, TEXT]
    others = page.body.stream_block.child_blocks.keys() - {widget["type"] for widget in placed}
    page.body = [*placed, *({"type": name, "value": {}} for name in sorted(others))] * 2
    page.save_revision().publish()
    found = {block.block_type for block in DashboardPage.objects.get(pk=page.pk).body}
    assert found == set(page.body.stream_block.child_blocks)


def fill(company: Company, owner: User, start: int, end: int) -> None:
    """More of all that a dashboard shows."""
    now = timezone.now()
    for number in range(start, end):
        Announcement.objects.create(title=f"News {number}", starts_at=now - timedelta(days=1))
        pages.article(f"Guide {number}", audience=["customers", "developers", "resellers"])
        newcomer = MembershipFactory.create(company=company).user
        ProductAccessFactory.create(company=company, product=ProductFactory.create(slug=f"product-{number}"))
        activity.record(
            verb="member.joined", subject=newcomer, actor=owner, company=company, data={"role": "Owner"}, at=now
        )
        CompanyFactory.create()


def asked(client: Client, address: str) -> int:
    """Queries of one showing."""
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
    assert response.status_code == 200
    assert "could not be read" not in response.text
    return len(queries)


@pytest.mark.parametrize("kind", DESKS)
def test_a_dashboard_with_every_widget_asks_little_and_always_the_same(
    kind: Kind, request: pytest.FixtureRequest, settings: Any, portal_site: None, company: Company, owner: User
) -> None:
    settings.PAGE_CACHE = "process"
    client = client_of(request.getfixturevalue(DESKS[kind]))
    place_everything(kind)
    counts = []
    for start, end in [(0, 1), (1, 20)]:
        fill(company, owner, start, end)
        # What is kept for a while, as the brand, may run out between two showings, but not in each. The page itself is
        # made anew for each address.
        counts.append(min(asked(client, f"{HOME_URLS[kind]}?showing={end}-{number}") for number in range(4)))
    assert counts[0] == counts[1] <= MOST_QUERIES


def test_pages_on_the_company_s_own_products_come_first(portal_site: None, company: Company, owner: User) -> None:
    product = ProductFactory.create(slug="erp")
    place_everything(Kind.COMPANY)
    pages.article("Close the month", product=product)
    for number in range(ARTICLES):
        pages.article(f"Guide {number}")
    shown = client_of(owner).get("/customer/dashboard/").text
    assert -1 < shown.find("Close the month") < shown.find(f"Guide {ARTICLES - 1}")
    assert "Guide 0" not in shown


def test_a_dashboard_weighs_the_same_whatever_there_is(portal_site: None, company: Company, owner: User) -> None:
    client, weights = client_of(owner), []
    place_everything(Kind.COMPANY)
    for start, end in [(0, 12), (12, 30)]:
        fill(company, owner, start, end)
        weights.append(len(client.get("/customer/dashboard/").content))
    assert abs(weights[1] - weights[0]) < 200
