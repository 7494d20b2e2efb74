"""What is to be sent to the outside: the row is the job."""

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from portal.core.models import Job
from portal.notifications.models.notifications import Notification


class Channel(models.TextChoices):
    """Ways to reach somebody outside the portal."""

    EMAIL = "email", "E-mail"
    SMS = "sms", "SMS"


class Sending(Job):
    """Something to hand to a provider at most once.

    `called_at` is committed before the provider is called and taken back when it refuses: a job that is found with it
    was interrupted at an unknown point and is not sent again. Attempts stretch over 17 hours.
    """

    class Outcome(models.TextChoices):
        NONE = "", "Waiting"
        SENT = "sent"
        SKIPPED = "skipped"
        UNKNOWN = "unknown"
        DELIVERED = "delivered"
        BOUNCED = "bounced"

    lease: ClassVar[timedelta] = timedelta(minutes=5)
    most_attempts: ClassVar[int] = 12

    outcome = models.CharField(max_length=9, choices=Outcome.choices, default=Outcome.NONE, blank=True, editable=False)
    reason = models.CharField(max_length=300, blank=True, editable=False)
    address = models.CharField(max_length=254, blank=True, editable=False)
    reference = models.CharField(max_length=200, blank=True, editable=False)
    called_at = models.DateTimeField(null=True, editable=False)

    class Meta(Job.Meta):
        abstract = True


class Delivery(Sending):
    """One notification on its way through one channel."""

    Channel = Channel
    task: ClassVar[str] = "portal.notifications.tasks.send_delivery"

    notification = models.ForeignKey(Notification, on_delete=models.CASCADE, related_name="deliveries", db_index=False)
    channel = models.CharField(max_length=5, choices=Channel.choices)

    class Meta(Sending.Meta):
        verbose_name_plural = "deliveries"
        constraints = [models.UniqueConstraint(fields=["notification", "channel"], name="notifications_delivery_once")]
        indexes = [
            *Sending.Meta.indexes,
            models.Index(fields=["reference"], condition=~Q(reference=""), name="notifications_delivery_ref"),
            models.Index(fields=["-created_at"], name="notifications_delivery_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()}: {self.notification}"


class Digest(Sending):
    """The e-mail of one day with what one person wants told together; `day_on` is a day of the person's time zone."""

    task: ClassVar[str] = "portal.notifications.tasks.send_digest"

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    day_on = models.DateField()

    class Meta(Sending.Meta):
        constraints = [models.UniqueConstraint(fields=["recipient", "day_on"], name="notifications_digest_once")]
        indexes = [
            *Sending.Meta.indexes,
            models.Index(fields=["reference"], condition=~Q(reference=""), name="notifications_digest_ref"),
        ]

    def __str__(self) -> str:
        return f"Digest of {self.day_on:%Y-%m-%d}"


class DigestEntry(models.Model):
    """A notification that waits for its digest, or went with it."""

    notification = models.OneToOneField(Notification, on_delete=models.CASCADE, related_name="digest_entry")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    created_at = models.DateTimeField()
    digest = models.ForeignKey(Digest, null=True, on_delete=models.CASCADE, related_name="entries")

    class Meta:
        verbose_name_plural = "digest entries"
        indexes = [
            models.Index(fields=["recipient", "created_at"], condition=Q(digest=None), name="notifications_for_digest")
        ]

    def __str__(self) -> str:
        return str(self.notification)
