"""Folders with a migrated database, so that no test of a process has to wait for migrations."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.process.portal import ROOT, environment, kill, servers

# Start the servers of a folder, migrate the database, and note that the runner has nothing to prepare.
FILL = """
import django
from portal import embedded
embedded.ensure()
django.setup()
from django.core.management import call_command
from portal.runner import preparing
call_command("migrate", verbosity=0, interactive=False)
preparing.note(migrated=preparing.migrated(), collected=preparing.collected(), seeded=preparing.seeded())
"""


def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="portal-", dir="/tmp"))
    folder.chmod(0o755)
    return folder


@pytest.fixture(scope="session")
def filled() -> Iterator[Path]:
    """A var folder with a migrated database, whose servers have ended."""
    folder = _folder()
    (folder / "static").mkdir()
    subprocess.run([sys.executable, "-c", FILL], cwd=ROOT, env=environment(folder), check=True)
    assert servers(folder) == []
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def var(filled: Path) -> Iterator[Path]:
    """A var folder of the test's own whose runner has nothing to prepare."""
    folder = _folder()
    subprocess.run(["cp", "-a", f"{filled}/.", folder], check=True)
    yield folder
    kill(servers(folder))
    shutil.rmtree(folder, ignore_errors=True)
