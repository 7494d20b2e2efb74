"""Begins the portal's processes in a moment, by forking one that has loaded everything and is connected to nothing.

Run as `python -m tests.process.forks`. Reads orders, one JSON list a line: ["worker", name], ["beat"] and
["call", "module:function", …]. Answers each with a line: the number of the process, or what the function returned.
"""

import contextlib
import ctypes
import gc
import importlib
import json
import os
import signal
import sys
from typing import NoReturn

import django

from portal.celery import app

VAR = os.environ["PORTAL_VAR"]
# What Celery imports when a worker or a scheduler begins.
LATE = (
    "celery.apps.beat", "celery.apps.worker", "celery.bin.beat", "celery.bin.celery", "celery.bin.worker",
    "celery.concurrency.solo", "celery.worker.consumer", "kombu.transport.redis",
)  # fmt: skip
WORKER = ("--pool", "solo", "--loglevel", "WARNING", "--without-gossip", "--without-mingle")


def main() -> None:
    django.setup()
    app.loader.import_default_modules()
    app.finalize(auto=True)
    for name in LATE:
        importlib.import_module(name)
    gc.freeze()
    for line in sys.stdin:
        name, *arguments = json.loads(line)
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            _be(name, arguments, writing)
        os.close(writing)
        answer = child
        if name == "call":
            with os.fdopen(reading) as pipe:
                answer = json.loads(pipe.read() or "null")
            os.waitpid(child, 0)
        else:
            os.close(reading)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _be(name: str, arguments: list[object], writing: int) -> NoReturn:
    """What the child does; it ends with its parent, and with a status of its own."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    with contextlib.suppress(SystemExit):
        if name == "worker":
            app.worker_main(["--quiet", "worker", "--hostname", f"{arguments[0]}@%h", *WORKER])
        elif name == "beat":
            app.start(["--quiet", "beat", "--schedule", f"{VAR}/beat", "--pidfile=", "--loglevel", "WARNING"])
        else:
            module, function = str(arguments[0]).split(":")
            found = getattr(importlib.import_module(module), function)(*arguments[1:])
            os.write(writing, json.dumps(found).encode())
    os._exit(0)


if __name__ == "__main__":
    main()
