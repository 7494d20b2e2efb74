"""One model for each thing to try."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models

from portal.core.fields import EncryptedJSONField, EncryptedTextField
from portal.core.models import Job, PublicIdModel
from portal.core.states import StateField, StateModel, transition


class Secret(PublicIdModel):
    """Something to hide."""

    name = models.CharField(max_length=40, blank=True)
    token = EncryptedTextField(null=True, blank=True)
    details = EncryptedJSONField(null=True, blank=True)


class Letter(StateModel):
    """Something with states; two transitions share a target, one has a condition."""

    class Status(models.TextChoices):
        DRAFT = "draft"
        SENT = "sent"
        READ = "read"
        LOST = "lost"

    status = StateField(choices=Status.choices, default=Status.DRAFT)
    is_stamped = models.BooleanField(default=True)
    sent_at = models.DateTimeField(null=True)

    @transition(status, source=Status.DRAFT, target=Status.SENT, conditions=[lambda letter: letter.is_stamped])
    def send(self, *, at: datetime) -> str:
        """Hand it to the post."""
        self.sent_at = at
        return "posted"

    @transition(status, source=[Status.SENT, Status.LOST], target=Status.READ)
    def read(self) -> None:
        """It arrived after all."""

    @transition(status, source=Status.SENT, target=Status.LOST)
    def give_up(self) -> None:
        """Nobody has seen it."""


class Chore(Job):
    """Something to do later; `effects` counts how often it was recorded, `calls` how often the outside was called."""

    task: ClassVar[str] = "tests.portal.core.sample.tasks.do_chore"
    lease: ClassVar[timedelta] = timedelta(minutes=2)
    most_attempts: ClassVar[int] = 3

    effects = models.PositiveIntegerField(default=0)
