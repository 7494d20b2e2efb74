"""Run the portal: `python -m portal.runner`, with PORT and, for servers of one's own, DATABASE_URL and REDIS_URL."""

import fcntl
import os
import signal
import sys
import time
import urllib.error
import urllib.request
from types import FrameType
from typing import NoReturn

from portal import embedded
from portal.embedded import folders
from portal.runner import conditions, preparing, processes, samples, welcome
from portal.runner.errors import CannotRun

SECONDS_TO_ANSWER = 60


class Ended(Exception):
    """Somebody asked the portal to end."""


def main() -> int:
    """Run until a signal, or until one of the processes ends by itself. Returns the exit status."""
    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGINT, _end)
    running: list[processes.Child] = []
    try:
        port = conditions.free_port(os.environ.get("PORT", "8000"))
        conditions.system_libraries()
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.development")
        # Requests and page edits would scroll the sign-ins away.
        os.environ.setdefault("LOG_LEVEL", "WARNING")
        os.environ.setdefault("BASE_URL", f"http://{conditions.HOST}:{port}")
        embedded.ensure()
        preparing.reach_cache()
        preparing.prepare()
        _start(running, port)
        samples.start(running)
        _watch(running)
    except Ended:
        print("\nEnding ...", flush=True)
        return 0
    except CannotRun as error:
        print(error, file=sys.stderr, flush=True)
        return 1
    finally:
        _stop(running)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)


def _start(running: list[processes.Child], port: int) -> None:
    """Start the web server first, so that a reader waits for nothing else; then worker and scheduler."""
    _add(running, processes.web(port))
    _wait_for_answer(running[0], f"http://{conditions.HOST}:{port}/healthz")
    print(welcome.text(os.environ["BASE_URL"]), flush=True)
    _add(running, processes.worker())


def _add(running: list[processes.Child], child: processes.Child, *, before_worker: bool = False) -> None:
    running.insert(-1 if before_worker else len(running), child)
    child.start()


def _wait_for_answer(web: processes.Child, address: str) -> None:
    deadline = time.monotonic() + SECONDS_TO_ANSWER
    while time.monotonic() < deadline and web.process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - our own address
                return
        except urllib.error.HTTPError as error:
            raise CannotRun(f"The portal answers {error.code} at {address}; its log above says why.") from None
        except OSError:
            time.sleep(0.05)
    raise CannotRun("The web server did not start; its log above says why.")


def _watch(running: list[processes.Child]) -> NoReturn:
    """Keep one scheduler for each var folder, and end when a process ends."""
    var = folders.var_dir()
    with (var / "scheduler.lock").open("a") as lock:
        scheduled = False
        while True:
            if not scheduled and (scheduled := _is_mine(lock.fileno())):
                _add(running, processes.scheduler(var), before_worker=True)
            for child in [child for child in running if child.process.poll() is not None]:
                status = f"The {child.name} ended with status {child.process.returncode}"
                if child.is_needed:
                    raise CannotRun(f"{status}; ending the rest.")
                print(f"{status}; everything else goes on.", file=sys.stderr, flush=True)
                running.remove(child)
            embedded.revive()
            time.sleep(1)


def _is_mine(lock: int) -> bool:
    """Tell whether this run may schedule: another one on the same folder may do so already."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _stop(running: list[processes.Child]) -> None:
    """End the processes in the order in which work flows; a second Ctrl-C kills them."""
    try:
        for child in running:
            child.stop()
    except Ended:
        for child in running:
            child.kill()


def _end(number: int, frame: FrameType | None) -> NoReturn:
    raise Ended


if __name__ == "__main__":
    sys.exit(main())
