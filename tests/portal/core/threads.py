"""Runs the same work in real threads, each with a database connection of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connection

T = TypeVar("T")


def race(work: Callable[[int], T], *, threads: int) -> list[T | BaseException]:
    """Start `work(0)`, `work(1)` … at the same moment; return what each returned or raised, in order."""
    barrier = Barrier(threads)

    def run(number: int) -> T:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=10)
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        futures = [pool.submit(run, number) for number in range(threads)]
    return [future.exception() or future.result() for future in futures]
