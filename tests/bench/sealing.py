"""Contracts that everybody has signed, sealed as the worker does it, in one fresh process.

Queries, evidence, typesetting, the seal, looking at it again, storage and hash are part of it. Processor time is
counted: others may use the machine.
"""

import time

from portal.accounts.models import Company, User
from portal.contracts.models import SealJob
from portal.contracts.services import sealing
from tests.bench.processes import fresh_process, most_memory
from tests.bench.report import Report, progress
from tests.bench.worlds import Worlds
from tests.portal.contracts.sealing.signed import signed

COUNT = 100
# Fonts, style sheets and pyHanko are read with the first.
FIRST = 10


def measure(report: Report, worlds: Worlds) -> None:
    """How many a second, and whether the process grows."""
    with worlds.scratch():
        progress(f"{COUNT + FIRST:,} contracts …")
        fill(COUNT + FIRST)
        progress(f"{COUNT:,} sealed PDFs …")
        with fresh_process() as process:
            _seconds, memory = process.submit(seal, FIRST).result()
            seconds, grown = process.submit(seal, COUNT).result()
    report.add("contracts sealed, of 7 pages with 10 events", COUNT / seconds, "/s·core", least=1)
    report.add(f"most memory of the process, {COUNT + FIRST:,} against {FIRST}", grown / memory, "times", most=1.25)


def fill(count: int) -> None:
    """So many contracts of one company, signed by one of each side."""
    company = Company.objects.filter(memberships__role="owner").order_by("pk").first()
    if company is None:
        raise RuntimeError("The demo has no company.")
    owner = company.memberships.filter(role="owner").first().user
    ours = User.objects.filter(is_staff=True).order_by("pk").first()
    for number in range(count):
        signed(company, [owner], [ours], number=f"BENCH-{number:05}")


def seal(count: int) -> tuple[float, float]:
    """Seal so many; seconds of the processor, and the most memory that the process had, in megabytes."""
    started = time.process_time()
    for pk in list(SealJob.objects.filter(state="queued").order_by("pk").values_list("pk", flat=True)[:count]):
        if not sealing.work(pk=pk) or SealJob.objects.get(pk=pk).state != "done":
            raise RuntimeError(SealJob.objects.get(pk=pk).error)
    return time.process_time() - started, most_memory()
