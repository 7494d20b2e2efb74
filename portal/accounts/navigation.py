"""Entries of the sidebar and the bottom bar; each app registers its own."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

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
# Entries that one company has and another has not, asked for when a page draws its sidebar.
own_entries: Registry[Callable[[Desk], Iterable[Entry]]] = Registry("navigation entries of one desk")
# Parts of the company's settings, as tabs: profile, verification, privacy.
settings_tabs: Registry[Entry] = Registry("parts of the settings")

# For whoever has signed up and belongs nowhere yet.
FIRST_STEPS = (
    Entry("Get started", "/customer/join/", "house", frozenset()),
    Entry("Help center", "/help/", "book-open", frozenset()),
    Entry("Notifications", "/customer/notifications/", "bell", frozenset(), Group.SETTINGS),
)


def entries_for(desk: Desk | None, places: Registry[Entry] = entries) -> list[Entry]:
    """What somebody at this desk may go to, in order."""
    if desk is None:
        return []
    shown = (entry for entry in places.all() if entry.shown_at(desk))
    return sorted(shown, key=lambda entry: (entry.order, entry.label))


def own_entries_for(desk: Desk) -> list[Entry]:
    """What somebody at this desk alone may go to, in order."""
    found = (entry for read in own_entries.all() for entry in read(desk))
    return sorted(found, key=lambda entry: (entry.order, entry.label))


def tabs(desk: Desk | None, path: str) -> list[dict[str, Any]]:
    """The settings' tabs as components/tabs.html takes them; the page itself, or the nearest above it, is active."""
    addresses = {entry.address(): entry for entry in entries_for(desk, settings_tabs)}
    active = max((url for url in addresses if path.startswith(url)), key=len, default="")
    return [
        {"label": entry.label, "url": url, "icon": entry.icon, "active": url == active}
        for url, entry in addresses.items()
    ]
