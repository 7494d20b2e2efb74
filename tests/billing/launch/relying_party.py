"""A product as a relying party over real HTTP: Authlib for the protocol, requests for the member's browser."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.jwk import KeySet

from billing.catalog.models import Product
from billing.launch.services import clients
from portal.accounts.models import User
from tests.cast import client_of

CALLBACK = "https://payroll.example/callback?from=portal"
AFTER = "https://payroll.example/bye"
SCOPE = "openid profile email company offline_access"
Response = requests.Response


@dataclass
class Party:
    """One product with its credentials, and what it remembers of the last request."""

    url: str
    client_id: str
    secret: str
    callback: str = CALLBACK
    verifier: str = ""
    nonce: str = ""
    state: str = ""
    metadata: dict[str, Any] = field(default_factory=dict)

    def discover(self) -> dict[str, Any]:
        """The discovery document."""
        if not self.metadata:
            self.metadata = get(f"{self.url}/.well-known/openid-configuration").json()
        return self.metadata

    def session(self, **options: Any) -> OAuth2Session:
        """An Authlib client."""
        return OAuth2Session(
            self.client_id,
            self.secret,
            scope=SCOPE,
            redirect_uri=self.callback,
            code_challenge_method="S256",
            **options,
        )

    def ask(self, browser: requests.Session, **changes: Any) -> Response:
        """Send a browser to be signed in; a parameter changed to None is left out."""
        return browser.get(self.address(**changes), allow_redirects=False, timeout=30)

    def address(self, **changes: Any) -> str:
        """Where to send the browser."""
        self.verifier, self.nonce = generate_token(48), generate_token(20)
        address, self.state = self.session().create_authorization_url(
            self.discover()["authorization_endpoint"], code_verifier=self.verifier, nonce=self.nonce
        )
        if not changes:
            return str(address)
        query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()} | changes
        sent = {name: value for name, value in query.items() if value is not None}
        prepared = requests.Request("GET", address.partition("?")[0], params=sent).prepare().url
        return str(prepared)

    def exchange(self, code: str, **changes: Any) -> Response:
        """A code for tokens, as this product asks for them."""
        told = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.callback,
            "code_verifier": self.verifier,
        }
        return self.post("token_endpoint", told | changes)

    def refresh(self, token: str) -> Response:
        """A refresh token for others."""
        return self.post("token_endpoint", {"grant_type": "refresh_token", "refresh_token": token})

    def post(self, endpoint: str, told: dict[str, Any]) -> Response:
        """Ask an endpoint, with the product's credentials."""
        sent = {name: value for name, value in told.items() if value is not None}
        return requests.post(self.discover()[endpoint], data=sent, auth=(self.client_id, self.secret), timeout=30)

    def userinfo(self, token: str) -> Response:
        """Whose token it is."""
        return requests.get(
            self.discover()["userinfo_endpoint"], headers={"Authorization": f"Bearer {token}"}, timeout=30
        )

    def read(self, id_token: str) -> dict[str, Any]:
        """The claims of an ID token, checked with the published keys."""
        token = jwt.decode(id_token, KeySet.import_key_set(get(self.discover()["jwks_uri"]).json()), ["RS256"])
        jwt.JWTClaimsRegistry(iss={"essential": True, "value": self.url}).validate(token.claims)
        return dict(token.claims)

    def signed_in(self, browser: requests.Session, **changes: Any) -> dict[str, Any]:
        """All of it: the tokens."""
        answer = self.exchange(code_in(self.ask(browser, **changes)))
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


def party(url: str, product: Product) -> Party:
    """Give a product a client, and remember its secret."""
    host = f"https://{product.slug}.example"
    product.launch_url = f"{host}/login"
    product.save()
    clients.keep(
        product=product,
        redirect_uris=[f"{host}/callback?from=portal"],
        post_logout_redirect_uris=[f"{host}/bye"],
        backchannel_logout_uri="",
        by=None,
    )
    secret = clients.renew_secret(product=product, by=None)
    assert product.client
    return Party(url, product.client.pk, secret, f"{host}/callback?from=portal")


def browser_of(user: User | None) -> requests.Session:
    """A browser in which somebody is signed in to the portal."""
    session = requests.Session()
    for name, morsel in client_of(user).cookies.items():
        session.cookies.set(name, morsel.value)
    return session


def get(address: str, **options: Any) -> Response:
    """Ask as nobody in particular."""
    return requests.get(address, timeout=30, allow_redirects=False, **options)


def told_in(answer: Response) -> dict[str, str]:
    """What a redirect tells the product."""
    assert answer.status_code == 302, (answer.status_code, answer.text[:2000])
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}


def code_in(answer: Response) -> str:
    """The code that a redirect brings."""
    return told_in(answer)["code"]
