"""What a person was told, for their archive. The words are left out: they name other people."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING

from django.db.models import F, Value

from portal.core.privacy import Exporter, Record
from portal.notifications.models import ContactSettings, Delivery, Notification, PhoneCode, Preference

if TYPE_CHECKING:
    from portal.accounts.models import User


CONTACT = ("phone", "phone_confirmed_at", "time_zone", "digest_hour")


def told(user: "User") -> Iterable[Record]:
    """Of what the person was told, and when."""
    rows = Notification.objects.filter(recipient=user).order_by("created_at", "pk")
    return rows.values("kind", "created_at", "read_at", company_name=F("company__name")).iterator()


def sent(user: "User") -> Iterable[Record]:
    """What was sent to which address."""
    rows = Delivery.objects.filter(notification__recipient=user).order_by("pk")
    codes = PhoneCode.objects.filter(user=user).order_by("pk")
    fields = ("address", "outcome", "finished_at")
    return chain(
        rows.values(*fields, "channel", kind=F("notification__kind")).iterator(),
        codes.values(*fields, channel=Value("sms"), kind=Value("phone_code")).iterator(),
    )


def settings(user: "User") -> Iterator[Record]:
    """How the person wants to be reached."""
    choices = Preference.objects.filter(user=user).order_by("section", "channel")
    contact = ContactSettings.objects.filter(user=user).values(*CONTACT).first()
    yield {**(contact or {}), "choices": list(choices.values("section", "channel", "choice"))}


PERSON = {
    "notifications": Exporter(told),
    "deliveries": Exporter(sent),
    "notification-settings": Exporter(settings),
}
