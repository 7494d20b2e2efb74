"""All that the product says to the portal and asks of it: OpenID Connect, and reports by its own credentials."""

import threading
import time
from typing import Any

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.django_client import OAuth
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

SCOPES = "openid profile email company offline_access"
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
TIMEOUT = 10
LEEWAY = 60
# New keys are asked for at most so often, whatever tokens name.
KEYS_SECONDS = 10


class Closed(Exception):
    """The portal does not let the member in any more."""


class Forged(Exception):
    """A logout token is not what the portal sends; the message says why."""


class Portal:
    """The portal as one product sees it."""

    def __init__(self, *, issuer: str, client_id: str, client_secret: str) -> None:
        self.issuer, self.client_id, self.client_secret = issuer, client_id, client_secret
        self.client = OAuth().register(
            "portal",
            client_id=client_id,
            client_secret=client_secret,
            server_metadata_url=f"{issuer}/.well-known/openid-configuration",
            client_kwargs={"scope": SCOPES, "code_challenge_method": "S256", "default_timeout": TIMEOUT},
        )
        self.own: dict[str, Any] = {}
        self.lock = threading.Lock()
        self.keys_at = 0.0
        # Logout tokens that were used, by `jti`, until they have run out.
        self.used: dict[str, float] = {}

    def endpoint(self, name: str) -> str:
        """An address of the discovery document. Raises OAuthError for that of another issuer (Discovery 1.0, 4.3)."""
        told = self.client.load_server_metadata()
        if told["issuer"] != self.issuer:
            raise OAuthError(description="The discovery document is another issuer's.")
        return str(told[name])

    def claims(self, token: dict[str, Any], *, sub: str) -> dict[str, Any]:
        """Who the member is and what the company may, as it is now. Raises Closed, and OSError without an answer."""
        headers = {"Authorization": f"Bearer {token['access_token']}"}
        answer = requests.get(self.endpoint("userinfo_endpoint"), headers=headers, timeout=TIMEOUT)
        if answer.status_code in {401, 403}:
            raise Closed
        answer.raise_for_status()
        claims: dict[str, Any] = answer.json()
        if claims.get("sub") != sub:
            raise Closed
        return claims

    def refreshed(self, token: dict[str, Any]) -> dict[str, Any]:
        """New tokens for a member; the refresh token is used up. Raises Closed, and OSError without an answer."""
        try:
            with self._session() as session:
                address = self.endpoint("token_endpoint")
                return dict(session.refresh_token(address, refresh_token=token["refresh_token"]))
        except OAuthError as error:
            raise Closed from error

    def logout_claims(self, value: str) -> dict[str, Any]:
        """What a logout token says (Back-Channel Logout 1.0, 2.6). Raises Forged, also when it comes again."""
        try:
            token = self._decoded(value)
            rules: dict[str, Any] = {name: {"essential": True} for name in ("iat", "exp", "jti", "events")}
            rules |= {
                "iss": {"essential": True, "value": self.issuer},
                "aud": {"essential": True, "value": self.client_id},
            }
            jwt.JWTClaimsRegistry(leeway=LEEWAY, **rules).validate(token.claims)
        except (JoseError, ValueError) as error:
            raise Forged(str(error)) from error
        claims = token.claims
        if token.header.get("typ") != "logout+jwt" or "nonce" in claims:
            raise Forged("It is a token of another kind.")
        if not isinstance(claims["events"], dict) or not isinstance(claims["events"].get(LOGOUT_EVENT), dict):
            raise Forged("It tells of no logout.")
        if not (claims.get("sid") or claims.get("sub")):
            raise Forged("It names no session.")
        with self.lock:
            now = time.time()
            self.used = {jti: ends for jti, ends in self.used.items() if ends > now}
            if claims["jti"] in self.used:
                raise Forged("It was used before.")
            self.used[claims["jti"]] = claims["exp"] + LEEWAY
        return dict(claims)

    def _decoded(self, value: str) -> jwt.Token:
        try:
            return jwt.decode(value, KeySet.import_key_set(self.client.fetch_jwk_set()), algorithms=["RS256"])
        except InvalidKeyIdError:
            if time.monotonic() - self.keys_at < KEYS_SECONDS:
                raise
            self.keys_at = time.monotonic()
            return jwt.decode(value, KeySet.import_key_set(self.client.fetch_jwk_set(force=True)), algorithms=["RS256"])

    def tell(self, method: str, path: str, body: Any) -> dict[str, Any]:
        """Report something in the product's own name. Raises OSError, or OAuthError: then it may be sent again."""
        headers = {"Authorization": f"Bearer {self._own_token()}"}
        answer = requests.request(method, f"{self.issuer}{path}", json=body, headers=headers, timeout=TIMEOUT)
        if answer.status_code == requests.codes.unauthorized:
            self.own = {}
        answer.raise_for_status()
        return dict(answer.json())

    def _own_token(self) -> str:
        """The product's token, asked for anew a while before it runs out (client credentials, RFC 6749, 4.4)."""
        with self.lock:
            if self.own.get("expires_at", 0) < time.time() + LEEWAY:
                with self._session() as session:
                    address = self.endpoint("token_endpoint")
                    self.own = dict(session.fetch_token(address, grant_type="client_credentials"))
            return str(self.own["access_token"])

    def _session(self) -> OAuth2Session:
        return OAuth2Session(self.client_id, self.client_secret, default_timeout=TIMEOUT)
