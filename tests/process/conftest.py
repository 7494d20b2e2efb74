"""Folders with a migrated database, so that no test of a process has to wait for migrations.

One is kept below var/test until migrations or requirements change, so that they run once and not in each run.
"""

import hashlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests.plugins.databases import fingerprint
from tests.process.portal import ROOT, environment, kill, servers

# Start the servers of a folder and migrate the database; looking for garbage would be a third of the time.
MIGRATE = """
import gc
gc.disable()
import django
from portal import embedded
embedded.ensure()
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0, interactive=False)
"""
# Note that the runner has nothing to prepare.
NOTE = """
from portal import embedded
embedded.ensure()
from portal.runner import preparing
preparing.note(migrated=preparing.migrated(), collected=preparing.collected(), seeded=preparing.seeded())
"""


def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="portal-", dir="/tmp"))
    folder.chmod(0o755)
    return folder


def _copy(source: Path, target: Path) -> None:
    subprocess.run(["cp", "-a", f"{source}/.", target], check=True)


def _run(code: str, folder: Path) -> None:
    """Run code with the servers in a folder, which end with it."""
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment(folder), check=True)
    assert servers(folder) == []


def _fill(folder: Path) -> None:
    """Put a migrated database into an empty folder: a copy of the kept one, which is made if missing."""
    requirements = hashlib.sha256((ROOT / "requirements.txt").read_bytes()).hexdigest()[:8]
    kept = settings.VAR_DIR / f"migrated-{fingerprint()}-{requirements}"
    if kept.exists():
        _copy(kept, folder)
        return
    _run(MIGRATE, folder)
    for stale in kept.parent.glob("migrated-*"):
        shutil.rmtree(stale, ignore_errors=True)
    kept.parent.mkdir(parents=True, exist_ok=True)
    half = Path(tempfile.mkdtemp(prefix="half-", dir=kept.parent))
    _copy(folder, half)
    half.rename(kept)


@pytest.fixture(scope="session")
def filled() -> Iterator[Path]:
    """A var folder with a migrated database, whose servers have ended."""
    folder = _folder()
    _fill(folder)
    (folder / "static").mkdir()
    _run(NOTE, folder)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def var(filled: Path) -> Iterator[Path]:
    """A var folder of the test's own whose runner has nothing to prepare."""
    folder = _folder()
    _copy(filled, folder)
    yield folder
    kill(servers(folder))
    shutil.rmtree(folder, ignore_errors=True)
