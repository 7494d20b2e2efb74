"""import_contract_template: make drafts of templates from agreements in Markdown and DOCX."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.contracts.models import ContractTemplate
from portal.contracts.services import importing
from portal.core.errors import DomainError


class Command(BaseCommand):
    """Imports files; importing the same file again changes nothing."""

    help = "Makes drafts of contract templates from Markdown (.md) and Word (.docx) documents."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take files, and for one file a name; a type for all."""
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--name", default="", help="its name instead of its first heading; for one file")
        parser.add_argument("--type", default="onboarding", choices=[value for value, _label in ContractTemplate.TYPES])

    def handle(self, *args: Any, **options: Any) -> None:
        """Import each, and say what came of it."""
        if options["name"] and len(options["files"]) > 1:
            raise CommandError("--name is for one file.")
        for file in options["files"]:
            try:
                done = importing.import_template(
                    content=file.read_bytes(),
                    file_name=file.name,
                    source=f"file:{file.resolve().as_posix()}",
                    by=None,
                    name=options["name"],
                    kind=options["type"],
                )
            except (DomainError, OSError) as error:
                raise CommandError(f"{file}: {error}") from error
            own = len(done.template.get_latest_revision_as_object().own_fields)
            words = f"{done.outcome}: {done.template}, {own} merge fields of its own"
            self.stdout.write(self.style.SUCCESS(words))
