"""The invoice run: begun once for a day, worked on by whoever has time, carried on after any crash.

A run is cut into batches, which are jobs: each issues the invoices of some thousand companies in one transaction with
its own claim and end. So whatever is killed, a batch has been done as a whole or not at all, and is free at once.
"""

import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from celery import current_app
from django.db import IntegrityError, transaction
from django.db.models import Min, QuerySet
from django.utils import timezone

from billing.invoicing.models import Charge, InvoiceBatch, InvoiceRun, PaperFile
from billing.invoicing.services import drawing
from portal.core.models import Job
from portal.core.services import jobs

SIZE = 2000
UNFINISHED = (Job.State.QUEUED, Job.State.RUNNING)
# So many workers at most begin at once with the batches of a run, and with its PDFs when it is done.
MOST_WORKERS = 16
# How long whoever works on a run to its end waits for batches that others have.
SECONDS = 0.5


def start(*, until: date, at: datetime, size: int = SIZE) -> InvoiceRun | None:
    """Begin the run of the first day with charges due by `until`, or join the one under way; None when nothing is due.

    `size` is how many companies a batch has at most.
    """
    try:
        with transaction.atomic():
            return _under_way(until, at) or _plan(until=until, at=at, size=size)
    except IntegrityError:
        # Somebody else has begun at the same moment.
        return InvoiceRun.objects.filter(finished_at=None).first()


def work(*, at: datetime) -> bool:
    """Do the next batch of the run under way; return whether there was one."""
    run = InvoiceRun.objects.filter(finished_at=None).first()
    return run is not None and issue_next(run=run, at=at)


def issue_next(*, run: InvoiceRun, at: datetime) -> bool:
    """Do the next batch of a run that nobody else has; return whether there was one."""
    return jobs.perform_next(
        rows=InvoiceBatch.objects.filter(run=run), record=lambda batch, _nothing: _issue(batch, at)
    )


def complete(*, run: InvoiceRun) -> Iterator[None]:
    """Do batches until the run is done, by whomever; yields after each, to show how far it is."""
    while InvoiceRun.objects.filter(pk=run.pk, finished_at=None).exists():
        if not issue_next(run=run, at=timezone.now()):
            # Others have the rest: when one of them is killed, its batch is free again.
            time.sleep(SECONDS)
            end(run=run, at=timezone.now())
        yield


def following(*, run: InvoiceRun, until: date) -> InvoiceRun | None:
    """The run that began when this one ended, of a day up to `until`; None when all is issued."""
    found = InvoiceRun.objects.filter(finished_at=None, due_on__lte=until).first()
    return found if found and found.pk != run.pk else None


def issue_due(*, until: date) -> None:
    """Issue all that is due by a day, beside the workers; ends when it is done, by whomever."""
    run = start(until=until, at=timezone.now())
    while run:
        for _batch in complete(run=run):
            pass
        run = following(run=run, until=until)


@transaction.atomic
def end(*, run: InvoiceRun, at: datetime) -> None:
    """End a run whose last batch was given up; what that had to draw waits for the next run."""
    locked = InvoiceRun.objects.select_for_update().get(pk=run.pk)
    if locked.finished_at is None and not _waits(locked).exists():
        _finish(locked, at)


def left_out() -> QuerySet[Charge]:
    """Charges that waited when the last run began, and still do: a batch was given up, or something was not known."""
    last = InvoiceRun.objects.order_by("-started_at", "-pk").first()
    if last is None or last.finished_at is None:
        return Charge.objects.none()
    return Charge.objects.due(last.due_on).filter(created_at__lte=last.started_at)


def _issue(batch: InvoiceBatch, at: datetime) -> None:
    outcome = drawing.draw(first=batch.first_company, last=batch.last_company, today=batch.run.due_on, at=at)
    batch.invoices, batch.drawn = outcome.invoices, outcome.drawn
    batch.problems = [{"company": company, "said": said} for company, said in outcome.problems.items()]
    batch.save(update_fields=["invoices", "drawn", "problems"])
    run = InvoiceRun.objects.select_for_update().get(pk=batch.run_id)
    # Of two batches that end together the second waits for the lock, and then sees that the first is done.
    if not _waits(run).exclude(pk=batch.pk).exists():
        _finish(run, at)


def _under_way(until: date, at: datetime) -> InvoiceRun | None:
    run = InvoiceRun.objects.select_for_update().filter(finished_at=None).first()
    if run is None:
        return None
    if until > run.until_on:
        run.until_on = until
        run.save(update_fields=["until_on"])
    return run if _waits(run).exists() else _finish(run, at)


def _waits(run: InvoiceRun) -> QuerySet[InvoiceBatch]:
    return run.batches.filter(state__in=UNFINISHED)


def _finish(run: InvoiceRun, at: datetime) -> InvoiceRun | None:
    """End a run, and begin that of the next day; PDFs are made from now on."""
    run.finished_at = at
    run.save(update_fields=["finished_at"])
    _call_workers(PaperFile.drain, run.batches.filter(invoices__gt=0).count())
    return _plan(until=run.until_on, at=at, size=run.size, after=run.due_on)


def _plan(*, until: date, at: datetime, size: int, after: date | None = None) -> InvoiceRun | None:
    """Begin the run of the first day with charges, later than `after`; None where there is none."""
    due = Charge.objects.due(until).filter(**({"due_on__gt": after} if after else {}))
    earliest: date | None = due.aggregate(first=Min("due_on"))["first"]
    if earliest is None:
        return None
    day = _not_before(earliest, until)
    waiting = Charge.objects.due(day)
    run = InvoiceRun.objects.create(due_on=day, until_on=until, started_at=at, size=size, charges=waiting.count())
    companies = list(waiting.order_by("company_id").values_list("company_id", flat=True).distinct())
    parts = [companies[place : place + size] for place in range(0, len(companies), size)]
    InvoiceBatch.objects.bulk_create(
        InvoiceBatch(run=run, first_company=part[0], last_company=part[-1], created_at=at, available_at=at)
        for part in parts
    )
    _call_workers(InvoiceBatch.drain, len(parts))
    return run


def _call_workers(task: str, most: int) -> None:
    for _ in range(min(most, MOST_WORKERS)):
        transaction.on_commit(lambda: current_app.signature(task).delay(), robust=True)


def _not_before(day: date, until: date) -> date:
    """A day whose run is done is over: what comes late is dated the day after, though not later than asked for."""
    newest = InvoiceRun.objects.order_by("-due_on").values_list("due_on", flat=True).first()
    return day if newest is None or newest < day else max(day, min(until, newest + timedelta(days=1)))
