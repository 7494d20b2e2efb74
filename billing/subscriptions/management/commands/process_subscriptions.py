"""process_subscriptions: do what is due, as the scheduler does."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from billing.subscriptions.services import processing


class Command(BaseCommand):
    """Converts trials, renews, ends and duns what is due; may be stopped and run again."""

    help = (
        "Does what is due by now, as the scheduler does every hour: trials, renewals, ends, dunning (reminders, "
        "charges, past due, suspended, cancelled), warnings. With --date all that is due by the end of that day, in "
        "the order of the days: one go does what a call for each day does. What is owed before a day is invoiced on "
        "the way. After an outage people are reminded now, and nobody is suspended or cancelled before they had "
        "notice. Days to come are done as if they were here: cards are charged, subscriptions suspended and "
        "cancelled. May be stopped and run again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the day."""
        parser.add_argument("--date", type=date.fromisoformat, metavar="YYYY-MM-DD", help="to the end of this day")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it and say what was done."""
        day: date | None = options["date"]
        done = processing.process_days(last=day) if day else processing.process(until=timezone.now())
        words = ", ".join(f"{what.replace('_', ' ')}: {number}" for what, number in sorted(done.items()))
        self.stdout.write(self.style.SUCCESS(f"Done. {words or 'Nothing was due'}."))
