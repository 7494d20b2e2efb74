"""The project's own files, as the checks see them."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("portal", "billing", "helpcenter", "resellers", "home")


@dataclass(frozen=True)
class Function:
    """A function of the project and how many lines it has, decorators not counted."""

    place: str
    lines: int


@cache
def code() -> tuple[Path, ...]:
    """Return the Python files of the product, without its migrations."""
    found = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py") if "migrations" not in path.parts]
    return (ROOT / "manage.py", *sorted(found))


@cache
def tests() -> tuple[Path, ...]:
    """Return the Python files of the tests."""
    return tuple(sorted((ROOT / "tests").rglob("*.py")))


@cache
def templates() -> tuple[Path, ...]:
    """Return every template."""
    return tuple(sorted(path for path in (ROOT / "templates").rglob("*") if path.is_file()))


@cache
def static(ending: str) -> tuple[Path, ...]:
    """Return the project's own static files of one kind; what came from elsewhere lies in vendor/."""
    return tuple(path for path in sorted((ROOT / "static").rglob(f"*.{ending}")) if "vendor" not in path.parts)


def name(path: Path) -> str:
    """Return the path as one names it: from the root of the project."""
    return path.relative_to(ROOT).as_posix()


@cache
def text(path: Path) -> str:
    """Return what is in the file."""
    return path.read_text(encoding="utf-8")


def lines(path: Path) -> int:
    """Count the lines of a file."""
    return len(text(path).splitlines())


def functions(paths: tuple[Path, ...]) -> Iterator[Function]:
    """Walk through the functions and methods of the files."""
    for path in paths:
        for node in ast.walk(ast.parse(text(path))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield Function(f"{name(path)}:{node.lineno} {node.name}", (node.end_lineno or 0) - node.lineno + 1)
