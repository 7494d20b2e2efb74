"""Processes that have done nothing yet: their memory is that of what is measured in them."""

import logging
import os
import resource
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

import django
from django.db import connection


@contextmanager
def fresh_process() -> Iterator[ProcessPoolExecutor]:
    """A new process, with the database in use."""
    end()
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=begin) as process:
        yield process
        process.submit(end).result()


def begin() -> None:
    """Set Django up, as the command does."""
    django.setup()
    logging.disable(logging.WARNING)


def end() -> None:
    """Close the connection, so that its database can be copied or dropped."""
    connection.close()


def most_memory() -> float:
    """The most that this process had, in megabytes.

    As Linux tells of the program itself: `ru_maxrss` begins with what the process that started it had.
    """
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")) / 1024


def backend() -> int:
    """The database's process of this connection."""
    connection.ensure_connection()
    return int(connection.connection.info.backend_pid)


def processor() -> float:
    """Seconds that this process and the database's had a processor; of a database elsewhere, those that have passed."""
    stat = Path(f"/proc/{backend()}/stat")
    if not stat.exists():
        return time.perf_counter()
    user, system = stat.read_text().rpartition(")")[2].split()[11:13]
    return time.process_time() + (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
