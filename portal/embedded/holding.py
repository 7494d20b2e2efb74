"""Who uses the servers: a shared file lock for each process, gone with the process however it ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def turn(home: Path) -> Iterator[None]:
    """Start or stop servers one process at a time."""
    with (home / "servers.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def take(home: Path) -> int:
    """Hold the servers; waits while the last holder before is stopping them. Returns the descriptor of the hold."""
    hold = os.open(home / "holders.lock", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(hold, fcntl.LOCK_SH)
    return hold


def is_last(hold: int) -> bool:
    """Tell whether no other process holds the servers; if so none can until the descriptor is closed."""
    try:
        fcntl.flock(hold, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
