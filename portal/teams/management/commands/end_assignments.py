"""end_assignments: end what is due, as the scheduler does."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from portal.teams.services import ending


class Command(BaseCommand):
    """Ends assignments whose notice has run out by a day; may be stopped and run again."""

    help = "Ends the assignments whose notice has run out by today, or by --date."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the day."""
        parser.add_argument("--date", type=date.fromisoformat, metavar="YYYY-MM-DD", help="a day instead of today")

    def handle(self, *args: Any, **options: Any) -> None:
        """End them and say how many."""
        now = timezone.now()
        ended = ending.end_due(day=options["date"] or timezone.localdate(now), at=now)
        self.stdout.write(self.style.SUCCESS(f"Ended: {ended}."))
