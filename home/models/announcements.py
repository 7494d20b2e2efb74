"""Short messages to everyone at a kind of desk."""

from datetime import datetime
from typing import ClassVar, Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, FieldRowPanel

from portal.core.addresses import INVALID, PATTERN
from portal.core.array_fields import ChoicesArrayField

DESKS = [
    ("company", "Companies"),
    ("developer", "Developers"),
    ("agency", "Agencies"),
    ("reseller", "Resellers"),
    ("staff", "Staff"),
]


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    """Announcements, as far as they are shown."""

    def shown(self, *, kind: str, at: datetime | Now) -> Self:
        """Those for desks of this kind at this instant, the newest first."""
        started = self.filter(models.Q(desks=[]) | models.Q(desks__contains=[kind]), starts_at__lte=at)
        return started.filter(models.Q(ends_at=None) | models.Q(ends_at__gt=at)).order_by("-starts_at")


class Announcement(models.Model):
    """A message on dashboards for some time."""

    class Level(models.TextChoices):
        INFO = "info", "Information"
        SUCCESS = "success", "Good news"
        WARNING = "warning", "Warning"

    title = models.CharField(max_length=120)
    text = models.TextField(max_length=600, blank=True)
    level = models.CharField(max_length=8, choices=Level.choices, default=Level.INFO)
    link = models.CharField(
        max_length=300,
        blank=True,
        validators=[RegexValidator(PATTERN, INVALID)],
        help_text="Address to read more, such as /help/erp/.",
    )
    desks = ChoicesArrayField(
        models.CharField(max_length=10, choices=DESKS), default=list, blank=True, help_text="Left empty: everyone."
    )
    starts_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField(null=True, blank=True, help_text="Left empty, it stays until it is deleted.")

    objects = AnnouncementQuerySet.as_manager()

    panels: ClassVar = [
        FieldPanel("title"),
        FieldPanel("text"),
        FieldRowPanel([FieldPanel("level"), FieldPanel("link")]),
        FieldPanel("desks"),
        FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
    ]

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-starts_at"], name="home_announcement_recent")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ends_at=None) | models.Q(ends_at__gt=models.F("starts_at")),
                name="home_announcement_ends_after_start",
                violation_error_message="The announcement must end after it starts.",
            )
        ]

    def __str__(self) -> str:
        return self.title
