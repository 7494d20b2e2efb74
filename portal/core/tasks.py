"""What the scheduler asks of the worker for core."""

from celery import shared_task
from django.utils import timezone

from portal.core.services import health, jobs


@shared_task
def heartbeat() -> None:
    """Show that scheduler, broker and worker are alive; every 20 seconds."""
    health.beat(at=timezone.now())


@shared_task
def sweep_jobs() -> None:
    """Queue again what crashes left behind; every 15 seconds."""
    jobs.sweep(at=timezone.now())
