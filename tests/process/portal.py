"""A portal of its own, run by its own command in its own folder, that tests may kill."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import psutil
import psycopg

ROOT = Path(__file__).resolve().parents[2]
OUTSIDE = ("DATABASE_URL", "REDIS_URL", "PYTEST_XDIST_WORKER", "BASE_URL", "PORT")


def environment(var: Path, **extra: str) -> dict[str, str]:
    """The environment of a command on the servers in `var`."""
    mine = {name: value for name, value in os.environ.items() if name not in OUTSIDE and not name.startswith("PYTEST_")}
    own = {"PORTAL_VAR": str(var), "DJANGO_SETTINGS_MODULE": "tests.process.settings", "SAMPLE_PRODUCTS": "off"}
    return mine | own | extra


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(condition: Callable[[], bool], *, seconds: float, what: str) -> None:
    """Wait, but not for ever."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.05)


class Portal:
    """The processes of one `make run`."""

    def __init__(self, var: Path, port: int | None = None) -> None:
        self.var = var
        self.port = port or free_port()
        self.log = var / f"run-{self.port}.log"

    def start(self) -> "Portal":
        """Start the runner, without waiting."""
        with self.log.open("w") as output:
            self.runner = subprocess.Popen(
                [sys.executable, "-m", "portal.runner"],
                cwd=ROOT,
                env=environment(self.var, PORT=str(self.port)),
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        return self

    def wait(self, *, children: int = 3) -> "Portal":
        """Wait until the web server has answered, and worker and scheduler have been started."""
        wait_until(lambda: self._is_complete(children), seconds=90, what="a portal that answers")
        return self

    def _is_complete(self, children: int) -> bool:
        assert self.runner.poll() is None, self.said()
        return "Ctrl-C ends it" in self.said() and len(self.children()) == children

    def said(self) -> str:
        """What it has told the person at the terminal."""
        return self.log.read_text()

    def get(self, path: str) -> int:
        """The status of an answer."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
            return int(answer.status)

    def children(self) -> list[psutil.Process]:
        """Web server, worker and scheduler, without their own children."""
        return psutil.Process(self.runner.pid).children()

    def child(self, word: str) -> psutil.Process:
        """The one with this word in its command."""
        return next(child for child in self.children() if word in child.cmdline())

    def everything(self, *, with_servers: bool = True) -> list[psutil.Process]:
        """Every process of this portal; the servers may be those of another run as well."""
        runner = psutil.Process(self.runner.pid)
        return [runner, *runner.children(recursive=True), *(servers(self.var) if with_servers else [])]

    def interrupt(self) -> int:
        """Press Ctrl-C, and return the exit status."""
        self.runner.send_signal(signal.SIGINT)
        return self.runner.wait(30)


def servers(var: Path) -> list[psutil.Process]:
    """PostgreSQL and Valkey in this folder, as far as they run."""
    files = [var / "postgres" / "postmaster.pid", var / "valkey" / "server.pid"]
    numbers = [int(path.read_text().split("\n")[0]) for path in files if path.exists()]
    return alive([psutil.Process(number) for number in numbers if psutil.pid_exists(number)])


def alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Those that still run; one that has ended may wait for its parent to notice."""
    return [process for process in processes if process.is_running() and process.status() != psutil.STATUS_ZOMBIE]


def kill(processes: list[psutil.Process]) -> None:
    """End processes as a power cut does, all at once."""
    for process in processes:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(processes, timeout=10)


def connect(var: Path) -> psycopg.Connection:
    """Connect to the database in this folder."""
    return psycopg.connect(host=str(var / "postgres"), user="postgres", dbname="portal", autocommit=True)
