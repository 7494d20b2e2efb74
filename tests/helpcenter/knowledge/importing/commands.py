"""The commands as an administrator runs them."""

from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import CommandError, call_command

from helpcenter.knowledge.models import HelpPage
from tests.helpcenter.knowledge.markdown.writing_files import write_files

Files = dict[str, str | bytes]


def import_help(path: Path, under: str = "help", **options: Any) -> tuple[int, str]:
    """Exit status and all that was printed."""
    out = StringIO()
    try:
        call_command("import_help", str(path), under=under, stdout=out, **options)
    except CommandError as error:
        return error.returncode, f"{out.getvalue()}{error}"
    return 0, out.getvalue()


def import_files(root: Path, files: Files, **options: Any) -> tuple[int, str]:
    """Write files into a folder, beside what is there, and import it."""
    return import_help(write_files(root, files), **options)


def export_help(path: Path, under: str = "help") -> dict[str, bytes]:
    """Every file that an export wrote, by its path."""
    call_command("export_help", str(path), under=under, stdout=StringIO())
    return {file.relative_to(path).as_posix(): file.read_bytes() for file in path.rglob("*") if file.is_file()}


def counted(output: str, row: str = "articles") -> dict[str, int]:
    """The counts of a row, those that are not zero."""
    line = next(line for line in output.splitlines() if line.startswith(row))
    words = line.replace(":", " ").split()
    counts = {name: int(words[words.index(name) + 1]) for name in ("created", "updated", "unchanged", "skipped")}
    counts["failed"] = int(words[words.index("failed") + 1])
    return {name: count for name, count in counts.items() if count}


def page(slug: str) -> Any:
    """The one help page of a slug."""
    return HelpPage.objects.get(slug=slug).specific
