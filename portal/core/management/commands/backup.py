"""backup PATH: database and uploads, as one folder."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from portal.core.services import backups
from portal.core.services.dumps import DumpFailed


class Command(BaseCommand):
    """Makes a backup while the site runs."""

    help = "Writes database and uploads into a new folder, with a manifest of sizes, hashes and numbers of rows."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the folder."""
        parser.add_argument("path", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it, and say what it has."""
        folder: Path = options["path"].absolute()
        try:
            manifest = backups.backup(folder=folder, at=timezone.now())
        except (backups.BackupRefused, DumpFailed) as error:
            raise CommandError(str(error)) from None
        rows, count = sum(manifest["tables"].values()), len(manifest["files"]) - 1
        self.stdout.write(f"{folder}: {rows} rows of {len(manifest['tables'])} tables, {count} uploads.")
