"""Exports articles."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from helpcenter.knowledge.services import exporting
from portal.core.errors import DomainError


class Command(BaseCommand):
    """Writes into the folder; files of other names that lie there stay."""

    help = "Writes the live help pages as a folder of Markdown with images, as import_help reads it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to, and what."""
        parser.add_argument("path", type=Path, metavar="PATH", help="folder to write to; made when it is missing")
        parser.add_argument("--under", default="help", metavar="SLUG", help="only what stands below this topic")

    def handle(self, *, path: Path, under: str, **options: Any) -> None:
        """Export and print what was written."""
        try:
            export = exporting.export_folder(root=Path(path), under=under)
        except DomainError as error:
            raise CommandError(error.message) from error
        except OSError as error:
            raise CommandError(f"{path} cannot be written to: {error.strerror}.") from error
        for warning in export.warnings:
            self.stdout.write(f"  {warning}")
        self.stdout.write(f"articles      written: {len(export.pages)}")
        self.stdout.write(f"images, files written: {len(export.media)}")
