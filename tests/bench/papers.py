"""PDFs of the invoices that a run has drawn, made as the worker makes them, in one fresh process.

Queries, electronic invoice, storage and hash are part of it. Processor time is counted: others may use the machine.
"""

import time

from billing.invoicing.services.papers import archive
from tests.bench import invoicing
from tests.bench.processes import fresh_process, most_memory
from tests.bench.report import Report, progress
from tests.bench.worlds import Worlds

COUNT = 1000
# Fonts and style sheets are read with the first.
FIRST = 100


def measure(report: Report, worlds: Worlds) -> None:
    """How many a second, and whether the process grows."""
    with worlds.scratch():
        progress(f"{COUNT + FIRST:,} invoices …")
        invoicing.run(invoicing.fill(COUNT + FIRST))
        progress(f"{COUNT:,} PDFs …")
        with fresh_process() as process:
            _seconds, memory = process.submit(make, FIRST).result()
            seconds, grown = process.submit(make, COUNT).result()
    report.add("PDFs of invoices", COUNT / seconds, "/s·core", least=25)
    report.add(f"most memory of the process, {COUNT + FIRST:,} against {FIRST}", grown / memory, "times", most=1.25)


def make(count: int) -> tuple[float, float]:
    """Make so many; seconds of the processor, and the most memory that the process had, in megabytes."""
    started = time.process_time()
    made = 0
    while made < count and (some := archive.make_some(min(archive.TOGETHER, count - made))):
        made += some
    seconds = time.process_time() - started
    if made < count:
        raise RuntimeError(f"{made} of {count} PDFs.")
    return seconds, most_memory()
