"""Where companies find their products."""

from portal.accounts.desks import Kind
from portal.accounts.navigation import Entry, Group

ENTRIES = {
    "products": Entry(
        "Products", "products", "layout-grid", frozenset({Kind.COMPANY}), Group.PRODUCTS, order=10, bottom=True
    )
}
