"""Make daily figures of use from events."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from billing.usage.services import rolling


class Command(BaseCommand):
    """Does what the worker does every minute, until nothing waits; with a day, that day is reckoned anew besides."""

    help = (
        "Make the daily figures of use from the events that have come; may be stopped and run again at any moment, "
        "beside the workers."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the day."""
        parser.add_argument(
            "--date", type=date.fromisoformat, help="YYYY-MM-DD: reckon this day anew, from all its events"
        )

    def handle(self, *args: Any, date: date | None, **options: Any) -> None:
        """Reckon, and say of how many days of a company's product."""
        if date:
            rolling.rebuild(first=date, last=date)
        self.stdout.write(f"Figures of {rolling.roll_up():,} days of companies' products were made.")
