"""The pins are complete, exact, and install on the first Python that the portal supports."""

import re
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from tests.architecture.sources import ROOT

FIRST_PYTHON = "3.11.0"


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text().splitlines() if line and not line.startswith(("#", "-r"))]


def _pins() -> list[Requirement]:
    return [Requirement(line) for name in ("requirements.txt", "requirements-dev.txt") for line in _lines(ROOT / name)]


def test_every_pin_is_exact_and_stands_once() -> None:
    assert [str(pin) for pin in _pins() if not re.fullmatch(r"==[\w.]+", str(pin.specifier))] == []
    names = [pin.name.lower() for pin in _pins()]
    assert sorted(names) == sorted(set(names))


def test_every_package_asked_for_is_pinned() -> None:
    pinned = {re.sub(r"[-_.]+", "-", pin.name).lower() for pin in _pins()}
    wanted = [Requirement(line) for name in ("requirements.in", "requirements-dev.in") for line in _lines(ROOT / name)]
    assert {re.sub(r"[-_.]+", "-", requirement.name).lower() for requirement in wanted} - pinned == set()


def test_every_package_installs_on_the_first_python_supported() -> None:
    late = {
        pin.name: versions
        for pin in _pins()
        if pin.marker is None
        and (versions := distribution(pin.name).metadata.get("Requires-Python"))
        and not SpecifierSet(versions).contains(FIRST_PYTHON)
    }
    assert late == {}
