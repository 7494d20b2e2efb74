"""What the scheduler and GitHub's webhooks ask of the worker for projects."""

from celery import shared_task
from django.utils import timezone

from portal.projects.services import deliveries, synchronising
from portal.projects.services.labs import reading


@shared_task
def sync_repositories() -> None:
    """Have all repositories looked at; every night."""
    synchronising.queue_all(at=timezone.now())


@shared_task
def synchronise(pk: int) -> None:
    """Look at one repository, if it waits for that."""
    synchronising.perform(pk)


@shared_task
def synchronise_waiting() -> None:
    """Look at a few of the repositories that wait, and then at the next ones."""
    if synchronising.perform_some():
        synchronise_waiting.delay()


@shared_task
def act_on_delivery(pk: int) -> None:
    """Act on one message of GitHub, if it waits."""
    deliveries.process(pk)


@shared_task
def read_labs() -> None:
    """Have what people reach at Labs looked at; every night."""
    reading.queue_all(at=timezone.now())


@shared_task
def read_labs_account(pk: int) -> None:
    """Look at what one account reaches at Labs, if it waits for that."""
    reading.perform(pk)
