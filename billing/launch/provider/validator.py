"""What oauthlib asks while it answers one request of a product."""

from datetime import datetime
from typing import Any

from allauth.core import context
from allauth.core.internal.httpkit import extract_basic_auth
from allauth.idp.oidc.internal.oauthlib.request_validator import OAuthLibRequestValidator
from allauth.idp.oidc.models import Client, Token
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from oauthlib.common import Request

from billing.launch import keys
from billing.launch.models import ProductSession
from billing.launch.services import claims, clients, sessions, tokens
from billing.launch.services.tokens import Asked, Taken
from portal.core.http import MemberRequest

ID_TOKEN_SECONDS = 300


class Validator(OAuthLibRequestValidator):
    """Decides for the provider; one for each request, as it remembers what the request is about.

    Nothing of that is kept on oauthlib's request: there an attribute that is missing is read from what was sent.
    """

    def __init__(self) -> None:
        super().__init__()
        self.taken: Taken | None = None
        self.authenticated_at: datetime | None = None
        self.role = ""

    @property
    def session(self) -> ProductSession:
        """The session that the tokens are for."""
        if self.taken is None:
            raise RuntimeError("oauthlib asks for tokens of nobody.")
        return self.taken.session

    # Authorization requests

    def validate_client_id(self, client_id: Any, request: Request) -> bool:
        """Whether a product has this client."""
        client = self._lookup_client(request, client_id) if isinstance(client_id, str) else None
        if client is None or not hasattr(client, "product"):
            return False
        self._use_client(request, client)
        return True

    def _lookup_client(self, request: Request, client_id: str) -> Client | None:
        """The client of an id; none of words that no database takes."""
        found: Client | None = super()._lookup_client(request, client_id) if client_id.isprintable() else None
        return found

    def validate_redirect_uri(self, client_id: str, redirect_uri: str, request: Request, *args: Any, **kw: Any) -> bool:
        """One that was registered, character by character (OpenID Connect Core, 3.1.2.1; RFC 9700, 4.1.3)."""
        return redirect_uri in request.client.get_redirect_uris()

    def is_pkce_required(self, client_id: str, request: Request) -> bool:
        """Of every client (RFC 9700, 2.1.1)."""
        return True

    def validate_scopes(
        self, client_id: str, scopes: list[str], client: Client, request: Request, *args: Any, **kw: Any
    ) -> bool:
        """Members are signed in with “openid” among the scopes; products by themselves have none."""
        if getattr(request, "grant_type", None) == Client.GrantType.CLIENT_CREDENTIALS:
            return not scopes
        return "openid" in scopes and set(scopes).issubset(client.get_scopes())

    def validate_user_match(self, id_token_hint: str, scopes: Any, claims: Any, request: Request) -> bool:
        """Whether the hint is of whoever is signed in; it may have run out (OpenID Connect Core, 3.1.2.1)."""
        if not id_token_hint:
            return True
        hint = keys.read(id_token_hint, audience=request.client.pk, is_aged=True)
        user: Any = context.request.user
        return hint is not None and user.is_authenticated and hint["sub"] == str(user.public_id)

    def validate_silent_login(self, request: Request) -> bool:
        """Whether somebody is signed in."""
        return bool(context.request.user.is_authenticated)

    def validate_silent_authorization(self, request: Request) -> bool:
        """Nobody is asked whether our own products may know them."""
        return True

    @transaction.atomic
    def save_authorization_code(
        self, client_id: str, code: dict[str, str], request: Request, *a: Any, **kw: Any
    ) -> None:
        """Begin the member's session, which the code is bound to."""
        page: MemberRequest = context.request
        known = page.session.get("sign_in") or {}
        now = timezone.now()
        session = sessions.begin(
            user=page.user,
            company=page.company,
            product=request.client.product,
            role=self.role,
            sign_in=known.get("id"),
            authenticated_at=self.authenticated_at or now,
            at=now,
        )
        asked = Asked(request.scopes, request.redirect_uri, request.code_challenge, request.nonce)
        tokens.save_code(value=code["code"], client=request.client, session=session, asked=asked, at=now)

    # Token requests

    def client_authentication_required(self, request: Request, *args: Any, **kw: Any) -> bool:
        """Of every product, whatever it asks for."""
        return True

    def authenticate_client(self, request: Request, *args: Any, **kw: Any) -> bool:
        """By its secret, in the header or in the body and not in both (RFC 6749, 2.3)."""
        client_id, secret = extract_basic_auth(request.headers)
        named = request.client_id
        if client_id and (request.client_secret or (named and named != client_id)):
            return False
        client_id, secret = client_id or named, secret or request.client_secret
        client = self._lookup_client(request, client_id) if client_id and secret else None
        if client is None or not hasattr(client, "product") or not clients.is_secret_of(client, secret):
            return False
        self._use_client(request, client)
        return True

    def authenticate_client_id(self, client_id: str, request: Request, *args: Any, **kw: Any) -> bool:
        """No product is public."""
        return False

    def validate_code(self, client_id: str, code: str, client: Client, request: Request, *args: Any, **kw: Any) -> bool:
        """Whether the client was given this code, and the member may open the product still."""
        taken = tokens.take(kind=Token.Type.AUTHORIZATION_CODE, value=code, client=client, at=timezone.now())
        return self._take(taken, request)

    def validate_refresh_token(self, refresh_token: str, client: Client, request: Request, *a: Any, **kw: Any) -> bool:
        """The same for a refresh token."""
        taken = tokens.take(kind=Token.Type.REFRESH_TOKEN, value=refresh_token, client=client, at=timezone.now())
        return self._take(taken, request)

    def _take(self, taken: Taken | None, request: Request) -> bool:
        self.taken = taken
        if taken:
            request.user, request.scopes = taken.session.user, taken.scopes
        return taken is not None

    def confirm_redirect_uri(
        self, client_id: str, code: str, redirect_uri: str, client: Client, request: Request, *a: Any, **kw: Any
    ) -> bool:
        """The same as the authorization request named."""
        return self.taken is not None and redirect_uri == self.taken.word("redirect_uri")

    def get_code_challenge(self, code: str, request: Request) -> str | None:
        """What the verifier is held against."""
        return self.taken.word("code_challenge") if self.taken else None

    def get_code_challenge_method(self, code: str, request: Request) -> str:
        """None other was taken."""
        return "S256"

    def get_authorization_code_scopes(
        self, client_id: str, code: str, redirect_uri: str, request: Request
    ) -> list[str]:
        """Those of the code."""
        return self.taken.scopes if self.taken else []

    def get_authorization_code_nonce(
        self, client_id: str, code: str, redirect_uri: str, request: Request
    ) -> str | None:
        """That of the authorization request."""
        return self.taken.word("nonce") if self.taken else None

    def get_original_scopes(self, refresh_token: str, request: Request, *args: Any, **kw: Any) -> list[str]:
        """Those of the refresh token."""
        return self.taken.scopes if self.taken else []

    def invalidate_authorization_code(self, client_id: str, code: str, request: Request, *a: Any, **kw: Any) -> None:
        """It was used when the tokens were saved, in the same transaction."""

    def rotate_refresh_token(self, request: Request) -> bool:
        """Each is good once."""
        return True

    def save_bearer_token(self, token: dict[str, Any], request: Request, *args: Any, **kw: Any) -> None:
        """Keep the hashes; what they were exchanged for is used up."""
        now, access = timezone.now(), token["access_token"]
        if self.taken is None:
            tokens.save_for_product(client=request.client, access=access, at=now)
            return
        tokens.use(taken=self.taken, at=now)
        refresh = token.get("refresh_token")
        tokens.save(
            client=request.client, session=self.session, scopes=request.scopes, access=access, refresh=refresh, at=now
        )

    def finalize_id_token(
        self, id_token: dict[str, Any], token: dict[str, Any], token_handler: Any, request: Request
    ) -> str:
        """Say who signed in, how lately, and which session it is (OpenID Connect Core, 2)."""
        session = self.session
        told = claims.of(session=session, scopes=request.scopes)
        return keys.sign(
            {
                **told,
                **id_token,
                "iss": settings.BASE_URL,
                "aud": request.client.pk,
                "exp": id_token["iat"] + ID_TOKEN_SECONDS,
                "auth_time": int(session.authenticated_at.timestamp()),
                "sid": str(session.public_id),
            }
        )

    def revoke_token(self, token: str, token_type_hint: str, request: Request, *args: Any, **kw: Any) -> None:
        """End what the client gives back, and nothing of others."""
        tokens.revoke(value=token, client=request.client, at=timezone.now())

    # Userinfo

    def validate_bearer_token(self, token: str, scopes: list[str], request: Request) -> bool:
        """Whether the token is a member's, and the member may open the product still."""
        if not token or "access_token" in context.request.GET:
            return False
        self.taken = tokens.read(access=token, at=timezone.now())
        if self.taken is None or not set(scopes).issubset(self.taken.scopes):
            return False
        request.user, request.scopes = self.taken.session.user, self.taken.scopes
        self._use_client(request, self.taken.token.client)
        return True

    def get_userinfo_claims(self, request: Request) -> dict[str, Any]:
        """What the token's scopes tell."""
        return claims.of(session=self.session, scopes=request.scopes)
