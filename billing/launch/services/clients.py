"""What a product registers as a relying party: its secret, and the addresses that it may be answered at."""

import hashlib
import hmac
import secrets
from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

from allauth.idp.oidc.models import Client
from django.db import transaction
from django.utils.translation import gettext as _

from billing.catalog.models import Product
from portal.accounts.models import User
from portal.activity import services as activity
from portal.core.errors import DomainError

GRANTS = (Client.GrantType.AUTHORIZATION_CODE, Client.GrantType.REFRESH_TOKEN, Client.GrantType.CLIENT_CREDENTIALS)
SCOPES = ("openid", "profile", "email", "company", "offline_access")
LOGOUT_URI = "backchannel_logout_uri"
# Secrets are 256 random bits: there is nothing to guess that a slow hash would keep safe (RFC 6749, 10.10).
PREFIX = "sha256$"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class NotAnAddress(DomainError):
    """Where a product is answered is an exact address, by https, or on this machine."""

    code = "not_an_address"


class NoClient(DomainError):
    """The product has not been given a client."""

    code = "no_client"


def logout_uri(client: Client) -> str:
    """Where the product is told that a session has ended; "" where it does not want to know."""
    return str(_metadata(client).get(LOGOUT_URI, ""))


def post_logout_uris(client: Client) -> list[str]:
    """Where members may be led after they signed out."""
    return [str(uri) for uri in _metadata(client).get("post_logout_redirect_uris", [])]


def _metadata(client: Client) -> dict[str, Any]:
    return (client.data or {}).get("client_metadata") or {}


def is_secret_of(client: Client, secret: str) -> bool:
    """Whether this is the client's secret, compared in constant time."""
    return hmac.compare_digest(client.secret.encode(), _digest(secret).encode())


def _digest(secret: str) -> str:
    return PREFIX + hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def keep(
    *,
    product: Product,
    redirect_uris: Collection[str],
    post_logout_redirect_uris: Collection[str],
    backchannel_logout_uri: str,
    by: User | None,
) -> Client:
    """Say where a product is answered, and give it a client if it has none; a secret is made by `renew_secret`.

    Raises NotAnAddress.
    """
    for uri in (*redirect_uris, *post_logout_redirect_uris, *filter(None, [backchannel_logout_uri])):
        check(uri)
    locked = Product.objects.select_for_update(of=("self",)).select_related("client").get(pk=product.pk)
    client = locked.client or Client(secret=_digest(secrets.token_urlsafe(32)), skip_consent=True)
    client.name, client.type = locked.name, Client.Type.CONFIDENTIAL
    client.set_scopes(list(SCOPES))
    client.set_grant_types([str(grant) for grant in GRANTS])
    client.set_response_types([str(Client.ResponseType.CODE)])
    client.set_redirect_uris(list(redirect_uris))
    metadata = {"post_logout_redirect_uris": list(post_logout_redirect_uris), LOGOUT_URI: backchannel_logout_uri}
    client.data = {"client_metadata": metadata}
    client.save()
    locked.client = product.client = client
    locked.save(update_fields=["client"])
    activity.record(verb="product.client_changed", actor=by, subject=locked)
    return client


@transaction.atomic
def renew_secret(*, product: Product, by: User | None) -> str:
    """Give the product's client another secret and return it: this once, as only its hash is kept.

    The one before opens nothing any more; sessions and tokens stay. Raises NoClient.
    """
    client = Client.objects.select_for_update().filter(product=product).first()
    if client is None:
        raise NoClient(_("Say first where the product is answered."))
    secret = secrets.token_urlsafe(32)
    client.secret = _digest(secret)
    client.save(update_fields=["secret"])
    activity.record(verb="product.secret_renewed", actor=by, subject=product)
    return secret


def check(uri: str) -> None:
    """Raise NotAnAddress unless a product may be answered there."""
    parts = urlsplit(uri)
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    if not (is_safe and parts.hostname) or parts.fragment or "*" in uri or parts.username or uri != uri.strip():
        raise NotAnAddress(_("“%s” is no https address without wildcard, name and fragment.") % uri)
