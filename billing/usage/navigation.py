"""Where companies find what they use."""

from portal.accounts.desks import Kind
from portal.accounts.navigation import Entry, Group

ENTRIES = {"usage": Entry("Usage", "usage", "chart-line", frozenset({Kind.COMPANY}), Group.PRODUCTS, order=20)}
