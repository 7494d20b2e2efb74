"""Write what readers get of help pages, and the search index, anew."""

from typing import Any

from django.core.management.base import BaseCommand

from helpcenter.knowledge.services import publishing


class Command(BaseCommand):
    """Rewrites all documents and the whole index, in one transaction; readers see the old until it ends."""

    help = "Write all help documents and the search index anew; what was right stays as it is."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write them."""
        self.stdout.write(f"{publishing.rebuild()} help pages were written anew.")
