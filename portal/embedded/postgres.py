"""The embedded PostgreSQL, on a socket in its own data folder."""

import shutil
import socket
import time
from pathlib import Path
from urllib.parse import quote

import psutil

from portal.embedded import folders, programs
from portal.embedded.errors import EmbeddedError

DATABASE = "portal"
SECONDS_TO_START = 120
PATIENCE = 5
# A relative socket folder is the data folder: it may be moved.
OPTIONS = "-k . -p 5432 -h '' -c max_connections=200"
CARELESS = " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"


def start(home: Path, *, durable: bool) -> str:
    """Make the data folder if missing, start the server unless it runs, and return its DATABASE_URL."""
    data = home / "postgres"
    if not data.exists():
        _initialise(home, data)
    if not _accepts(data):
        _forget_reused_number(data)
        _start(home, options=OPTIONS if durable else OPTIONS + CARELESS)
    _wait_until_ready(data)
    return f"postgres://postgres@/{DATABASE}?host={quote(str(data), safe='')}&port=5432"


def _start(home: Path, *, options: str) -> None:
    """Start, with some patience: what a killed server left running takes a moment to notice and end."""
    for patience in range(PATIENCE, -1, -1):
        try:
            _pg_ctl(
                home, "-t", str(SECONDS_TO_START), "-l", str(home / "postgres" / "server.log"), "-o", options, "start"
            )
        except EmbeddedError:
            if not patience:
                raise
            time.sleep(1)
        else:
            return


def stop(home: Path) -> None:
    """Stop the server if it runs, breaking off what is going on in it."""
    if _accepts(home / "postgres"):
        _pg_ctl(home, "-m", "fast", "stop")


def _pg_ctl(home: Path, *arguments: str) -> None:
    programs.run([programs.postgres(home) / "pg_ctl", "-w", "-D", home / "postgres", *arguments], home=home)


def _initialise(home: Path, data: Path) -> None:
    """Make a cluster with an empty database; what a broken-off attempt left is thrown away."""
    new = home / "postgres.new"
    shutil.rmtree(new, ignore_errors=True)
    folders.make_private(new)
    binaries = programs.postgres(home)
    locale: list[str | Path] = [
        "--encoding=UTF8",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--locale=C",
    ]
    initdb: list[str | Path] = [binaries / "initdb", "-D", new, "-U", "postgres", "--auth=trust", *locale]
    programs.run(initdb, home=home)
    single: list[str | Path] = [binaries / "postgres", "--single", "-D", new, "postgres"]
    programs.run(single, home=home, entered=f"CREATE DATABASE {DATABASE};\n")
    new.rename(data)


def _accepts(data: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        try:
            client.connect(str(data / ".s.PGSQL.5432"))
        except OSError:
            return False
    return True


def _forget_reused_number(data: Path) -> None:
    """Remove the lock file of a killed server whose process number another program has by now."""
    lock = data / "postmaster.pid"
    try:
        number = int(lock.read_text().split("\n", 1)[0])
        if "postgres" not in psutil.Process(number).name():
            lock.unlink()
    except (FileNotFoundError, ValueError, psutil.NoSuchProcess):
        return


def _wait_until_ready(data: Path) -> None:
    """Wait for a server that somebody else has just started, or that replays its log after a crash."""
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        lines = (data / "postmaster.pid").read_text().splitlines() if (data / "postmaster.pid").exists() else []
        if len(lines) > 7 and lines[7].strip() == "ready":
            return
        time.sleep(0.05)
    raise EmbeddedError(f"The embedded PostgreSQL is not ready after {SECONDS_TO_START} s: see {data / 'server.log'}.")
