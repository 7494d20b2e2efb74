"""Where companies find plans."""

from portal.accounts.desks import Kind
from portal.accounts.navigation import Entry, Group

ENTRIES = {"plans": Entry("Plans", "plans", "tag", frozenset({Kind.COMPANY}), Group.PRODUCTS, order=40)}
