"""Who was told what."""

from portal.notifications.models import Notification


def told(kind: str) -> set[str]:
    """Addresses of those who were told such a thing."""
    return set(Notification.objects.filter(kind=kind).values_list("recipient__email", flat=True))


def kinds_told() -> list[str]:
    """The kinds of all notifications, each once, in alphabetical order."""
    return sorted(set(Notification.objects.values_list("kind", flat=True)))
