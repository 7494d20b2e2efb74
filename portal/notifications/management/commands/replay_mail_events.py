"""`manage.py replay_mail_events`: act again on what the mail provider reported."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction
from django.utils import timezone

from portal.notifications.models import MailEvent
from portal.notifications.services import mail_events


class Command(BaseCommand):
    """Goes through kept reports in the order in which they happened; doing it twice changes nothing more."""

    help = "Acts again on the mail provider's reports that are kept: all, or since a day, or those that failed."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--days`, `--failed`."""
        parser.add_argument("--days", type=int, help="only what happened in the last so many days")
        parser.add_argument("--failed", action="store_true", help="only what could not be processed")

    def handle(self, *args: Any, **options: Any) -> None:
        """Replay and say how many."""
        events = MailEvent.objects.order_by("happened_at", "pk")
        if options["failed"]:
            events = events.filter(state=MailEvent.State.FAILED)
        if options["days"]:
            events = events.filter(happened_at__gte=timezone.now() - timedelta(days=options["days"]))
        count = 0
        for event in events.iterator():
            with transaction.atomic():
                mail_events.apply(event)
            count += 1
        self.stdout.write(f"{count} reports replayed")
