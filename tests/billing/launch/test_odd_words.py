"""Words that no database takes are nobody's: whoever sends them is told so, and nothing fails."""

from typing import Any

import pytest
from django.test import Client

from billing.catalog.models import Product
from portal.accounts.models import Company, User
from tests.billing.launch.conftest import granted
from tests.billing.launch.flows import flow, signed_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/identity/o/authorize?response_type=code&client_id=%00&redirect_uri=x&scope=openid", None),
        ("/identity/o/api/token", {"grant_type": "authorization_code", "client_id": "\0", "client_secret": "\0"}),
        ("/identity/o/api/token", {"grant_type": "refresh_token", "client_id": "a", "client_secret": "\0"}),
        ("/identity/o/api/revoke", {"token": "\0", "client_id": "\0", "client_secret": "x"}),
        ("/identity/o/logout?id_token_hint=%00&client_id=%00", None),
        ("/accounts/labs/callback/?code=%00&state=%00", None),
    ],
)
def test_nobody_in_particular_gets_an_answer(address: str, said: dict[str, str] | None) -> None:
    client: Any = Client(raise_request_exception=False)
    answer = client.get(address) if said is None else client.post(address, said)
    assert answer.status_code < 500


def test_a_sign_in_with_another_browser_proves_nothing_here(payroll: Product, company: Company, viewer: User) -> None:
    granted(viewer, company, payroll)
    product, here = flow(payroll), signed_in(viewer)
    # As who came by Labs, which asks for no password here.
    session = here.session
    del session["account_authentication_methods"]
    session.save()
    asked = product.ask(here, prompt="login")["Location"]
    assert asked.startswith("/accounts/reauthenticate/?next=%2Fidentity%2Fo%2Fauthorize")
    signed_in(viewer)
    assert product.ask(here, prompt="login")["Location"] == asked


def test_no_shortcut_is_called_by_odd_words(payroll: Product, company: Company, viewer: User) -> None:
    granted(viewer, company, payroll)
    flow(payroll)
    browser = signed_in(viewer)
    plain = browser.get("/customer/products/payroll/launch/")
    assert plain.status_code == 302
    odd = browser.get("/customer/products/payroll/launch/?to=%00")
    assert (odd.status_code, odd["Location"]) == (302, plain["Location"])
