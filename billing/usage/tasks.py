"""What the worker does for use."""

from celery import shared_task

from billing.usage.services import rolling


@shared_task
def roll_up_usage() -> None:
    """Make the figures of the days of which events have come; every minute."""
    rolling.roll_up()
