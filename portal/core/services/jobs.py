"""Takes jobs (rows of a Job model) from queued to done, through crashes at any point.

The queue carries only the row's key: a message that comes twice, late or never does no harm. A claim is one conditional
update, so of several workers one gets the job; `sweep` sends again what a crash or a lost message left behind.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import structlog
from celery import current_app
from django.apps import apps
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from portal.core import bulk
from portal.core.errors import Conflict
from portal.core.models import Job

if TYPE_CHECKING:
    from django.db.models import QuerySet

J = TypeVar("J", bound=Job)
RESEND_AFTER = timedelta(minutes=1)
FIRST_RETRY = timedelta(seconds=15)
BATCH = 1000
# So long a job that is one transaction belongs to whoever has counted the attempt and is about to lock it.
HOLD = timedelta(seconds=1)
STOPPED = "The worker stopped in the middle."
# More new jobs than this are left to the sweeper: a message for each would take longer than to write the rows.
MOST_SENT = 100
logger = structlog.get_logger(__name__)


class LeaseLost(Conflict):
    """The job took longer than its lease and was given to somebody else."""

    code = "lease_lost"


@transaction.atomic
def enqueue(*, job: J, at: datetime) -> J:
    """Save a new job in the open transaction and queue it on commit; one whose time is later waits for the sweeper."""
    is_due = job.available_at <= at
    if is_due:
        job.queued_at = at
    job.save(force_insert=True)
    if is_due:
        send_on_commit(job=job)
    return job


@transaction.atomic
def enqueue_many(
    *, job_type: type[Job], names: Sequence[str], rows: Sequence[Sequence[Any]], at: datetime, **same: Any
) -> None:
    """Save new jobs that are due, in one statement of the open transaction, and queue them on commit.

    `names` and `same` as for `bulk.copy`. A type with `drain` gets one message for all. More than a hundred are queued
    by the sweeper instead, which takes a thousand every 15 seconds.
    """
    if not rows:
        return
    keys = bulk.reserve_keys(job_type, len(rows))
    is_sent = len(rows) <= MOST_SENT
    new = ((key, *row) for key, row in zip(keys, rows, strict=True))
    times = {name: at for name in ("created_at", "available_at") if name not in names}
    bulk.copy(job_type, ("id", *names), new, **times, **same, queued_at=at if is_sent else None)
    if is_sent and job_type.drain:
        _call_on_commit(job_type)
    elif is_sent:
        for key in keys:
            _send_on_commit(job_type, key)


def send_on_commit(*, job: Job) -> None:
    """Have the worker take a job that is saved, once the open transaction is committed."""
    _send_on_commit(type(job), job.pk)


def _send_on_commit(job_type: type[Job], pk: int) -> None:
    # Robust: with the broker away the request still succeeds, and the sweeper sends the job later.
    transaction.on_commit(lambda: current_app.signature(job_type.task, args=[pk]).delay(), robust=True)


def _call_on_commit(job_type: type[Job]) -> None:
    transaction.on_commit(lambda: current_app.signature(job_type.drain).delay(), robust=True)


def claim(*, job_type: type[J], pk: int, at: datetime) -> J | None:
    """Take a queued job for the length of its lease; None when it is not there to be taken."""
    taken = job_type._default_manager.filter(pk=pk, state=Job.State.QUEUED, available_at__lte=at).update(
        state=Job.State.RUNNING, attempts=F("attempts") + 1, lease_ends_at=at + job_type.lease
    )
    return job_type._default_manager.get(pk=pk) if taken else None


def claim_some(*, rows: "QuerySet[J]", most: int, at: datetime) -> list[J]:
    """Take the jobs of these that have waited longest, passing over those that others are taking.

    One that was tried before is taken alone: whatever it did to its worker, it does to no other job.
    """
    with transaction.atomic():
        found = list(_waiting(rows, at)[:most])
        found = found[:1] if found and found[0].attempts else [job for job in found if not job.attempts]
        for job in found:
            job.state, job.attempts, job.lease_ends_at = Job.State.RUNNING, job.attempts + 1, at + job.lease
        if found:
            fields = ["state", "attempts", "lease_ends_at"]
            type(found[0])._default_manager.bulk_update(found, fields)
        return found


def _longest_waiting(rows: "QuerySet[J]", at: datetime) -> J | None:
    """Lock the job that has waited longest, of those that nobody has locked."""
    return _waiting(rows, at).first()


def _waiting(rows: "QuerySet[J]", at: datetime) -> "QuerySet[J]":
    """Jobs that nobody has locked, to be locked; the one that has waited longest comes first."""
    waiting = rows.filter(state=Job.State.QUEUED, available_at__lte=at).order_by("available_at", "pk")
    return waiting.select_for_update(skip_locked=True, of=("self",))


def finish(*, job: Job, at: datetime) -> None:
    """Mark a claimed job as done. Raises LeaseLost, so that the transaction which recorded its outcome is undone."""
    if not _close(job, state=Job.State.DONE, finished_at=at, error=""):
        raise LeaseLost(f"{job._meta.label} {job.pk} was given to another worker.")


def fail(*, job: Job, error: str, at: datetime) -> None:
    """Record a failed attempt: the job is tried again after 15 s, 30 s, 1 min …, and given up after the last.

    The pauses grow up to the `longest_pause` of the kind of job.
    """
    if job.attempts >= job.most_attempts:
        if _close(job, state=Job.State.FAILED, finished_at=at, error=error):
            job.given_up()
    else:
        # No longest pause is longer than two to the twentieth of the first.
        wait = min(FIRST_RETRY * 2 ** min(job.attempts - 1, 20), job.longest_pause)
        _close(job, state=Job.State.QUEUED, queued_at=None, available_at=at + wait, error=error)


def retry(*, rows: "QuerySet[J]", at: datetime) -> int:
    """Queue those of these jobs that were given up, as if they were new; return how many that is."""
    given_up = rows.filter(state=Job.State.FAILED)
    return given_up.update(
        state=Job.State.QUEUED, attempts=0, available_at=at, queued_at=None, finished_at=None, error=""
    )


def perform(
    *,
    job_type: type[J],
    pk: int,
    outside: Callable[[J], Any] | None = None,
    record: Callable[[J, Any], None] | None = None,
) -> bool:
    """Claim a job and do it; return whether it was there to be done.

    `outside` calls the outside world, in no transaction, and may happen again after a crash; `record` writes what came
    of it in one transaction with the job's end, and so happens once. A job without `outside` is one transaction, and
    is free again at once when its worker dies; the attempt was counted before.
    """
    if outside is None:
        return _do_within(job_type._default_manager.filter(pk=pk), record)
    return _do(claim(job_type=job_type, pk=pk, at=timezone.now()), outside, record)


def perform_next(*, rows: "QuerySet[J]", record: Callable[[J, Any], None] | None = None) -> bool:
    """Do one of these jobs in one transaction, the one that has waited longest; return whether one was there."""
    return _do_within(rows, record)


def perform_some(
    *,
    rows: "QuerySet[J]",
    most: int,
    together: Callable[[Sequence[J]], Sequence[Any]],
    outside: Callable[[J], Any],
    record: Callable[[J, Any], None] | None = None,
) -> int:
    """Do those of these jobs that have waited longest, up to `most`; return how many were there.

    `together` does for all what `outside` does for one, and answers in their order. Where it fails each is done by
    itself, so that one harms no other; each is recorded by itself in any case.
    """
    found = claim_some(rows=rows, most=most, at=timezone.now())
    outcomes = _outcomes(found, together) if len(found) > 1 else {}
    for job in found:
        _do(job, (lambda done: outcomes[done.pk]) if outcomes else outside, record)
    return len(found)


def _outcomes(found: Sequence[J], together: Callable[[Sequence[J]], Sequence[Any]]) -> dict[int, Any]:
    """What came of each, by its key; nothing where all failed."""
    try:
        return {job.pk: outcome for job, outcome in zip(found, together(found), strict=True)}
    except Exception:
        # Whichever it was: it fails again by itself, and says so on its row.
        logger.exception("jobs_failed_together", job=found[0]._meta.label, pks=[job.pk for job in found])
        return {}


def _do(job: J | None, outside: Callable[[J], Any], record: Callable[[J, Any], None] | None) -> bool:
    if job is None:
        return False
    try:
        outcome = outside(job)
        with transaction.atomic():
            _end(job, outcome, record)
    except Exception as error:
        # The edge of the process: whatever went wrong is written on the job, which is tried again.
        logger.exception("job_failed", job=job._meta.label, pk=job.pk, attempt=job.attempts)
        fail(job=job, error=_words(error), at=timezone.now())
    return True


def _do_within(rows: "QuerySet[J]", record: Callable[[J, Any], None] | None) -> bool:
    """Claim and do a job in one transaction: until it ends the row's lock is the claim, which dies with its worker."""
    job = _count_next(rows, timezone.now())
    if job is None:
        return False
    try:
        with transaction.atomic():
            if _take(job, timezone.now()):
                _end(job, None, record)
    except Exception as error:
        # The claim was undone with everything else.
        if not _take(job, timezone.now()):
            raise
        logger.exception("job_failed", job=job._meta.label, pk=job.pk, attempt=job.attempts)
        fail(job=job, error=_words(error), at=timezone.now())
    return True


@transaction.atomic
def _count_next(rows: "QuerySet[J]", at: datetime) -> J | None:
    """Count an attempt at the job that has waited longest, before it is made: a worker that is killed counts nothing.

    Jobs that have had all their attempts, and none of which ended, have killed each worker: they are given up.
    """
    while job := _longest_waiting(rows, at):
        row = type(job)._default_manager.filter(pk=job.pk)
        if job.attempts < job.most_attempts:
            job.attempts += 1
            row.update(attempts=job.attempts, available_at=at + HOLD)
            return job
        row.update(state=Job.State.FAILED, finished_at=at, error=STOPPED)
        job.given_up()
    return None


def _take(job: Job, at: datetime) -> bool:
    """Claim a job of which this worker has counted the last attempt, unless somebody else has it.

    A lock that stands in the way is that of one who looked for work, and it ends with the look: it is waited for.
    """
    own = type(job)._default_manager.filter(pk=job.pk, state=Job.State.QUEUED, attempts=job.attempts)
    return bool(own.update(state=Job.State.RUNNING, lease_ends_at=at + job.lease))


def _end(job: J, outcome: Any, record: Callable[[J, Any], None] | None) -> None:
    if record:
        record(job, outcome)
    finish(job=job, at=timezone.now())


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:1000]


def sweep(*, at: datetime) -> int:
    """Free jobs whose worker died, and queue what is due and not on its way; return how many messages that is."""
    return sum(_sweep(model, at) for model in apps.get_models() if issubclass(model, Job))


@transaction.atomic
def _sweep(model: type[Job], at: datetime) -> int:
    rows = model._default_manager.select_for_update(skip_locked=True).order_by("available_at")
    for job in rows.filter(state=Job.State.RUNNING, lease_ends_at__lte=at)[:BATCH]:
        fail(job=job, error=STOPPED, at=at)
    waiting = rows.filter(state=Job.State.QUEUED, available_at__lte=at)
    return _drain(model, waiting, at) if model.drain else _resend(model, waiting, at)


def _drain(model: type[J], waiting: "QuerySet[J]", at: datetime) -> int:
    """Call one worker in place of those that died, unless one is at it: a job was claimed a moment ago."""
    claimed = Q(state=Job.State.RUNNING, lease_ends_at__gt=at + model.lease - RESEND_AFTER)
    if waiting.first() is None or model._default_manager.filter(claimed).exists():
        return 0
    # While nobody comes to it nothing piles up: the sweeps after this one call as well.
    seconds = RESEND_AFTER.total_seconds()
    transaction.on_commit(lambda: current_app.signature(model.drain).apply_async(expires=seconds), robust=True)
    return 1


def _resend(model: type[J], waiting: "QuerySet[J]", at: datetime) -> int:
    due = list(waiting.filter(Q(queued_at=None) | Q(queued_at__lte=at - RESEND_AFTER))[:BATCH])
    for job in due:
        send_on_commit(job=job)
    model._default_manager.filter(pk__in=[job.pk for job in due]).update(queued_at=at)
    return len(due)


def _close(job: Job, **changes: Any) -> bool:
    """Change a job that is still this worker's: a later claim has counted one attempt more."""
    mine = type(job)._default_manager.filter(pk=job.pk, state=Job.State.RUNNING, attempts=job.attempts)
    return bool(mine.update(lease_ends_at=None, **changes))
