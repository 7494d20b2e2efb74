"""The provider itself: authorization codes with PKCE, refresh tokens that are used once, and products' own tokens.

oauthlib's ready-made server answers six ways more, to passwords, devices and browsers; this one knows none of them.
"""

import re
from typing import Any

from oauthlib.common import Request
from oauthlib.oauth2.rfc6749.endpoints import AuthorizationEndpoint, RevocationEndpoint, TokenEndpoint
from oauthlib.oauth2.rfc6749.errors import InvalidRequestError
from oauthlib.oauth2.rfc6749.grant_types import ClientCredentialsGrant
from oauthlib.oauth2.rfc6749.grant_types.authorization_code import code_challenge_method_s256
from oauthlib.oauth2.rfc6749.tokens import BearerToken
from oauthlib.openid.connect.core.endpoints.userinfo import UserInfoEndpoint
from oauthlib.openid.connect.core.exceptions import (
    AccountSelectionRequired,
    RegistrationNotSupported,
    RequestNotSupported,
    RequestURINotSupported,
)
from oauthlib.openid.connect.core.grant_types import AuthorizationCodeGrant, RefreshTokenGrant

from billing.launch.provider.validator import Validator
from billing.launch.services import tokens

# OpenID Connect Core, 3.1.2.6, 6 and 7.
NOT_SUPPORTED = {
    "request": RequestNotSupported,
    "request_uri": RequestURINotSupported,
    "registration": RegistrationNotSupported,
}
# A SHA-256 digest in base64url (RFC 7636, 4.2).
CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")


class Tokens(BearerToken):
    """Tokens without meaning to anybody but the portal; a refresh token for those who asked for `offline_access`."""

    __slots__ = ()

    def create_token(self, request: Request, refresh_token: bool = False, **kwargs: Any) -> Any:
        """Make them (OpenID Connect Core, 11)."""
        is_wanted = refresh_token and "offline_access" in (request.scopes or ())
        return super().create_token(request, refresh_token=is_wanted, **kwargs)


class Codes(AuthorizationCodeGrant):
    """Codes that are bound to a challenge by S256."""

    def __init__(self, validator: Validator) -> None:
        super().__init__(validator)
        self.proxy_target._code_challenge_methods = {"S256": code_challenge_method_s256}
        self.custom_validators.pre_auth.append(refuse_unsupported)

    def _inflate_claims(self, request: Request) -> None:
        """Claims follow from scopes alone; what else is asked for is left out (OpenID Connect Core, 5.5)."""
        request.claims = None


class Provider(AuthorizationEndpoint, TokenEndpoint, RevocationEndpoint, UserInfoEndpoint):
    """Answers one request."""

    def __init__(self) -> None:
        self.validator = validator = Validator()
        codes = Codes(validator)
        bearer = Tokens(validator, new_token, lifetime, new_token)
        AuthorizationEndpoint.__init__(self, "code", bearer, {"code": codes})
        grants = {
            "authorization_code": codes,
            "refresh_token": RefreshTokenGrant(validator),
            "client_credentials": ClientCredentialsGrant(validator),
        }
        TokenEndpoint.__init__(self, "authorization_code", bearer, grants)
        UserInfoEndpoint.__init__(self, validator)
        # Last: it says which methods are taken, which the token endpoint takes as well.
        RevocationEndpoint.__init__(self, validator)


def new_token(request: Request) -> str:
    """A token that nobody guesses."""
    return tokens.new()


def lifetime(request: Request) -> int:
    """For how many seconds the token about to be made is good."""
    is_products = request.grant_type == "client_credentials"
    return int((tokens.PRODUCT_LIFETIME if is_products else tokens.ACCESS_LIFETIME).total_seconds())


def refuse_unsupported(request: Request) -> dict[str, str]:
    """Say what is not supported instead of passing over it."""
    for name, error in NOT_SUPPORTED.items():
        if getattr(request, name, None):
            raise error(request=request)
    if (request.response_mode or "query") != "query":
        request.response_mode = "query"
        raise InvalidRequestError(description="Only response_mode=query is supported.", request=request)
    if request.code_challenge is not None and not CHALLENGE.fullmatch(request.code_challenge):
        raise InvalidRequestError(description="The code challenge is not a SHA-256 digest.", request=request)
    if "select_account" in (request.prompt or "").split():
        raise AccountSelectionRequired(request=request)
    return {}
