"""Addresses that take what a form sends: whoever lands there by signing in finds the page with the form."""

import pytest
from django.test import Client

from portal.accounts.models import User
from tests.access import MATRIX

pytestmark = pytest.mark.django_db
# What only scripts and programs call.
NO_PAGES = ("/api/", "/webhooks/", "/admin/", "/identity/", "/help/search/click/")
RESUME = "/customer/subscriptions/00000000-0000-4000-8000-000000000000/resume/"


def test_no_address_of_a_form_is_an_empty_page(owner: User, client: Client) -> None:
    client.force_login(owner)
    posted = {row.example for row in MATRIX.values() if row.method == "post"}
    pages = sorted(address for address in posted if not address.startswith(NO_PAGES))
    assert len(pages) > 20
    assert [address for address in pages if client.get(address).status_code == 405] == []
    assert client.put(RESUME).status_code == 405


def test_form_that_was_sent_without_a_session_leads_back_to_its_page(owner: User, client: Client) -> None:
    asked = client.post(RESUME)
    assert (asked.status_code, asked.url) == (302, f"/accounts/login/?next={RESUME}")
    client.force_login(owner)
    led = client.get(RESUME)
    assert (led.status_code, led.url) == (302, "/customer/subscriptions/")


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("/customer/billing/payments/00000000-0000-4000-8000-000000000000/cancel/",
         "/customer/billing/payments/00000000-0000-4000-8000-000000000000/"),
        ("/customer/team/approvals/00000000-0000-4000-8000-000000000000/decide/",
         "/customer/team/approvals/00000000-0000-4000-8000-000000000000/"),
        ("/customer/team/00000000-0000-4000-8000-000000000000/keep/",
         "/customer/team/00000000-0000-4000-8000-000000000000/"),
    ],
)  # fmt: skip
def test_page_of_one_record_is_kept(address: str, page: str, owner: User, client: Client) -> None:
    client.force_login(owner)
    assert client.get(address).url == page
