"""Processes of a portal that begin in a moment, so that a test may kill dozens of them."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.process.portal import ROOT, environment


class Nursery:
    """Workers, scheduler and calls on the servers of a folder, which run as long as this does."""

    def __init__(self, var: Path) -> None:
        self.log = var / "nursery.log"
        self.errors = self.log.open("w")
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": self.errors, "text": True}
        command = [sys.executable, "-m", "tests.process.forks"]
        self.parent = subprocess.Popen(command, cwd=ROOT, env=environment(var), **pipes)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """End the parent, and with it all of its children."""
        self.parent.communicate(timeout=30)
        self.errors.close()

    def worker(self, name: str) -> int:
        """Begin a worker that does one task at a time; its number."""
        return int(self._ask("worker", name))

    def beat(self) -> int:
        """Begin a scheduler; its number."""
        return int(self._ask("beat"))

    def call(self, function: str, *arguments: object) -> Any:
        """What `module:function` returns in a process of its own; None when that is killed."""
        return self._ask("call", function, *arguments)

    def _ask(self, *order: object) -> Any:
        self.parent.stdin.write(json.dumps(order) + "\n")
        self.parent.stdin.flush()
        answer = self.parent.stdout.readline()
        assert answer, self.log.read_text()[-2000:]
        return json.loads(answer)


def kill(number: int) -> None:
    """End a process at once: SIGKILL."""
    os.kill(number, signal.SIGKILL)
