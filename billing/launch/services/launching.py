"""How a product is opened from the portal: it is told who comes, and begins to sign the member in by itself."""

from urllib.parse import urlencode, urlsplit, urlunsplit

from django.conf import settings

from billing.catalog.models import Product
from portal.accounts.models import User


def address_of(*, product: Product, user: User, path: str = "") -> str:
    """Where a browser is led (OpenID Connect Core, 4): `path` within the product, if it is one of its shortcuts."""
    told = {"iss": settings.BASE_URL, "login_hint": user.email}
    if path and path.isprintable() and product.shortcuts.filter(path=path).exists():
        parts = urlsplit(product.launch_url)
        told["target_link_uri"] = f"{parts.scheme}://{parts.netloc}{path}"
    parts = urlsplit(product.launch_url)
    query = "&".join(filter(None, [parts.query, urlencode(told)]))
    return urlunsplit(parts._replace(query=query, fragment=""))
