"""process_subscriptions: do what is due, as the scheduler does."""

from argparse import ArgumentParser
from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from billing.subscriptions.services import processing
from portal.core.periods import start_of


class Command(BaseCommand):
    """Converts trials, renews, ends and duns what is due; may be stopped and run again."""

    help = "Does what is due with subscriptions by now, or by the end of --date."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the day."""
        parser.add_argument("--date", type=date.fromisoformat, metavar="YYYY-MM-DD", help="to the end of this day")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it and say what was done."""
        day: date | None = options["date"]
        until = start_of(day + timedelta(days=1)) if day else timezone.now()
        done = processing.process(until=until)
        words = ", ".join(f"{what.replace('_', ' ')}: {number}" for what, number in sorted(done.items()))
        self.stdout.write(self.style.SUCCESS(f"Done. {words or 'Nothing was due'}."))
