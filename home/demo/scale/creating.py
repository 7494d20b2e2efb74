"""Adds load a thousand articles at a time, all of them or none, and tells how far it is."""

import time
from collections.abc import Callable

from helpcenter.knowledge.services import indexing
from home.demo.scale import companies, tables, volumes

Say = Callable[[str], object]


def create(*, thousands: int, say: Say) -> None:
    """Let there be `thousands` × 1,000 articles for load tests and `thousands` × 100 companies with members."""
    companies.create(thousands * companies.A_THOUSAND_ARTICLES)
    say(f"  {thousands * companies.A_THOUSAND_ARTICLES:,} companies")
    missing = volumes.missing(thousands)
    if not missing:
        return
    started = time.monotonic()
    with indexing.counted_once():
        for done, number in enumerate(missing, start=1):
            volumes.create(number)
            say(f"  {done},000 of {len(missing)},000 articles, {left(started, done, len(missing))}")
        say("  the words of all articles …")
    tables.settle()


def left(started: float, done: int, total: int) -> str:
    """How fast it goes and how long the rest takes, in words."""
    each = (time.monotonic() - started) / done
    return f"{1000 / each:,.0f} a second, {each * (total - done):,.0f} seconds left"
