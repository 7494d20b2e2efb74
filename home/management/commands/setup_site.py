"""Make what a new portal needs."""

from typing import Any

from django.core.management.base import BaseCommand

from home.setup import groups, site


class Command(BaseCommand):
    """Makes groups, home page, help center and dashboards where they are missing."""

    help = "Make groups, home page, help center and dashboards where they are missing; safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        """Make them."""
        groups.create()
        site.create()
        self.stdout.write(self.style.SUCCESS("Groups, home page, help center and dashboards are there."))
