"""What the shell of every page shows: where one can go, and for whom one acts."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from portal.accounts import desks, navigation


def shell(request: HttpRequest) -> dict[str, Any]:
    """`navigation` (groups of entries), `bottom_navigation` and `desks`; nothing is queried until a template asks."""
    desk = getattr(request, "desk", None)
    user = getattr(request, "user", None)
    if desk is None or user is None:
        return {"navigation": [], "bottom_navigation": [], "desks": [], "second_factor_off": False}
    shown = [entry_context(entry, request.path) for entry in navigation.entries_for(desk)]
    return {
        "navigation": grouped(shown),
        "bottom_navigation": [entry for entry in shown if entry["bottom"]][:4],
        "second_factor_off": not settings.SECOND_FACTOR_REQUIRED,
        "desks": SimpleLazyObject(lambda: desks.desks_of(user)),
    }


def entry_context(entry: navigation.Entry, path: str) -> dict[str, Any]:
    """One entry as templates use it; active on its own page and on those below."""
    url = entry.address()
    return {
        "label": entry.label,
        "url": url,
        "icon": entry.icon,
        "group": entry.group,
        "bottom": entry.bottom,
        "active": path == url or (url != "/" and path.startswith(url)),
    }


def grouped(shown: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Entries by group, in the groups' order, without empty groups."""
    groups = [
        {"label": group.value, "entries": [e for e in shown if e["group"] == group]} for group in navigation.Group
    ]
    return [group for group in groups if group["entries"]]
