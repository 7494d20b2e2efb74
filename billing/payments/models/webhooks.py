"""What gateways tell us, as it came."""

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q

from portal.core.models import Job, PublicIdModel


class WebhookMessage(PublicIdModel, Job):
    """One request of a gateway, kept raw before anything is made of it. The row is the job.

    `event_id` is the gateway's own: the first message of an event has it, later ones point at that one (`repeats`).
    """

    class Signature(models.TextChoices):
        UNCHECKED = "unchecked"
        GOOD = "good"
        BAD = "bad"

    task: ClassVar[str] = "billing.payments.tasks.process_webhook"
    lease: ClassVar[timedelta] = timedelta(minutes=5)
    most_attempts: ClassVar[int] = 8

    gateway = models.CharField(max_length=20)
    body = models.BinaryField()
    headers = models.JSONField(default=dict)
    query = models.JSONField(default=dict)
    received_at = models.DateTimeField()
    signature = models.CharField(max_length=9, choices=Signature.choices, default=Signature.UNCHECKED)
    event_id = models.CharField(max_length=200, null=True)
    kind = models.CharField(max_length=80, blank=True, help_text="The gateway's own word for what happened.")
    about = models.CharField(max_length=10, blank=True)
    happened_at = models.DateTimeField(null=True)
    repeats = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="repetitions")
    result = models.CharField(max_length=200, blank=True, help_text="What was made of it.")

    class Meta(Job.Meta):
        verbose_name = "webhook"
        permissions = [("replay_webhookmessage", "Can process webhooks again")]
        constraints = [models.UniqueConstraint(fields=["gateway", "event_id"], name="payments_webhookmessage_once")]
        indexes = [
            *Job.Meta.indexes,
            models.Index(fields=["-received_at", "-id"], name="payments_webhooks_newest"),
            models.Index(fields=["gateway", "-received_at", "-id"], name="payments_webhooks_of_gateway"),
            models.Index(fields=["state", "-received_at", "-id"], name="payments_webhooks_of_state"),
            models.Index(fields=["finished_at"], condition=Q(finished_at__isnull=False), name="payments_webhooks_old"),
        ]

    def __str__(self) -> str:
        return f"{self.gateway}: {self.kind or 'unread'}"

    @property
    def text(self) -> str:
        """The body for people."""
        return bytes(self.body).decode(errors="replace")
