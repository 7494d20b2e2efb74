"""An editor sees beside the form who may read the page."""

import pytest
from django.test import Client

from billing.catalog.models import Product
from home.models import DashboardPage
from portal.accounts.models import Company, User
from tests.cast import client_of
from tests.helpcenter.knowledge import pages

pytestmark = pytest.mark.usefixtures("portal_site")


def told(client: Client, page_id: int) -> str:
    """What the form's panel says of readers."""
    html = client.get(f"/admin/pages/{page_id}/edit/").text
    assert "Once live anyone can view" not in html
    assert "Change privacy" not in html
    assert "Visible to all" not in html
    return html.partition("Readers: </span>")[2].partition("</h3>")[0]


def test_readers_of_a_page_are_told_with_the_rules_above(editor: User, company: Company) -> None:
    erp = Product.objects.create(slug="ledger", name="Ledger")
    shelf = pages.topic("Shelf", audience=["customers", "developers"])
    open_page, shelved = pages.article("Open"), pages.article("Shelved", shelf)
    narrow = pages.article("Narrow", shelf, products=[erp], companies=[company])
    client = client_of(editor)
    assert told(client, open_page.pk) == "Everyone"
    assert told(client, shelved.pk) == "Customers or developers"
    both = f"Members of {company.name} or users of Ledger, and among them customers or developers"
    assert told(client, narrow.pk) == both


def test_a_draft_tells_the_readers_that_it_will_have(editor: User) -> None:
    page = pages.article("Rates")
    page.audience = ["staff"]
    page.save_revision()
    assert told(client_of(editor), page.pk) == "Staff"


def test_the_button_of_a_live_page_tells_who_reads_it_now(editor: User) -> None:
    page = pages.article("Rates", audience=["customers"])
    page.audience = ["staff"]
    page.save_revision()
    html = client_of(editor).get(f"/admin/pages/{page.pk}/edit/").text
    assert 'aria-label="Live, for: Customers. Visit the live page"' in html


def test_a_dashboard_is_for_its_desk(editor: User) -> None:
    assert told(client_of(editor), DashboardPage.objects.get(desk_kind="agency").pk) == "Agencies"
