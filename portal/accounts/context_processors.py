"""What the shell of every page shows: where one can go, and for whom one acts."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from portal.accounts import desks, navigation
from portal.accounts.desks import Desk
from portal.core.session_proof import remembered_for


def shell(request: HttpRequest) -> dict[str, Any]:
    """`navigation` (groups of entries), `bottom_navigation` and `desks`; nothing is asked until a template asks."""
    desk = getattr(request, "desk", None)
    user = getattr(request, "user", None)
    if desk is None or user is None:
        first = contexts(navigation.FIRST_STEPS, request.path) if user is not None else []
        return {"navigation": grouped(first), "bottom_navigation": [], "desks": [], "second_factor_off": False}
    entries = navigation.entries_for(desk)
    shown = contexts(entries, request.path)
    return {
        "navigation": SimpleLazyObject(lambda: with_own(desk, entries, request.path)),
        "bottom_navigation": [entry for entry in shown if entry["bottom"]][:4],
        "second_factor_off": not settings.SECOND_FACTOR_REQUIRED,
        "desks": SimpleLazyObject(lambda: remembered_for(user.pk, "desks", lambda: desks.desks_of(user))),
    }


def with_own(desk: Desk, entries: list[navigation.Entry], path: str) -> list[dict[str, Any]]:
    """The groups with what this desk alone has in its place."""
    every = sorted([*entries, *navigation.own_entries_for(desk)], key=lambda entry: entry.order)
    return grouped(contexts(every, path))


def contexts(entries: Iterable[navigation.Entry], path: str) -> list[dict[str, Any]]:
    """Entries as templates use them; active is the page itself, or the nearest above it."""
    addresses = [(entry, entry.address()) for entry in entries]
    above = (url for _entry, url in addresses if path == url or (url != "/" and path.startswith(url)))
    active = max(above, key=len, default="")
    return [
        {
            "label": entry.label,
            "url": url,
            "icon": entry.icon,
            "group": entry.group,
            "bottom": entry.bottom,
            "active": url == active,
        }
        for entry, url in addresses
    ]


def grouped(shown: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Entries by group, in the groups' order, without empty groups."""
    groups = [
        {"label": group.value, "entries": [e for e in shown if e["group"] == group]} for group in navigation.Group
    ]
    return [group for group in groups if group["entries"]]
