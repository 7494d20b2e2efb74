"""Mail and SMS of a portal in development."""

from typing import Any

from django.db import models
from django.utils import timezone

from portal.core.models import PublicIdModel


class OutboxMessage(PublicIdModel):
    """A message that nobody was sent, kept to be read by staff."""

    channel = models.CharField(max_length=5)
    sender = models.CharField(max_length=254, blank=True)
    recipients = models.CharField(max_length=1000)
    subject = models.CharField(max_length=500, blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    headers: models.JSONField[Any, Any] = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["-created_at", "-id"], name="notifications_outbox_newest")]

    def __str__(self) -> str:
        return f"{self.recipients}: {self.subject or self.text[:60]}"
