"""What the worker does for invoicing."""

from celery import shared_task
from django.utils import timezone

from billing.invoicing.services import runs
from billing.invoicing.services.papers import archive

# PDFs of one task: after so many, other tasks have their turn.
PAPERS = 50


@shared_task
def make_paper(pk: int) -> None:
    """Make the PDF of one invoice or credit note."""
    archive.make(pk=pk)


@shared_task
def make_papers() -> None:
    """Make PDFs that wait, one after the other, and go on in a task of its own while there are more."""
    if all(archive.make_next() for _ in range(PAPERS)):
        make_papers.delay()


@shared_task
def generate_invoices() -> None:
    """Begin the invoice run of today; every night."""
    runs.start(until=timezone.localdate(), at=timezone.now())


@shared_task
def issue_batch(pk: int) -> None:
    """Issue the invoices of one batch of a run."""
    runs.issue(pk=pk, at=timezone.now())
