"""What GitHub tells us, as it came."""

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q

from portal.core.models import Job, PublicIdModel


class Delivery(PublicIdModel, Job):
    """One request of GitHub's webhooks, kept raw before anything is made of it. The row is the job.

    `delivery_id` is GitHub's own: the first message of it has it, later ones point at that one (`repeats`).
    """

    class Signature(models.TextChoices):
        UNCHECKED = "unchecked"
        GOOD = "good"
        BAD = "bad"

    task: ClassVar[str] = "portal.projects.tasks.act_on_delivery"
    lease: ClassVar[timedelta] = timedelta(minutes=2)

    body = models.BinaryField()
    headers = models.JSONField(default=dict)
    received_at = models.DateTimeField()
    signature = models.CharField(max_length=9, choices=Signature.choices, default=Signature.UNCHECKED)
    delivery_id = models.CharField(max_length=80, null=True, unique=True)
    event = models.CharField(max_length=60, blank=True)
    action = models.CharField(max_length=60, blank=True)
    repository_name = models.CharField(max_length=200, blank=True)
    repeats = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="repetitions")
    result = models.CharField(max_length=200, blank=True, help_text="What was made of it.")

    class Meta(Job.Meta):
        verbose_name = "GitHub webhook"
        verbose_name_plural = "GitHub webhooks"
        indexes = [
            *Job.Meta.indexes,
            models.Index(fields=["-received_at", "-id"], name="projects_deliveries_newest"),
            models.Index(fields=["state", "-received_at", "-id"], name="projects_deliveries_state"),
            models.Index(
                fields=["finished_at"], condition=Q(finished_at__isnull=False), name="projects_deliveries_old"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event or 'unread'} {self.action}".strip()

    @property
    def text(self) -> str:
        """The body for people."""
        return bytes(self.body).decode(errors="replace")
