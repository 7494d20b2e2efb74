"""What a person was told, for their archive. The words are left out: they name other people."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from django.db.models import F

from portal.core.privacy import Exporter, Record
from portal.notifications.models import ContactSettings, Delivery, Notification, Preference

if TYPE_CHECKING:
    from portal.accounts.models import User


def told(user: "User") -> Iterable[Record]:
    """Of what the person was told, and when."""
    rows = Notification.objects.filter(recipient=user).order_by("created_at", "pk")
    return rows.values("kind", "created_at", "read_at", company_name=F("company__name")).iterator()


def sent(user: "User") -> Iterable[Record]:
    """What was sent to which address."""
    rows = Delivery.objects.filter(notification__recipient=user).order_by("pk")
    return rows.values("channel", "address", "outcome", "finished_at", kind=F("notification__kind")).iterator()


def settings(user: "User") -> Iterator[Record]:
    """How the person wants to be reached."""
    choices = Preference.objects.filter(user=user).order_by("section", "channel")
    contact = ContactSettings.objects.filter(user=user).values("phone", "time_zone", "digest_hour").first()
    yield {**(contact or {}), "choices": list(choices.values("section", "channel", "choice"))}


PERSON = {
    "notifications": Exporter(told),
    "deliveries": Exporter(sent),
    "notification-settings": Exporter(settings),
}
