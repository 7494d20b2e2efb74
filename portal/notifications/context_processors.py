"""The bell on every page of the portal."""

from typing import Any, cast

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from portal.notifications.services import reading


def bell(request: HttpRequest) -> dict[str, Any]:
    """`unread_count` and the bell's addresses for people who are signed in; counted when a template asks."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    company = getattr(request, "company", None)
    count = SimpleLazyObject(lambda: cast("Any", reading.unread_count(user=user, company=company)))
    return {
        "unread_count": count,
        "notifications_url": reverse("notifications"),
        "panel_url": reverse("notifications-panel"),
        "bell_url": reverse("notifications-bell"),
    }
