"""What the scheduler asks of the worker for launch."""

from celery import shared_task

from billing.launch.services import asking


@shared_task
def check_health() -> None:
    """Ask the products whether they work; every minute."""
    asking.ask_all()
