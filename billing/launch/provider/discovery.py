"""What the provider says of itself."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from billing.launch import keys
from billing.launch.services import claims, clients


def metadata() -> dict[str, Any]:
    """What is promised (OpenID Connect Discovery 1.0, 3; RFC 8414; Back-Channel Logout 1.0, 2.1; RFC 9207)."""
    names = ("authorize", "token", "userinfo", "revoke", "logout", "jwks")
    urls = {name: settings.BASE_URL + reverse(f"oidc-{name}") for name in names}
    methods = ["client_secret_basic", "client_secret_post"]
    return {
        "issuer": settings.BASE_URL,
        "authorization_endpoint": urls["authorize"],
        "token_endpoint": urls["token"],
        "userinfo_endpoint": urls["userinfo"],
        "revocation_endpoint": urls["revoke"],
        "end_session_endpoint": urls["logout"],
        "jwks_uri": urls["jwks"],
        "scopes_supported": list(clients.SCOPES),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": [str(grant) for grant in clients.GRANTS],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [keys.ALGORITHM],
        "token_endpoint_auth_methods_supported": methods,
        "revocation_endpoint_auth_methods_supported": methods,
        "code_challenge_methods_supported": ["S256"],
        "claims_supported": list(claims.SUPPORTED),
        "prompt_values_supported": ["none", "login"],
        "claims_parameter_supported": False,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "authorization_response_iss_parameter_supported": True,
        "backchannel_logout_supported": True,
        "backchannel_logout_session_supported": True,
    }
