"""Forgetting what was read long ago."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet

from portal.notifications.models import MailEvent, Notification, OutboxMessage

BATCH = 1000


def expired(*, at: datetime) -> QuerySet[Notification]:
    """Notifications that were read longer ago than NOTIFICATIONS_KEEP_READ_DAYS."""
    return Notification.objects.filter(read_at__lt=at - timedelta(days=settings.NOTIFICATIONS_KEEP_READ_DAYS))


def delete_expired(*, at: datetime) -> int:
    """Delete them with what was sent of them, in small transactions; return how many notifications went."""
    deleted = 0
    while batch := list(expired(at=at).order_by("read_at").values_list("pk", flat=True)[:BATCH]):
        Notification.objects.filter(pk__in=batch).delete()
        deleted += len(batch)
    limit = at - timedelta(days=settings.NOTIFICATIONS_KEEP_READ_DAYS)
    MailEvent.objects.filter(state=MailEvent.State.DONE, created_at__lt=limit).delete()
    OutboxMessage.objects.filter(created_at__lt=limit).delete()
    return deleted
