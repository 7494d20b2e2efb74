"""Entries of the sidebar and the bottom bar; each app registers its own."""

from dataclasses import dataclass
from enum import StrEnum

from django.urls import reverse

from portal.accounts import roles
from portal.accounts.desks import Desk, Kind
from portal.core.registry import Registry


class Group(StrEnum):
    """Groups of the sidebar, in order."""

    MAIN = "Main"
    PRODUCTS = "Products"
    ACCOUNT = "Account"
    SETTINGS = "Settings"


@dataclass(frozen=True, slots=True)
class Entry:
    """One place to go: `url` is an address, or the name of a URL pattern without arguments."""

    label: str
    url: str
    icon: str
    kinds: frozenset[Kind]
    group: Group = Group.MAIN
    order: int = 100
    bottom: bool = False
    permission: roles.Permission | None = None

    def address(self) -> str:
        """Where the entry leads."""
        return self.url if self.url.startswith("/") else reverse(self.url)

    def shown_at(self, desk: Desk) -> bool:
        """Whether somebody at this desk sees the entry."""
        if desk.kind not in self.kinds:
            return False
        return self.permission is None or roles.allows(desk.membership, self.permission)


entries: Registry[Entry] = Registry("navigation entries")


def entries_for(desk: Desk | None) -> list[Entry]:
    """What somebody at this desk may go to, in order."""
    if desk is None:
        return []
    return sorted(
        (entry for entry in entries.all() if entry.shown_at(desk)), key=lambda entry: (entry.order, entry.label)
    )
