"""What the scheduler asks of the worker for contracts, and what the worker does for each."""

from celery import shared_task
from django.utils import timezone

from portal.contracts.models import TurnJob
from portal.contracts.services import inviting, processing, sealing
from portal.core.services import jobs

# As other PDFs: people's mail goes first.
PAPERS_COME = 9


@shared_task
def process_contracts() -> None:
    """Do what time does with contracts; every hour."""
    now = timezone.now()
    processing.process(today=timezone.localdate(now), at=now)


@shared_task
def tell_turn(pk: int) -> None:
    """Tell those whose turn it is to sign."""
    jobs.perform(job_type=TurnJob, pk=pk, record=lambda job, _outcome: inviting.tell(job))


@shared_task(priority=PAPERS_COME)
def seal(pk: int) -> None:
    """Seal one contract, or add the time stamp that could not be had when it was sealed."""
    sealing.work(pk=pk)
