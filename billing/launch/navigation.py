"""Where companies find their products: all of them, and each that is open."""

from django.urls import reverse

from billing.subscriptions.models import ProductAccess
from portal.accounts.desks import Desk, Kind
from portal.accounts.models import Company
from portal.accounts.navigation import Entry, Group
from portal.core.session_proof import remembered_for

# More would leave no room for the rest; the page of products shows them all.
MOST = 8
AFTER_ALL = 11

ENTRIES = {
    "products": Entry(
        "Products", "products", "layout-grid", frozenset({Kind.COMPANY}), Group.PRODUCTS, order=10, bottom=True
    )
}


def products_of(desk: Desk) -> list[Entry]:
    """The company's open products; no query while nothing changed for the member."""
    company, membership = desk.company, desk.membership
    if company is None or membership is None:
        return []
    rows = remembered_for(membership.user_id, f"products-of:{company.pk}", lambda: opened(company))
    return [
        Entry(name, reverse("product", args=[slug]), icon, frozenset({Kind.COMPANY}), Group.PRODUCTS, order=AFTER_ALL)
        for slug, name, icon in rows
    ]


def opened(company: Company) -> list[tuple[str, str, str]]:
    """Slug, name and icon of the products that the company may open, in the catalog's order."""
    rows = ProductAccess.objects.for_company(company).open().order_by("product__position", "product__name")
    return list(rows.values_list("product__slug", "product__name", "product__icon")[:MOST])
