"""Tokens that are signed, forged, and signed with a key that is being exchanged."""

from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client

from billing.catalog.models import Product
from billing.launch import keys
from portal.accounts.models import Company, User
from tests.billing.launch.conftest import granted
from tests.billing.launch.flows import Flow, flow, signed_in


@pytest.fixture
def product(payroll: Product) -> Flow:
    return flow(payroll)


@pytest.fixture
def browser(viewer: User, company: Company, payroll: Product) -> Client:
    granted(viewer, company, payroll)
    return signed_in(viewer)


def test_forged_tokens_are_not_read(product: Flow, browser: Client) -> None:
    token = product.tokens(browser)["id_token"]
    claims = jwt.decode(token, options={"verify_signature": False})
    kid = jwt.get_unverified_header(token)["kid"]
    own = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    assert keys.read(token)
    assert keys.read(jwt.encode(claims, "", algorithm="none", headers={"kid": kid})) is None
    assert keys.read(jwt.encode(claims, own, algorithm="RS256", headers={"kid": kid})) is None
    assert keys.read(jwt.encode(claims, "secret" * 8, algorithm="HS256", headers={"kid": kid})) is None


def test_keys_are_exchanged_while_both_are_published(product: Flow, browser: Client, settings: Any) -> None:
    old, new = pem(), pem()
    settings.OIDC_PRIVATE_KEYS = old
    before = product.tokens(browser)["id_token"]
    settings.OIDC_PRIVATE_KEYS = f"{new}\n{old}".replace("\n", "\\n")
    after = product.tokens(browser)["id_token"]
    published = [key["kid"] for key in Client().get("/.well-known/jwks.json").json()["keys"]]
    assert [jwt.get_unverified_header(token)["kid"] for token in (after, before)] == published
    assert keys.read(before)
    assert keys.read(after)
    settings.OIDC_PRIVATE_KEYS = new
    assert keys.read(before) is None


def pem() -> str:
    """A private key."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return key.private_bytes(*form).decode().strip()
