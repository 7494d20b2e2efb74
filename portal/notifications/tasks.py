"""What the worker does for notifications."""

from celery import shared_task
from django.utils import timezone

from portal.notifications.services import deliveries, digests, mail_events, phones


@shared_task
def send_delivery(pk: int) -> None:
    """Send one notification through one channel, if it is still to be sent."""
    deliveries.send(pk)


@shared_task
def send_phone_code(pk: int) -> None:
    """Send one code to a number, if it is still to be sent."""
    phones.send(pk)


@shared_task
def send_digest(pk: int) -> None:
    """Send one digest, if it is still to be sent."""
    digests.send(pk)


@shared_task
def queue_digests() -> None:
    """Queue the digests whose hour has come; every five minutes."""
    digests.queue_due(at=timezone.now())


@shared_task
def process_mail_event(pk: int) -> None:
    """Act on one report of the mail provider, if it waits."""
    mail_events.process(pk)
