"""Signing in by Labs in the browser: who gets in by it, and who does not."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from portal.accounts.models import SignIn, User
from portal.projects.models import LabsAccount
from tests.cast import client_of
from tests.portal.accounts.authenticators import code_of, with_app
from tests.portal.projects.labs.server import JOHN, Labs, person

PASSWORD = "a-long-password"
LINK, TOKEN, SIGN_IN, BACK = (f"/accounts/labs/{name}/" for name in ("link", "token", "sign-in", "callback"))
LOGIN = "/accounts/login/"


def set_out(client: Client, next_url: str = "") -> str:
    """Set out to sign in; the address at Labs."""
    response = client.post(SIGN_IN, {"next": next_url})
    assert response.status_code == 302
    return response["Location"]


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def words(client: Client, page: str) -> str:
    return client.get(page).content.decode()


def test_who_is_linked_signs_in_by_labs(labs: Labs, owner: User, linked: Any) -> None:
    account, client = linked(owner, over=True, state="refused"), Client()
    old = account.access_token
    response = client.get(BACK, labs.agree(set_out(client, "/customer/products/"), JOHN))
    assert (response.status_code, response["Location"]) == (302, "/customer/products/")
    assert client.session["_auth_user_id"] == str(owner.pk)
    assert SignIn.objects.filter(user=owner).count() == 1
    account.refresh_from_db()
    assert account.state == "ok"
    assert account.access_token != old


@pytest.mark.parametrize("after", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_a_sign_in_leads_to_no_other_site(labs: Labs, owner: User, linked: Any, after: str) -> None:
    linked(owner)
    client = Client()
    response = client.get(BACK, labs.agree(set_out(client, after), JOHN))
    assert response["Location"] == "/dashboard/"


def test_who_is_not_linked_is_told_what_to_do_whatever_the_address(labs: Labs, owner: User) -> None:
    labs.people[JOHN] = person(JOHN, email=owner.email)
    client = Client()
    response = client.get(BACK, labs.agree(set_out(client), JOHN))
    assert response["Location"] == LOGIN
    assert not is_in(client)
    assert "Sign in with your password once" in words(client, LOGIN)
    assert not LabsAccount.objects.exists()


def test_who_made_a_token_does_not_come_in_as_the_person_who_pasted_it(labs: Labs, owner: User, linked: Any) -> None:
    account, client = linked(owner, kind="token", refresh_token=""), Client()
    token = account.access_token
    response = client.get(BACK, labs.agree(set_out(client), JOHN))
    assert response["Location"] == LOGIN
    assert not is_in(client)
    assert "then link it by signing in at Labs" in words(client, LOGIN)
    account.refresh_from_db()
    assert (account.kind, account.access_token, account.refresh_token) == ("token", token, "")
    owners = client_of(owner)
    assert f'href="{LINK}"' in words(owners, "/accounts/labs/")
    owners.get(BACK, labs.agree(owners.post(LINK, {"proof": PASSWORD})["Location"], JOHN))
    client.get(BACK, labs.agree(set_out(client), JOHN))
    assert client.session["_auth_user_id"] == str(owner.pk)


def test_the_second_factor_is_asked_for_all_the_same(labs: Labs, owner: User, linked: Any) -> None:
    linked(owner)
    device, client = with_app(owner), Client()
    response = client.get(BACK, labs.agree(set_out(client, "/customer/products/"), JOHN))
    assert response["Location"] == reverse("second-factor-step")
    assert not is_in(client)
    assert client.get("/customer/products/").status_code == 302
    response = client.post(reverse("second-factor-step"), {"code": code_of(device)})
    assert response["Location"] == "/customer/products/"
    assert is_in(client)


def test_who_is_closed_out_does_not_come_in_by_labs(labs: Labs, owner: User, linked: Any) -> None:
    linked(owner)
    User.objects.filter(pk=owner.pk).update(is_active=False)
    client = Client()
    client.get(BACK, labs.agree(set_out(client), JOHN))
    assert not is_in(client)


def test_a_way_for_signing_in_links_nobody(labs: Labs, owner: User) -> None:
    client = Client()
    back = labs.agree(set_out(client), JOHN)
    client.force_login(owner)
    client.get(BACK, back)
    assert not LabsAccount.objects.exists()


def test_signing_in_by_labs_is_no_proof_for_changes_of_security(labs: Labs, owner: User, linked: Any) -> None:
    linked(owner)
    client = Client()
    client.get(BACK, labs.agree(set_out(client), JOHN))
    assert client.get(reverse("second-factor-set-up")).status_code == 302


def test_the_buttons_are_there_once_the_portal_is_known_at_labs(
    labs: Labs, settings: Any, owner: User, staff: User
) -> None:
    for page in (LOGIN, "/customer/login/"):
        response = Client().get(page)
        assert "Continue with Labs" in response.content.decode()
        assert f"form-action 'self' {labs.url}" in response["Content-Security-Policy"]
    assert f"form-action 'self' {labs.url}" in client_of(owner).get(LINK)["Content-Security-Policy"]
    settings.LABS_CLIENT_ID = ""
    for page in (LOGIN, "/customer/login/"):
        response = Client().get(page)
        assert "Labs" not in response.content.decode()
        assert labs.url not in response["Content-Security-Policy"]
    assert Client().post(SIGN_IN).status_code == 404
    assert client_of(owner).get(LINK).status_code == 404
    assert "LABS_CLIENT_ID" not in words(client_of(owner), "/accounts/labs/")
    assert "LABS_CLIENT_ID" in words(client_of(staff), "/accounts/labs/")


def test_setting_out_to_sign_in_is_limited_by_address(labs: Labs, settings: Any, db: None) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"labs_sign_in": "2/m/ip"}
    cache.clear()
    assert [Client().post(SIGN_IN).status_code for _ in range(3)] == [302, 302, 429]
