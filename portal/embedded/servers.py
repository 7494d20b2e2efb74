"""Join the servers, and let them go when the process ends."""

import atexit
import os
import signal
import threading
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import NoReturn

from portal.embedded import folders, holding, postgres, valkey
from portal.embedded.errors import EmbeddedError


@dataclass
class Joined:
    """What this process joined; `start` joins again after a server was killed."""

    home: Path
    names: list[str]
    durable: bool

    def start(self) -> dict[str, str]:
        """Start what does not run, and return the addresses by name."""
        addresses = {}
        with holding.turn(self.home):
            if "DATABASE_URL" in self.names:
                addresses["DATABASE_URL"] = postgres.start(self.home, durable=self.durable)
            if "REDIS_URL" in self.names:
                addresses["REDIS_URL"] = valkey.start(self.home)
        return addresses


joined: list[Joined] = []


def join(names: list[str], *, durable: bool) -> dict[str, str]:
    """Hold the servers until this process ends, and return the addresses asked for (DATABASE_URL, REDIS_URL)."""
    home = folders.data_dir(folders.var_dir())
    hold = holding.take(home)
    atexit.register(_let_go, home, hold, os.getpid())
    _leave_politely()
    mine = Joined(home, names, durable)
    addresses = mine.start()
    joined.append(mine)
    return addresses


def revive() -> None:
    """Start again what was killed. Raises EmbeddedError when a server could not keep its address."""
    for mine in joined:
        for name, address in mine.start().items():
            if os.environ[name] != address:
                raise EmbeddedError(
                    f"An embedded server came back at another address ({name}): start the portal again."
                )


def _let_go(home: Path, hold: int, owner: int) -> None:
    """Stop the servers when nobody else holds them; a forked child is not the owner of its parent's hold."""
    if os.getpid() != owner:
        return
    with holding.turn(home):
        if holding.is_last(hold):
            valkey.stop(home)
            postgres.stop(home)
        os.close(hold)


def _leave_politely() -> None:
    """Let SIGTERM end the process through its exit functions, unless somebody has plans for the signal."""
    if threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, _exit)


def _exit(number: int, frame: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)
