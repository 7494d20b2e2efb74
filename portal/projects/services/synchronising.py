"""Figures of repositories: queued every day, by webhook and by staff, read from GitHub outside any transaction."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from portal.core.services import jobs
from portal.projects.github.looking import Seen, Wanted, look
from portal.projects.models import ProjectDeveloper, Repository, RepositoryFigures, Synchronisation
from portal.projects.services import outcomes

# So many repositories are asked for side by side, each with one question at a time.
AT_ONCE = 8
# However often GitHub tells of changes, a repository is not asked for more often than this.
SHORTEST_GAP = timedelta(minutes=1)
Cause = Synchronisation.Cause


@dataclass(frozen=True, slots=True)
class Looked:
    """What was seen, and with which token: one that was replaced in the meantime proves nothing."""

    seen: Seen
    token_key: str


@transaction.atomic
def queue(*, repository: Repository, cause: str, at: datetime) -> bool:
    """Have the worker look at a repository; return whether that was not waiting already. Made-up ones are left alone.

    A change of token, and staff who ask, go before whatever was to be waited for.
    """
    held = Repository.objects.select_for_update(of=("self",)).get(pk=repository.pk)
    if held.is_demo:
        return False
    waiting = Synchronisation.objects.filter(repository=held, state=Synchronisation.State.QUEUED)
    is_urgent = cause == Cause.STAFF
    if is_urgent:
        waiting.delete()
    elif waiting.exists():
        return False
    soonest = at
    if cause == Cause.WEBHOOK and held.tried_at:
        soonest = max(at, held.tried_at + SHORTEST_GAP)
    job = Synchronisation(repository=held, cause=cause, created_at=at, available_at=soonest)
    jobs.enqueue(job=job, at=at)
    return True


def queue_all(*, at: datetime) -> int:
    """Have the worker look at every repository for which nothing waits; return how many these are."""
    waits = Synchronisation.objects.filter(repository=OuterRef("pk"), state=Synchronisation.State.QUEUED)
    due = Repository.objects.filter(is_demo=False).exclude(Exists(waits)).order_by("pk")
    rows = [(pk,) for pk in due.values_list("pk", flat=True).iterator()]
    jobs.enqueue_many(job_type=Synchronisation, names=("repository_id",), rows=rows, at=at, cause=Cause.DAILY)
    return len(rows)


def perform(pk: int) -> bool:
    """Look at one repository if its job waits; return whether it did."""
    return jobs.perform(job_type=Synchronisation, pk=pk, outside=_look, record=_record)


def perform_some() -> int:
    """Look at the repositories that have waited longest, a few side by side; return how many that is."""
    return jobs.perform_some(
        rows=Synchronisation.objects.all(), most=AT_ONCE, together=_look_at_all, outside=_look, record=_record
    )


def _look(job: Synchronisation) -> Looked:
    return _look_at_all([job])[0]


def _look_at_all(found: Sequence[Synchronisation]) -> list[Looked]:
    """Ask GitHub; the threads have no part in the database."""
    rows = Repository.objects.select_related("figures").in_bulk([job.repository_id for job in found])
    people = _people([row.project_id for row in rows.values()])
    wanted = [_wanted(rows[job.repository_id], people) for job in found]
    with ThreadPoolExecutor(len(wanted)) as pool:
        seen = list(pool.map(look, wanted))
    return [Looked(one, rows[job.repository_id].token_key) for job, one in zip(found, seen, strict=True)]


def _people(projects: Sequence[int]) -> dict[int, frozenset[str]]:
    """Names on GitHub of each project's developers, in small letters."""
    places = ProjectDeveloper.objects.filter(project__in=projects).exclude(assignment__developer__github_name="")
    found: dict[int, set[str]] = {}
    for project, name in places.values_list("project_id", "assignment__developer__github_name"):
        found.setdefault(project, set()).add(name.lower())
    return {project: frozenset(names) for project, names in found.items()}


def _wanted(repository: Repository, people: dict[int, frozenset[str]]) -> Wanted:
    figures = getattr(repository, "figures", None) or RepositoryFigures()
    return Wanted(
        full_name=repository.full_name,
        github_id=repository.github_id,
        token=repository.token,
        etags=figures.etags,
        people=people.get(repository.project_id, frozenset()),
        open_items=figures.open_items,
        open_pull_requests=figures.open_pull_requests,
    )


def _record(job: Synchronisation, looked: Looked) -> None:
    """Write what was seen, and when to look again, in the transaction that ends the job."""
    at = timezone.now()
    held = (
        Repository.objects.select_for_update(of=("self",)).select_related("project__company").get(pk=job.repository_id)
    )
    if held.token_key != looked.token_key:
        queue(repository=held, cause=Cause.AGAIN, at=at)
        return
    wait = outcomes.record(repository=held, seen=looked.seen, at=at)
    Synchronisation.objects.filter(pk=job.pk).update(calls=looked.seen.calls, result=held.state)
    if wait is not None:
        later = Synchronisation(repository=held, cause=Cause.AGAIN, created_at=at, available_at=at + wait)
        if not Synchronisation.objects.filter(repository=held, state=Synchronisation.State.QUEUED).exists():
            jobs.enqueue(job=later, at=at)
