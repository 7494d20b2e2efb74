"""The processes of the portal: what they are, how they start and how they end."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from portal.embedded.folders import BASE_DIR
from portal.runner.conditions import HOST

# Celery warns root of itself, at length; that the demo may run as root is known.
CELERY = (sys.executable, "-W", "ignore:You're running the worker", "-m", "celery", "--quiet", "-A", "portal.celery")
PROCESSORS = os.cpu_count() or 1
# Granian waits so long for its processes and then kills them: one that is told to end while it starts may not hear it.
WORKER_SECONDS = 8


@dataclass
class Child:
    """A process of the portal in a session of its own, so that a Ctrl-C reaches the runner alone.

    When one ends that is needed, the others end too.
    """

    name: str
    command: tuple[str, ...]
    seconds_to_end: int
    is_needed: bool = True
    process: subprocess.Popen[bytes] = field(init=False)

    def start(self) -> None:
        """Start the process."""
        self.process = subprocess.Popen(
            self.command,
            cwd=BASE_DIR,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_end_with_parent(),  # noqa: PLW1509 - the runner has no threads
        )

    def stop(self) -> None:
        """Ask the process to end and wait for it; what is left of it and its own children after that is killed."""
        if self.process.poll() is None:
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(self.seconds_to_end)
        self.kill()

    def kill(self) -> None:
        """End the process and its own children at once. What they were doing is done again after the next start."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def web(port: int) -> Child:
    """Granian with as many worker processes as processors, at most four."""
    workers = str(min(PROCESSORS, 4))
    options = ("--interface", "wsgi", "--host", HOST, "--port", str(port), "--workers", workers)
    quiet = ("--no-ws", "--log-level", "warning", "--respawn-failed-workers")
    threads = ("--blocking-threads", "4", "--workers-kill-timeout", str(WORKER_SECONDS))
    command = (sys.executable, "-m", "granian", *options, *threads, *quiet, "portal.wsgi:application")
    return Child("web server", command, seconds_to_end=WORKER_SECONDS + 2)


def worker() -> Child:
    """Celery's worker; tasks that it does not finish in time are queued again by the sweeper."""
    options = (
        "--concurrency",
        str(min(PROCESSORS, 4)),
        "--loglevel",
        "WARNING",
        "--without-gossip",
        "--without-mingle",
    )
    return Child("worker", (*CELERY, "worker", *options), seconds_to_end=15)


def scheduler(var: Path) -> Child:
    """Celery's beat, of which there is one for each var folder."""
    options = ("--schedule", str(var / "beat"), "--pidfile=", "--loglevel", "WARNING")
    return Child("scheduler", (*CELERY, "beat", *options), seconds_to_end=5)


def sample(slug: str, credentials: Path, issuer: str) -> Child:
    """A product of the demo world, which signs members in at the portal as any product does."""
    options = (slug, "--issuer", issuer, "--credentials", str(credentials))
    command = (sys.executable, "-m", "billing.launch.sample", *options)
    return Child(f"sample product {slug}", command, seconds_to_end=3, is_needed=False)


def _end_with_parent() -> Callable[[], None] | None:
    """On Linux, let the kernel end the child politely when the runner is killed."""
    if sys.platform != "linux":
        return None
    library = ctypes.CDLL(None)
    set_parent_death_signal = 1
    return lambda: library.prctl(set_parent_death_signal, signal.SIGTERM)
