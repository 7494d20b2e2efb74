"""Products that are told that a session has ended."""

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q

from billing.launch.models.sessions import ProductSession
from portal.core.models import Job


class LogoutMessage(Job):
    """Tells the product of one session that it has ended (Back-Channel Logout 1.0). The row is the job."""

    task: ClassVar[str] = "billing.launch.tasks.send_logout"
    lease: ClassVar[timedelta] = timedelta(minutes=1)
    most_attempts: ClassVar[int] = 6

    session = models.OneToOneField(ProductSession, on_delete=models.CASCADE, related_name="logout")

    class Meta(Job.Meta):
        indexes = [
            *Job.Meta.indexes,
            models.Index(fields=["finished_at"], condition=Q(finished_at__isnull=False), name="launch_logouts_old"),
        ]

    def __str__(self) -> str:
        return f"Logout of {self.session_id}"
