"""How long it is kept what people were told, and what was sent."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from portal.core.privacy import RetentionRule
from portal.notifications.models import Digest, MailEvent, Notification, OutboxMessage, PhoneCode

Expired = Sequence[QuerySet[Any]]


def read_before(limit: datetime) -> Expired:
    """Notifications that were read before this instant, with what was sent of them."""
    return [Notification.objects.filter(read_at__lt=limit)]


def sent_before(limit: datetime) -> Expired:
    """Digests that went out, codes, reports of the mail provider, and the outbox of a portal in development."""
    return [
        Digest.objects.filter(finished_at__lt=limit),
        PhoneCode.objects.filter(created_at__lt=limit),
        MailEvent.objects.filter(state=MailEvent.State.DONE, finished_at__lt=limit),
        OutboxMessage.objects.filter(created_at__lt=limit),
    ]


RULES = {
    "notifications": RetentionRule("Notifications that were read", days=365, expired=read_before, least=30),
    "sent_messages": RetentionRule("Digests, reports of deliveries, and the outbox", 365, sent_before, least=7),
}
