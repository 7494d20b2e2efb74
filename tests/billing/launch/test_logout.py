"""Signing out of a product ends its session at the portal, by a proof that the product holds and by nothing else."""

import uuid
from typing import Any
from urllib.parse import quote_plus

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client
from django.utils import timezone

from billing.catalog.models import Product
from billing.launch import keys
from billing.launch.models import LogoutMessage, ProductSession
from billing.launch.services import sessions
from portal.accounts.models import Company, User
from tests.billing.launch.conftest import granted
from tests.billing.launch.flows import Flow, flow, signed_in, userinfo
from tests.factories import ProductFactory

LOGOUT = "/identity/o/logout"
AFTER = "https://payroll.example/bye"
STATE = "a b&c=/é"


@pytest.fixture
def product(payroll: Product) -> Flow:
    return flow(payroll)


@pytest.fixture
def browser(viewer: User, company: Company, payroll: Product) -> Any:
    granted(viewer, company, payroll)
    return signed_in(viewer)


def is_open() -> bool:
    return ProductSession.objects.latest("pk").ended_at is None


@pytest.mark.parametrize("method", ["get", "post"])
def test_product_ends_its_session_and_leads_back(product: Flow, browser: Any, method: str) -> None:
    tokens = product.tokens(browser)
    told = {"id_token_hint": tokens["id_token"], "post_logout_redirect_uri": AFTER, "state": STATE}
    # In nobody's browser: the hint is the proof.
    answer = getattr(Client(), method)(LOGOUT, told)
    assert (answer.status_code, answer["Location"]) == (
        302,
        f"{AFTER}?state={quote_plus(STATE)}",
    )
    assert answer["Cache-Control"] == "no-store"
    session = ProductSession.objects.get()
    assert session.ended_reason == "signed_out"
    assert not LogoutMessage.objects.exists(), "it knows already"
    assert userinfo(tokens["access_token"]).status_code == 401
    assert product.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"
    # The portal itself stays signed in.
    assert browser.get("/customer/products/").status_code == 200


def test_without_state_the_address_is_led_to_as_it_was_registered(product: Flow, browser: Any) -> None:
    hint = product.tokens(browser)["id_token"]
    answer = browser.get(LOGOUT, {"id_token_hint": hint, "post_logout_redirect_uri": AFTER})
    assert answer["Location"] == AFTER


@pytest.mark.parametrize(
    "address",
    [
        "",
        "https://evil.example/",
        f"{AFTER}/",
        f"{AFTER}?next=//evil.example",
        "https://payroll.example.evil.example/bye",
        "https://payroll.example@evil.example/bye",
        "javascript:alert(1)",
        "https://payroll.example/callback?from=portal",
    ],
)
def test_other_addresses_are_not_led_to(product: Flow, browser: Any, address: str) -> None:
    """The session ends, as its product wanted; a page of ours says so."""
    hint = product.tokens(browser)["id_token"]
    answer = browser.get(LOGOUT, {"id_token_hint": hint, "post_logout_redirect_uri": address, "state": "x"})
    assert answer.status_code == 200
    assert "Location" not in answer
    assert "evil.example" not in answer.content.decode()
    assert not is_open()


def test_nothing_ends_without_a_hint_that_is_ours(product: Flow, browser: Any, viewer: User) -> None:
    """Another site that sends a member's browser here signs nobody out, of the portal or of a product."""
    tokens = product.tokens(browser)
    strange = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    claims = keys.read(tokens["id_token"])
    assert claims is not None
    kid = jwt.get_unverified_header(tokens["id_token"])["kid"]
    hints = {
        "none": {},
        "empty": {"id_token_hint": ""},
        "noise": {"id_token_hint": "e30.e30."},
        "unsigned": {"id_token_hint": jwt.encode(claims, None, algorithm="none", headers={"kid": kid})},
        "a key of theirs": {"id_token_hint": jwt.encode(claims, strange, algorithm="RS256", headers={"kid": kid})},
        "another issuer": {"id_token_hint": keys.sign({**claims, "iss": "https://evil.example"})},
        "a session that is none": {"id_token_hint": keys.sign({**claims, "sid": str(uuid.uuid4())})},
        "no session": {"id_token_hint": keys.sign({k: v for k, v in claims.items() if k != "sid"})},
        "an access token": {"id_token_hint": tokens["access_token"]},
        "another client beside": {"id_token_hint": tokens["id_token"], "client_id": "another"},
    }
    for name, hint in hints.items():
        for method in (browser.get, browser.post):
            answer = method(LOGOUT, {**hint, "post_logout_redirect_uri": AFTER})
            assert (name, answer.status_code) == (name, 200)
            assert "Location" not in answer
            assert is_open(), name
    assert userinfo(tokens["access_token"]).status_code == 200
    assert browser.get("/customer/products/").status_code == 200


def test_hint_may_have_run_out_and_come_twice(product: Flow, browser: Any) -> None:
    claims = keys.read(product.tokens(browser)["id_token"])
    assert claims is not None
    old = keys.sign({**claims, "iat": claims["iat"] - 9000, "exp": claims["exp"] - 9000})
    for _time in range(2):
        answer = browser.get(LOGOUT, {"id_token_hint": old, "post_logout_redirect_uri": AFTER})
        assert answer["Location"] == AFTER
        assert ProductSession.objects.get().ended_reason == "signed_out"


def test_hint_of_one_product_ends_nothing_of_another(
    product: Flow, browser: Any, company: Company, viewer: User
) -> None:
    erp = ProductFactory.create(slug="erp", name="ERP")
    other = flow(erp)
    granted(viewer, company, erp)
    hint, kept = other.tokens(browser)["id_token"], product.tokens(browser)
    answer = browser.get(LOGOUT, {"id_token_hint": hint, "post_logout_redirect_uri": AFTER})
    assert "Location" not in answer, "the address is Payroll's"
    assert ProductSession.objects.get(product=erp).ended_reason == "signed_out"
    assert userinfo(kept["access_token"]).status_code == 200
    # Put together of two: the session of one, the client of the other.
    claims = keys.read(kept["id_token"])
    assert claims is not None
    mixed = keys.sign({**claims, "aud": other.client_id})
    browser.get(LOGOUT, {"id_token_hint": mixed})
    assert userinfo(kept["access_token"]).status_code == 200


def test_hint_of_a_session_that_ended_changes_nothing(product: Flow, browser: Any) -> None:
    hint = product.tokens(browser)["id_token"]
    sessions.end(sessions=[ProductSession.objects.get().pk], reason=sessions.Reason.TAKEN, at=timezone.now())
    assert browser.get(LOGOUT, {"id_token_hint": hint, "post_logout_redirect_uri": AFTER})["Location"] == AFTER
    assert ProductSession.objects.get().ended_reason == "taken"
