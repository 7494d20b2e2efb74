"""The invoice run beside a plain COPY of the rows that it wrote: in a process, an invoice of three lines a company.

Plain is one COPY for each table into the very tables, emptied before, with their keys and triggers, in one transaction.
The run has to find what is due, lock it, work out tax and amounts, number, book, note and mark as drawn besides.
"""

import time
from datetime import date, timedelta
from tempfile import TemporaryFile
from typing import IO

from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from djmoney.money import Money

from billing.invoicing.models import Invoice, InvoiceLine, InvoiceRun, LedgerEntry, LedgerTransaction, TaxRate
from billing.invoicing.services import charges, runs
from billing.invoicing.services.charges import NewCharge
from billing.invoicing.services.drafts import Item
from portal.accounts.models import Company
from tests.bench.processes import fresh_process, most_memory
from tests.bench.report import Report, progress
from tests.bench.worlds import Worlds

SIZES = (10_000, 100_000)
LINES = 3
TABLES = [model._meta.db_table for model in (InvoiceLine, Invoice, LedgerTransaction, LedgerEntry)]


def measure(report: Report, worlds: Worlds) -> None:
    """Both sizes, and how time and memory grow from one to the other."""
    each, memory = [], []
    for size in SIZES:
        with worlds.scratch():
            progress(f"{size:,} companies with {LINES} charges each …")
            day = fill(size)
            with fresh_process() as process:
                seconds, most = process.submit(run, day).result()
            added = again(day)
            started = time.perf_counter()
            call_command("verify_ledger", verbosity=0)
            verified = time.perf_counter() - started
            plain = plain_copy()
            each.append(seconds / size)
            memory.append(most)
            name = f"{size:,} subscriptions"
            report.add(f"invoice run, {name}", size / seconds, "invoices/s")
            report.add(f"plain COPY of the same rows, {name}", size / plain, "invoices/s")
            report.add(f"invoice run / plain COPY, {name}", plain / seconds, least=0.3)
            report.add(f"rows that a second run adds, {name}", added, most=0)
            report.add(f"verify_ledger, {name}", verified, "s")
    grown = f"{SIZES[-1]:,} against {SIZES[0]:,}"
    report.add(f"time of an invoice, {grown}", each[-1] / each[0], "times", most=1.25)
    report.add(f"most memory of the process, {grown}", memory[-1] / memory[0], "times", most=1.25)


def fill(size: int) -> date:
    """Have so many companies owe three things each; the day on which they are due."""
    day = timezone.localdate()
    TaxRate.objects.get_or_create(country="KE", starts_on=date(2021, 1, 1), defaults={"percent": 16})
    Company.objects.bulk_create(
        (
            Company(
                name=f"Bench {number}", slug=f"bench-{number}", legal_name=f"Bench {number} Limited",
                billing_street=f"Street {number}", billing_city="Nairobi", email=f"{number}@bench.example",
                tax_id=f"P{number:09d}K",
            )
            for number in range(size)
        ),
        batch_size=2000,
    )  # fmt: skip
    companies = Company.objects.filter(slug__startswith="bench-").order_by("pk").values_list("pk", flat=True)
    ends_on = day + timedelta(days=30)
    charges.add(
        (
            NewCharge(pk, day, Item(f"ERP, part {part}", Money("333.33", "KES"), 1, day, ends_on, f"bench {pk} {part}"))
            for pk in companies
            for part in range(LINES)
        ),
        at=timezone.now(),
    )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")
    return day


def run(day: date) -> tuple[float, float]:
    """Do the run in this process; seconds, and the most memory that the process had, in megabytes."""
    started = time.perf_counter()
    runs.start(until=day, at=timezone.now())
    while found := InvoiceRun.objects.filter(finished_at=None).first():
        runs.issue_next(run=found, at=timezone.now())
    seconds = time.perf_counter() - started
    return seconds, most_memory()


def again(day: date) -> int:
    """How many rows a second run adds."""
    before = rows()
    runs.start(until=day, at=timezone.now())
    return rows() - before


def rows() -> int:
    """Rows of everything that a run writes."""
    return sum(
        model._default_manager.count() for model in (Invoice, InvoiceLine, LedgerTransaction, LedgerEntry, InvoiceRun)
    )


def plain_copy() -> float:
    """Seconds for the rows of the run alone; the tables are emptied before."""
    with TemporaryFile() as kept:
        places = [unload(table, kept) for table in TABLES]
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {', '.join(TABLES)} CASCADE")
            cursor.execute("CHECKPOINT")
        started = time.perf_counter()
        with transaction.atomic():
            for table, (start, end) in zip(TABLES, places, strict=True):
                load(table, kept, start, end)
        return time.perf_counter() - started


def unload(table: str, kept: IO[bytes]) -> tuple[int, int]:
    """Write a table to a file; where its rows begin and end there."""
    start = kept.tell()
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} TO STDOUT") as copying:
        for block in copying:
            kept.write(block)
    return start, kept.tell()


def load(table: str, kept: IO[bytes], start: int, end: int) -> None:
    """Read the rows back."""
    kept.seek(start)
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as copying:
        while kept.tell() < end:
            copying.write(kept.read(min(262_144, end - kept.tell())))
