"""Where companies find their contracts."""

from portal.accounts.desks import Kind
from portal.accounts.navigation import Entry

ENTRIES = {"contracts": Entry("Contracts", "contracts", "file-text", frozenset({Kind.COMPANY}), order=40)}
