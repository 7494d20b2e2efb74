"""cleanup_expired_data: delete what has been kept for long enough."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from portal.accounts.services import cleaning


class Command(BaseCommand):
    """Applies the retention rules; the scheduler does the same every night."""

    help = "Deletes what the retention periods say, and prints how much; with --dry-run it only says what would go."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take --dry-run."""
        parser.add_argument("--dry-run", action="store_true", help="count, and change nothing")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        """Run, and print a table."""
        lines = cleaning.clean_up(at=timezone.now(), dry_run=dry_run)
        width = max(len(line.label) for line in lines)
        self.stdout.write(
            f"{'What':<{width}}  {'Days':>5}  {'Ended before':<16}  {'Would go' if dry_run else 'Went':>8}"
        )
        for line in lines:
            limit = timezone.localtime(line.limit)
            self.stdout.write(f"{line.label:<{width}}  {line.days:>5}  {limit:%Y-%m-%d %H:%M}  {line.rows:>8}")
        self.stdout.write(self.style.SUCCESS("Nothing was changed." if dry_run else "Done."))
