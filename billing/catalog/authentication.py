"""How products show who they are: a token that they got for their client credentials."""

from allauth.idp.oidc.models import Token
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from billing.catalog.models import Product


class ProductAuthentication(BaseAuthentication):
    """Authorization: Bearer, with a token of the grant “client_credentials” (RFC 6749, 4.4).

    The product is `request.auth`. Raises AuthenticationFailed for tokens that are worth nothing (any more), and for
    those of people.
    """

    def authenticate(self, request: Request) -> tuple[AnonymousUser, Product] | None:
        """Sign the request in as a product; nobody in particular asks."""
        scheme, _space, value = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != "bearer":
            return None
        tokens = Token.objects.valid().by_value(value.strip()).filter(type=Token.Type.ACCESS_TOKEN, user=None)
        token = tokens.select_related("client__product").first()
        product = getattr(token.client, "product", None) if token else None
        if product is None:
            raise AuthenticationFailed(_("This token is not valid (any more). Ask for another one."), "invalid_token")
        return AnonymousUser(), product

    def authenticate_header(self, request: Request) -> str:
        """What answers of status 401 ask for."""
        return 'Bearer realm="products"'


class IsProduct(BasePermission):
    """Products alone."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Whether a product asks."""
        return isinstance(request.auth, Product)
