"""What the worker and the scheduler do for accounts."""

from celery import shared_task
from django.utils import timezone

from portal.accounts.services import archives, cleaning, erasure_mail, invitation_mail, renewals


@shared_task
def send_invitation(pk: int) -> None:
    """Send the e-mail of one invitation."""
    invitation_mail.send(pk=pk)


@shared_task
def build_archive(pk: int) -> None:
    """Make one archive of a person's or a company's data, if it is still to be made."""
    archives.build(pk=pk)


@shared_task
def send_erasure_mail(pk: int) -> None:
    """Send the last e-mail to a person whose data is erased."""
    erasure_mail.send(pk=pk)


@shared_task
def renew_verifications() -> None:
    """Remind of papers that end, and end verifications whose papers have; every hour."""
    now, today = timezone.now(), timezone.localdate()
    renewals.expire(today=today, at=now)
    renewals.remind(today=today, at=now)


@shared_task
def clean_up() -> None:
    """Delete what has been kept for long enough; every night."""
    cleaning.clean_up(at=timezone.now())
