"""Work that was accepted is done once, whatever is killed."""

import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tests.process.portal import ROOT, Portal, connect, environment, kill, servers, wait_until

pytestmark = [pytest.mark.process, pytest.mark.xdist_group("process")]
# So many that a worker is in the middle of them when whoever gave them has ended.
CHORES = 1000


# All of it becomes visible, and is queued, at one moment.
ACCEPT = """
from django.db import transaction
from django.utils import timezone
from portal.core.services import jobs
from tests.portal.core.sample.models import Chore
with transaction.atomic():
    for _ in range({chores}):
        jobs.enqueue(job=Chore(), at=timezone.now())
"""
COUNT = """
from tests.portal.core.sample.models import Chore
print(Chore.objects.filter(state="done").count())
"""


def shell(var: Path, code: str) -> str:
    """Run code in the portal's shell, which joins the servers or starts them for its own time; what it prints."""
    command = [sys.executable, "manage.py", "shell", "--verbosity", "0", "-c", code]
    return subprocess.run(command, cwd=ROOT, env=environment(var), check=True, capture_output=True, text=True).stdout


def accept(var: Path) -> None:
    """Take on chores through core's service, as a request would, and end."""
    shell(var, ACCEPT.format(chores=CHORES))


def done(connection: psycopg.Connection) -> int:
    """Count the chores that are done."""
    return connection.execute("SELECT count(*) FROM sample_chore WHERE state = 'done'").fetchone()[0]


def test_work_survives_killing_worker_broker_and_database_and_is_done_once(var: Path) -> None:
    portal = Portal(var).start().wait()
    accept(var)
    with connect(var) as connection:
        wait_until(lambda: done(connection) >= 20, seconds=20, what="20 chores done")
        assert done(connection) < CHORES
        kill(portal.everything())
    assert servers(var) == []
    assert 20 <= int(shell(var, COUNT)) < CHORES

    portal = Portal(var).start().wait()
    with connect(var) as connection:
        # What a killed worker held is free again when its lease is over; the minutes until then are not waited for.
        connection.execute("UPDATE sample_chore SET lease_ends_at = now() WHERE state = 'running'")
        connection.execute("UPDATE sample_chore SET available_at = now(), queued_at = NULL WHERE state = 'queued'")
        wait_until(lambda: done(connection) == CHORES, seconds=90, what="every chore done")
        assert connection.execute("SELECT min(effects), max(effects), count(*) FROM sample_chore").fetchone() == (
            1,
            1,
            CHORES,
        )
    assert portal.interrupt() == 0
    assert servers(var) == []
