"""Signing in to a product over real HTTP, with Authlib as the relying party."""

from typing import Any

import requests

from billing.catalog.models import Product
from billing.launch.models import ProductSession
from portal.accounts.models import Company, User
from tests.billing.launch.conftest import granted
from tests.billing.launch.relying_party import SCOPE, Party, browser_of, get, told_in


def test_member_is_signed_in(product: Party, payroll: Product, viewer: User, company: Company) -> None:
    granted(viewer, company, payroll)
    browser = browser_of(viewer)
    answer = product.ask(browser)
    told = told_in(answer)
    assert told.get("state") == product.state, told
    assert told["iss"] == product.url
    assert answer.headers["Location"].startswith("https://payroll.example/callback?from=portal&")
    assert answer.headers["Cache-Control"] == "no-store"

    with product.session() as party:
        token: dict[str, Any] = party.fetch_token(
            product.discover()["token_endpoint"], code=told["code"], code_verifier=product.verifier
        )
    assert token["token_type"] == "Bearer"
    assert token["expires_in"] == 300
    assert set(token["scope"].split()) == set(SCOPE.split())
    session = ProductSession.objects.get()
    claims = product.read(token["id_token"])
    expected = {
        "iss": product.url,
        "aud": product.client_id,
        "sub": str(viewer.public_id),
        "nonce": product.nonce,
        "sid": str(session.public_id),
        "email": "viewer@savanna.example",
        "email_verified": False,
        "name": viewer.get_full_name(),
        "company": {"id": str(company.public_id), "slug": "savanna-foods", "name": "Savanna Foods"},
        "role": "viewer",
        "product": "payroll",
        "plan": None,
        "features": [],
        "limits": {},
    }
    assert claims.items() >= expected.items()
    assert claims["exp"] - claims["iat"] == 300
    assert claims["auth_time"] == int(session.authenticated_at.timestamp())
    info = product.userinfo(token["access_token"]).json()
    assert info == {
        name: value
        for name, value in claims.items()
        if name not in {"iss", "aud", "nonce", "sid", "exp", "iat", "auth_time", "at_hash"}
    }
    assert (session.user, session.company, session.product, session.role) == (viewer, company, payroll, "viewer")


def test_discovery_says_what_is_promised(product: Party) -> None:
    url = product.url
    answer = get(f"{url}/.well-known/openid-configuration", headers={"X-Forwarded-Host": "evil.example"})
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.json() == {
        "issuer": url,
        "authorization_endpoint": f"{url}/identity/o/authorize",
        "token_endpoint": f"{url}/identity/o/api/token",
        "userinfo_endpoint": f"{url}/identity/o/api/userinfo",
        "revocation_endpoint": f"{url}/identity/o/api/revoke",
        "end_session_endpoint": f"{url}/identity/o/logout",
        "jwks_uri": f"{url}/.well-known/jwks.json",
        "scopes_supported": ["openid", "profile", "email", "company", "offline_access"],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "revocation_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "code_challenge_methods_supported": ["S256"],
        "claims_supported": [
            "sub", "sid", "auth_time", "name", "given_name", "family_name", "email", "email_verified",
            "company", "role", "product", "plan", "features", "limits",
        ],
        "prompt_values_supported": ["none", "login"],
        "claims_parameter_supported": False,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "authorization_response_iss_parameter_supported": True,
        "backchannel_logout_supported": True,
        "backchannel_logout_session_supported": True,
    }  # fmt: skip


def test_issuer_is_ours_whatever_host_is_asked(product: Party) -> None:
    port = product.url.rpartition(":")[2]
    for path in (".well-known/openid-configuration", ".well-known/jwks.json"):
        answer = get(f"{product.url}/{path}", headers={"Host": f"localhost:{port}"})
        assert answer.status_code == 200
        assert "localhost" not in answer.text.replace(product.url, "")
    assert requests.head(f"{product.url}/.well-known/openid-configuration", timeout=30).status_code == 200
