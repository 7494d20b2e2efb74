"""Work that waits: the row is the job."""

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.utils import timezone


class Job(models.Model):
    """What is to be done later, as a row of the app that wants it; `core.services.jobs` takes it through its states.

    A subclass names its Celery task, which gets the row's key, and adds the fields that say what to do. `lease` is
    longer than one attempt can take: after it a running job counts as left behind by a crash. A model of which
    thousands may wait names in `drain` a task that does those that wait, one by one, and then itself again while there
    are more: the sweeper sends this one message instead of one for each.
    """

    class State(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    task: ClassVar[str]
    lease: ClassVar[timedelta] = timedelta(minutes=5)
    drain: ClassVar[str] = ""
    most_attempts: ClassVar[int] = 5
    longest_pause: ClassVar[timedelta] = timedelta(days=1)

    state = models.CharField(max_length=7, choices=State.choices, default=State.QUEUED, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    available_at = models.DateTimeField(default=timezone.now, editable=False)
    queued_at = models.DateTimeField(null=True, editable=False)
    lease_ends_at = models.DateTimeField(null=True, editable=False)
    finished_at = models.DateTimeField(null=True, editable=False)
    error = models.TextField(blank=True, editable=False)

    class Meta:
        abstract = True
        indexes = [
            models.Index(
                fields=["available_at"],
                condition=models.Q(state__in=["queued", "running"]),
                name="%(app_label)s_%(class)s_due",
            )
        ]

    def given_up(self) -> None:
        """Tidy up after the last attempt has failed, or its worker has died; other things than rows after commit."""
