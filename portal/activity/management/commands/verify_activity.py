"""verify_activity: prove that no event was changed, removed or inserted."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.activity import sealing


def head(text: str) -> sealing.Head:
    """Read a head from the command line."""
    try:
        return sealing.Head.parse(text)
    except ValueError:
        raise argparse.ArgumentTypeError("a head is a number, a colon and 64 hexadecimal digits.") from None


class Command(BaseCommand):
    """Goes through the chain of seals from its beginning."""

    help = "Proves that no event was changed, removed or inserted; exit status 1 and the first difference otherwise."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take a head kept elsewhere."""
        parser.add_argument(
            "--head", type=head, help="as an earlier run or the log gave it: shows when the newest events were removed"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify, and tell the head to keep."""
        try:
            proof = sealing.verify(noted=options["head"], progress=self._tell)
        except sealing.TrailBroken as difference:
            raise CommandError(str(difference)) from None
        self.stdout.write(
            f"{proof.head.sequence} events are sealed and as they were written; {proof.waiting} wait for their seal."
        )
        self.stdout.write(f"Head: {proof.head}")

    def _tell(self, done: int) -> None:
        if self.stdout.isatty():
            self.stdout.write(f"{done} events", ending="\r")
