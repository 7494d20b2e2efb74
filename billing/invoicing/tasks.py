"""What the worker does for invoicing."""

from celery import shared_task
from django.utils import timezone

from billing.invoicing.services import contract_charges, runs
from billing.invoicing.services.papers import archive
from portal.contracts.services import pausing

# Batches of PDFs in one task: after so many, other tasks have their turn.
PAPERS = 3
# A run makes thousands of messages: people's mail goes first, then its batches, then its PDFs.
BATCHES_COME, PAPERS_COME = 6, 9


@shared_task(priority=PAPERS_COME)
def make_paper(pk: int) -> None:
    """Make the PDF of one invoice or credit note."""
    archive.make(pk=pk)


@shared_task(priority=PAPERS_COME)
def make_papers() -> None:
    """Make PDFs that wait, a batch after the other, and go on in a task of its own while there are more."""
    if all(archive.make_some() for _ in range(PAPERS)):
        make_papers.delay()


@shared_task
def generate_invoices() -> None:
    """Begin the invoice run of today; every night."""
    runs.start(until=timezone.localdate(), at=timezone.now())


@shared_task(priority=BATCHES_COME)
def issue_batches() -> None:
    """Issue the invoices of the next batch of the run, and go on in a task of its own while there are more."""
    if runs.work(at=timezone.now()):
        issue_batches.delay()


@shared_task
def follow_contracts() -> None:
    """Mark billing periods whose invoices were not paid in time, and line items that are over; every hour."""
    contract_charges.fall_overdue(today=timezone.localdate())
    pausing.complete_ended(today=timezone.localdate())
