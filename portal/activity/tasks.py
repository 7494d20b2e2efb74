"""What the scheduler asks of the worker for the register of events."""

import structlog
from celery import shared_task

from portal.activity import sealing

logger = structlog.get_logger(__name__)


@shared_task
def seal_events() -> None:
    """Seal what happened since; every minute. The head goes to the log, for `verify_activity --head`."""
    sealed = sealing.BATCH
    while sealed == sealing.BATCH:
        sealed, head = sealing.seal()
        if sealed:
            logger.info("activity_sealed", events=sealed, head=str(head))
