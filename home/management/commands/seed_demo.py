"""Make the demo world."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from home.demo import people, previews, scale, texts
from home.setup import groups, site
from portal.core.logging import quiet

PARTS = (
    ("groups", groups.create),
    ("pages", site.create),
    ("people", people.create),
    ("previews", previews.create),
    ("texts", texts.create),
)


class Command(BaseCommand):
    """Makes what is missing of the demo world; safe to run again."""

    help = "Make the demo world; --scale N adds N times 1,000 articles and 100 companies for load tests."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the scale."""
        parser.add_argument(
            "--scale", type=int, default=0, metavar="N", help="thousands of articles to add for load tests"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Make each part; groups come first, since people get their rights from them."""
        for part, make in PARTS:
            self.stdout.write(f"  {part} …")
            with quiet():
                make()
        if options["scale"]:
            scale.create(thousands=options["scale"], say=self.stdout.write)
        self.stdout.write(self.style.SUCCESS("The demo world is ready."))
