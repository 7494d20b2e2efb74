"""What the scheduler asks of the worker for launch."""

from celery import shared_task
from django.utils import timezone

from billing.launch.services import asking, logouts, sessions


@shared_task
def check_health() -> None:
    """Ask the products whether they work; every minute."""
    asking.ask_all()


@shared_task
def end_closed_sessions() -> None:
    """End members' sessions in products that they may not open any more; every 20 seconds."""
    sessions.end_closed(at=timezone.now())


@shared_task
def send_logout(pk: int) -> None:
    """Tell one product that a session has ended, if it waits to be told."""
    logouts.send(pk)
