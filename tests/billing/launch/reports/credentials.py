"""Products that show who they are."""

from datetime import timedelta
from typing import Any

from allauth.idp.oidc.models import Client as Credentials
from allauth.idp.oidc.models import Token
from django.test import Client
from django.utils import timezone

from billing.catalog.models import Product


def client_of(product: Product) -> Credentials:
    """Its client for OpenID Connect, made once."""
    if product.client is None:
        product.client = Credentials.objects.create(
            id=product.slug, name=product.name, grant_types="client_credentials"
        )
        product.save()
    return product.client


def bearing(product: Product, *, minutes: int = 10, **extra: Any) -> Client:
    """A program with a token of this product that is good for so long."""
    value = f"token-of-{product.slug}-{minutes}-{'-'.join(extra)}"
    token = Token(type=Token.Type.ACCESS_TOKEN, client=client_of(product), **extra)
    token.expires_at = timezone.now() + timedelta(minutes=minutes)
    token.set_value(value)
    token.save()
    return Client(headers={"authorization": f"Bearer {value}"})
