"""What every API for products shares: how they show who they are, and how often they may ask."""

from typing import Any, cast

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.views import APIView

from billing.catalog.authentication import IsProduct, ProductAuthentication
from billing.catalog.models import Product
from portal.core.api.throttles import Counted


class ByProduct(Counted):
    """Products, each by itself; who is none was refused before."""

    scope = "product"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        """By slug."""
        return f"throttle:product:{product_of(request).slug}"


class ProductView(APIView):
    """An address for products alone: `product_of(request)` asks."""

    authentication_classes = [ProductAuthentication]
    permission_classes = [IsProduct]
    throttle_classes = [ByProduct]


def product_of(request: Request) -> Product:
    """The product that asks; `IsProduct` has let it through."""
    return cast(Product, request.auth)


class ProductScheme(OpenApiAuthenticationExtension):
    """The client-credentials grant of the portal's token address; drf-spectacular finds this class by its base."""

    target_class = "billing.catalog.authentication.ProductAuthentication"
    name = "product"

    def get_security_definition(self, auto_schema: object) -> dict[str, Any]:
        """OAuth 2.0, client credentials."""
        flow: dict[str, Any] = {"tokenUrl": "/identity/o/api/token", "scopes": {}}
        return {"type": "oauth2", "flows": {"clientCredentials": flow}}


class RejectedSerializer(serializers.Serializer[Any]):
    """An item that was not taken, by its place in the list from 0."""

    index = serializers.IntegerField()
    id = serializers.CharField(allow_null=True)
    code = serializers.CharField(help_text="A word that stays, such as `unknown_company` or `too_old`.")
    detail = serializers.CharField(help_text="A sentence for people.")


class ReceiptSerializer(serializers.Serializer[Any]):
    """What became of a list (billing.catalog.receipts)."""

    accepted = serializers.IntegerField(help_text="Items that were taken.")
    duplicates = serializers.IntegerField(help_text="Items whose id was known already, or stood twice in the list.")
    rejected = RejectedSerializer(many=True)
