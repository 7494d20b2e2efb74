"""What the worker does for invoicing."""

from celery import shared_task

from billing.invoicing.services.papers import archive


@shared_task
def make_paper(pk: int) -> None:
    """Make the PDF of one invoice or credit note."""
    archive.make(pk=pk)
