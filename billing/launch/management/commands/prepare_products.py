"""Point the demo's products at the sample products of this run."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from billing.launch import demo


class Command(BaseCommand):
    """Makes clients for the sample products, on the ports after that of BASE_URL; safe to run again."""

    help = "Point the demo's products at the sample products on the ports after the portal's."

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare them, in development alone."""
        if not settings.DEVELOPMENT:
            raise CommandError("The sample products are for development.")
        demo.prepare()
