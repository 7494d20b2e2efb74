"""restore PATH: take back what `backup` wrote."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.core.services import backups
from portal.core.services.dumps import DumpFailed
from portal.core.services.uploads import NotTaken


class Command(BaseCommand):
    """Checks a backup, then takes it back; the site must not run meanwhile."""

    help = "Takes a backup back into an empty portal. All hashes are checked before anything is touched."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the folder, and leave to overwrite."""
        parser.add_argument("path", type=Path)
        parser.add_argument("--replace", action="store_true", help="put it in the place of all there is")

    def handle(self, *args: Any, **options: Any) -> None:
        """Restore, and say what to do next."""
        try:
            manifest = backups.restore(folder=options["path"].absolute(), replace=options["replace"])
        except (backups.BackupRefused, NotTaken, DumpFailed) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"Restored what was there at {manifest['made_at']}; everybody signs in again.")
        self.stdout.write("Now run migrate and verify_activity, then start the site.")
