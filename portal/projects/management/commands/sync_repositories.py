"""sync_repositories: read figures of all repositories from GitHub, as the scheduler has the worker do every night."""

from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Count
from django.utils import timezone

from portal.projects.models import Repository
from portal.projects.services import synchronising


class Command(BaseCommand):
    """Queues every repository for which nothing waits, then works beside the worker until none is left to look at."""

    help = "Reads commits, pull requests, issues and contributors of all repositories from GitHub."

    def handle(self, *args: Any, **options: Any) -> None:
        """Look at them and say how they are."""
        queued, looked = synchronising.queue_all(at=timezone.now()), 0
        while done := synchronising.perform_some():
            looked += done
        rows = Repository.objects.filter(is_demo=False).values("state").annotate(number=Count("pk"))
        found = Counter({Repository.State(row["state"]).label: row["number"] for row in rows})
        self.stdout.write(f"Queued: {queued}. Looked at: {looked}.")
        for label, number in sorted(found.items()):
            self.stdout.write(f"{label}: {number}")
