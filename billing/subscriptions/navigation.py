"""Where companies find what they have subscribed to."""

from portal.accounts.desks import Kind
from portal.accounts.navigation import Entry, Group

ENTRIES = {
    "subscriptions": Entry(
        "Subscriptions", "subscriptions", "package", frozenset({Kind.COMPANY}), Group.PRODUCTS, order=30
    )
}
