"""process_contracts: do what time does with contracts, as the scheduler does."""

from argparse import ArgumentParser
from dataclasses import asdict
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from portal.contracts.services import processing


class Command(BaseCommand):
    """Begins, renews and ends contracts, ends offers, reminds and announces; may be stopped and run again."""

    help = "Does everything about contracts that is due today, or by --date."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the day."""
        parser.add_argument("--date", type=date.fromisoformat, metavar="YYYY-MM-DD", help="a day instead of today")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it and say how many took which step."""
        now = timezone.now()
        done = processing.process(today=options["date"] or timezone.localdate(now), at=now)
        counts = ", ".join(f"{name.replace('_', ' ')}: {count}" for name, count in asdict(done).items())
        self.stdout.write(self.style.SUCCESS(f"{counts.capitalize()}."))
