"""What people were told goes with them, and their name from what others were told."""

import re
from typing import TYPE_CHECKING

from django.db.models import Q

from portal.core.privacy import Eraser, Erasing
from portal.notifications.models import (
    BlockedAddress,
    ContactSettings,
    Digest,
    MailEvent,
    Notification,
    OutboxMessage,
    PhoneCode,
    Preference,
)
from portal.notifications.registry import kinds
from portal.notifications.services import wording

if TYPE_CHECKING:
    from portal.accounts.models import Company, User

BATCH = 500


def erase_person(erasing: "Erasing[User]") -> None:
    """Delete notifications, messages, settings, and reports on the person's addresses."""
    user = erasing.owner
    Notification.objects.filter(recipient=user).delete()
    Digest.objects.filter(recipient=user).delete()
    Preference.objects.filter(user=user).delete()
    settings, codes = ContactSettings.objects.filter(user=user), PhoneCode.objects.filter(user=user)
    numbers = {*settings.values_list("phone", flat=True), *codes.values_list("phone", flat=True)} - {""}
    OutboxMessage.objects.filter(channel="sms", recipients__in=numbers).delete()
    settings.delete()
    codes.delete()
    for address in erasing.addresses:
        BlockedAddress.objects.of(address).delete()
        # Whole: what was sent to bo@acacia.example is not that of o@acacia.example.
        whole = rf"(^|[^[:alnum:]_.+-]){re.escape(address)}($|[^[:alnum:]_.-])"
        OutboxMessage.objects.filter(recipients__iregex=whole).delete()
        MailEvent.objects.filter(body__iregex=whole).delete()
    if " " in erasing.name:
        take_name_out(erasing.name)


def take_name_out(name: str) -> None:
    """Replace a full name in what other people were told; a name that merely begins so stays.

    Everybody chooses their name: where the words of the kind hold it themselves, it is not the person's.
    """
    pattern = re.compile(rf"\b{re.escape(name)}\b")
    fixed = [code for code in kinds if pattern.search(" ".join(wording.words_of(code)))]
    found = Notification.objects.filter(Q(subject__contains=name) | Q(body__contains=name)).exclude(kind__in=fixed)
    changed = []
    for row in found.iterator(chunk_size=BATCH):
        row.subject, row.body = (pattern.sub("Former member", text) for text in (row.subject, row.body))
        row.subject = row.subject[:200]
        changed.append(row)
    Notification.objects.bulk_update(changed, ["subject", "body"], batch_size=BATCH)


def erase_company(erasing: "Erasing[Company]") -> None:
    """Delete what anybody was told of the company."""
    Notification.objects.filter(company=erasing.owner).delete()


PERSON = Eraser("Your notifications, the messages sent to you, your phone number and settings", erase_person)
COMPANY = Eraser("Notifications that concern the company", erase_company)
