"""The embedded servers are joined, kept and taken up again by whoever needs them."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from portal.embedded.folders import is_reachable
from tests.process.portal import ROOT, connect, environment, kill, servers, wait_until

pytestmark = [pytest.mark.process, pytest.mark.xdist_group("process")]
# Joins, says so, and stays until its input ends.
HOLD = "import sys; from portal import embedded; embedded.ensure(); print('joined', flush=True); sys.stdin.read()"
# Writes to both servers; prints how often that has been done.
WRITE = """
import os, psycopg, redis
from portal import embedded
embedded.ensure()
with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as database:
    database.execute("CREATE TABLE IF NOT EXISTS written (at timestamptz DEFAULT now())")
    database.execute("INSERT INTO written DEFAULT VALUES")
    rows = database.execute("SELECT count(*) FROM written").fetchone()[0]
print(rows, redis.Redis.from_url(os.environ["REDIS_URL"]).incr("written"))
"""


@pytest.fixture
def empty() -> Iterator[Path]:
    """A var folder with nothing in it."""
    folder = Path(tempfile.mkdtemp(prefix="portal-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    kill(servers(folder))
    shutil.rmtree(folder, ignore_errors=True)


def hold(var: Path) -> subprocess.Popen[str]:
    """Start a process that holds the servers."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    holder = subprocess.Popen([sys.executable, "-c", HOLD], cwd=ROOT, env=environment(var), **pipes)
    assert holder.stdout.readline() == "joined\n"
    return holder


def write(var: Path) -> str:
    """Write once; return the counts in PostgreSQL and Valkey."""
    command = [sys.executable, "-c", WRITE]
    done = subprocess.run(command, cwd=ROOT, env=environment(var), text=True, stdout=subprocess.PIPE, check=True)
    return done.stdout.strip()


def test_servers_end_with_the_last_process_that_holds_them_and_keep_their_data(empty: Path) -> None:
    assert write(empty) == "1 1"
    assert servers(empty) == []
    first, second = hold(empty), hold(empty)
    running = servers(empty)
    assert len(running) == 2
    assert write(empty) == "2 2"
    first.communicate()
    assert servers(empty) == running
    second.send_signal(signal.SIGTERM)
    second.wait(20)
    assert servers(empty) == []
    assert write(empty) == "3 3"


def test_servers_outlive_a_killed_holder_and_are_taken_up_again(empty: Path) -> None:
    holder = hold(empty)
    running = servers(empty)
    holder.kill()
    holder.wait()
    assert servers(empty) == running
    assert write(empty) == "1 1"
    assert servers(empty) == []


def test_killed_servers_are_started_again_and_have_lost_nothing(empty: Path) -> None:
    holder = hold(empty)
    assert write(empty) == "1 1"
    kill(servers(empty))
    assert write(empty) == "2 2"
    holder.communicate()
    wait_until(lambda: servers(empty) == [], seconds=10, what="servers that end with the holder")


def test_lock_file_with_the_number_of_another_program_does_not_stop_the_start(empty: Path) -> None:
    holder = hold(empty)
    kill([psutil.Process(holder.pid), *servers(empty)])
    lock = empty / "postgres" / "postmaster.pid"
    lines = lock.read_text().splitlines()
    lock.write_text("\n".join([str(os.getpid()), *lines[1:]]))
    assert write(empty) == "1 1"


def test_folder_with_a_space_works(tmp_path: Path) -> None:
    var = tmp_path / "my portal" / "var"
    state = Path(tempfile.mkdtemp(prefix="state-", dir="/tmp"))
    state.chmod(0o755)
    try:
        command = [sys.executable, "-c", WRITE]
        extra = environment(var, XDG_STATE_HOME=str(state))
        for count in ("1 1", "2 2"):
            done = subprocess.run(command, cwd=ROOT, env=extra, text=True, stdout=subprocess.PIPE, check=True)
            assert done.stdout.strip() == count
        assert [folder.name for folder in state.glob("*/*") if folder.is_dir()] == ["postgres", "valkey"]
    finally:
        shutil.rmtree(state)


def test_servers_listen_where_nobody_else_comes_in(empty: Path) -> None:
    holder = hold(empty)
    listening = [
        c.laddr.ip for server in servers(empty) for c in server.net_connections("inet") if c.status == "LISTEN"
    ]
    assert listening == ["127.0.0.1"]
    assert [(empty / name).stat().st_mode & 0o777 for name in ("postgres", "valkey")] == [0o700, 0o700]
    with connect(empty) as database:
        assert database.execute("SHOW fsync").fetchone() == ("on",)
    holder.communicate()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be another user")
def test_ordinary_user_can_use_them_too(empty: Path) -> None:
    python = f"/usr/bin/python3.{sys.version_info.minor}"
    if not Path(python).exists() or not is_reachable(ROOT / "portal"):
        pytest.skip("an ordinary user can reach neither this Python nor the checkout")
    daemon = pwd.getpwnam("daemon")
    shutil.chown(empty, daemon.pw_uid, daemon.pw_gid)
    # The Redis client wants this for its asyncio part on the first releases of Python 3.11.
    (empty / "async_timeout.py").write_text("timeout = None")
    extra = environment(empty, PYTHONPATH=f"{Path(psutil.__file__).parents[1]}:{empty}", HOME=str(empty))
    user = {"user": daemon.pw_uid, "group": daemon.pw_gid, "extra_groups": []}
    done = subprocess.run(
        [python, "-c", WRITE], cwd=ROOT, env=extra, text=True, stdout=subprocess.PIPE, check=True, **user
    )
    assert done.stdout.strip() == "1 1"
    assert (empty / "postgres").stat().st_uid == daemon.pw_uid
