"""Imports articles."""

from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from helpcenter.knowledge.services import importing
from helpcenter.knowledge.services.importing import Report, Result
from portal.core.errors import DomainError
from portal.core.logging import quiet

SHOWN = 20


class Command(BaseCommand):
    """Exit status 1 when a file failed; all others are taken nevertheless."""

    help = "Imports a folder of articles and images into the help center, or again when they have changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where from, where to, and how."""
        parser.add_argument("path", type=Path, metavar="PATH", help="folder of articles")
        parser.add_argument("--under", required=True, metavar="SLUG", help="topic to import under; “help” is the front")
        parser.add_argument("--format", choices=["markdown", "zendesk"], default="markdown", help="what the files are")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done and write nothing")

    def handle(self, *, path: Path, under: str, verbosity: int, **options: Any) -> None:
        """Import and print what became of each file."""
        with quiet(), bar(self.stdout) as progress:
            try:
                report = importing.import_folder(
                    root=Path(path),
                    under=under,
                    kind=options["format"],
                    dry_run=options["dry_run"],
                    progress=progress,
                )
            except DomainError as error:
                raise CommandError(error.message) from error
        self.print_report(report, every=verbosity > 1, dry_run=options["dry_run"])
        if report.failures:
            raise CommandError(f"{len(report.failures)} of the files failed; everything else was taken.", returncode=1)

    def print_report(self, report: Report, *, every: bool, dry_run: bool) -> None:
        """What failed, what was skipped, what to know, and the counts."""
        self.print_list("Failed", [f"{found.path}: {found.reason}" for found in report.failures], every=True)
        skipped = [found for found in (*report.files, *report.media) if found.result == Result.SKIPPED]
        self.print_list("Skipped", [f"{found.path}: {found.reason}" for found in skipped], every=every)
        self.print_list("To know", [f"{path}: {text}" for path, text in report.warnings], every=every)
        for note in report.notes:
            self.stdout.write(note)
        if dry_run:
            self.stdout.write("Nothing was written; a real run would do this:")
        for name, counts in (("articles", report.counts()), ("images, files", report.media_counts())):
            self.stdout.write(f"{name:<14}" + "".join(f"{result}: {counts[result]:<7}" for result in Result))

    def print_list(self, title: str, lines: list[str], *, every: bool) -> None:
        """A list, shortened unless all of it is asked for."""
        if not lines:
            return
        self.stdout.write(f"{title} ({len(lines)}):")
        for line in lines if every else lines[:SHOWN]:
            self.stdout.write(f"  {line}")
        if len(lines) > SHOWN and not every:
            self.stdout.write(f"  … and {len(lines) - SHOWN} more; --verbosity 2 shows all.")


@contextmanager
def bar(out: Any) -> Iterator[Any]:
    """A progress bar on a terminal; elsewhere nothing."""
    columns = (TextColumn("{task.description:<11}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=not out.isatty()) as shown:
        task = shown.add_task("", total=None)
        yield lambda stage, done, total: shown.update(task, description=stage, completed=done, total=total or None)
