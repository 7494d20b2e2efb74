"""What the scheduler asks of the worker for subscriptions."""

from celery import shared_task
from django.utils import timezone

from billing.subscriptions.services import processing


@shared_task
def process_subscriptions() -> None:
    """Do all that is due by now; every hour."""
    processing.process(until=timezone.now())
