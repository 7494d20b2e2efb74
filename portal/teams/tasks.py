"""What the scheduler asks of the worker for teams."""

from celery import shared_task
from django.utils import timezone

from portal.teams.services import ending


@shared_task
def end_assignments() -> None:
    """End the assignments whose notice has run out; every five minutes."""
    now = timezone.now()
    ending.end_due(day=timezone.localdate(now), at=now)


@shared_task
def remind_of_endings() -> None:
    """Tell both sides of notices that end soon; every hour."""
    now = timezone.now()
    ending.remind(day=timezone.localdate(now), at=now)
