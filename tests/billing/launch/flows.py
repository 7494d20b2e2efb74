"""The same without a server: each step of a sign-in as one request, so that many wrong ones can be tried."""

import base64
import hashlib
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.test import Client

from billing.catalog.models import Product
from portal.accounts.models import User
from tests.billing.launch.relying_party import SCOPE, party

VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
AUTHORIZE, TOKEN = "/identity/o/authorize", "/identity/o/api/token"
USERINFO, REVOKE = "/identity/o/api/userinfo", "/identity/o/api/revoke"
Answer = Any


@dataclass
class Flow:
    """A product with its credentials."""

    client_id: str
    secret: str
    callback: str

    def ask(self, browser: Client, **changes: Any) -> Answer:
        """An authorization request; a parameter changed to None is left out."""
        told = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.callback,
            "scope": SCOPE,
            "state": "xyz",
            "nonce": "n-0S6",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
        }
        return browser.get(AUTHORIZE, {name: value for name, value in (told | changes).items() if value is not None})

    def code(self, browser: Client, **changes: Any) -> str:
        """The code of a good one."""
        return told_in(self.ask(browser, **changes))["code"]

    def exchange(self, code: str, **changes: Any) -> Answer:
        """A code for tokens."""
        told = {"grant_type": "authorization_code", "code": code, "redirect_uri": self.callback}
        return self.post(TOKEN, {**told, "code_verifier": VERIFIER, **changes})

    def refresh(self, token: str) -> Answer:
        """A refresh token for others."""
        return self.post(TOKEN, {"grant_type": "refresh_token", "refresh_token": token})

    def revoke(self, token: str) -> Answer:
        """Give a token back."""
        return self.post(REVOKE, {"token": token})

    def post(self, address: str, told: dict[str, Any]) -> Answer:
        """With the product's credentials."""
        proof = base64.b64encode(f"{self.client_id}:{self.secret}".encode()).decode()
        sent = {name: value for name, value in told.items() if value is not None}
        return Client().post(address, sent, headers={"Authorization": f"Basic {proof}"})

    def tokens(self, browser: Client) -> dict[str, Any]:
        """All of it."""
        answer = self.exchange(self.code(browser))
        assert answer.status_code == 200, answer.content
        return dict(answer.json())


def flow(product: Product) -> Flow:
    """Give a product a client."""
    made = party("", product)
    return Flow(made.client_id, made.secret, made.callback)


def userinfo(token: str) -> Answer:
    """Whose token it is."""
    return Client().get(USERINFO, headers={"Authorization": f"Bearer {token}"})


def told_in(answer: Answer) -> dict[str, str]:
    """What a redirect tells the product."""
    assert answer.status_code == 302, answer.content[:500]
    return {name: values[0] for name, values in parse_qs(urlsplit(answer["Location"]).query).items()}


def signed_in(user: User) -> Client:
    """A browser that somebody signed in with by the form, so that the portal knows it."""
    client = Client()
    client.post("/accounts/login/", {"login": user.email, "password": "a-long-password"})
    return client
