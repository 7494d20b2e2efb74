"""Repositories read from a GitHub of this machine, which replays recorded answers: how many a second, in what memory.

The server is a process of its own. A repository is new, so that nothing is answered by 304: seven questions each.
"""

import json
import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.queues import Queue

from django.conf import settings
from django.utils import timezone

from portal.accounts.models import Company
from portal.projects.models import Project, Repository, RepositoryFigures
from portal.projects.services import synchronising
from tests.bench.github_replay import serve
from tests.bench.processes import fresh_process, most_memory
from tests.bench.report import Report, progress
from tests.bench.worlds import Worlds
from tests.portal.projects.github_server import DATA, RECORDED, GitHub, github3

OWNER = "bench"
SIZES = (1_000, 10_000)
PAGE = 100


def measure(report: Report, worlds: Worlds) -> None:
    """Both sizes, and how memory grows from one to the other. Smaller with BENCH_SCALE=1."""
    if not DATA.exists():
        progress("MISSING: shared/data/github, repositories are not measured")
        return
    sizes = SIZES if max(worlds.sizes) > 1 else (100, 1_000)
    memory = []
    with replaying() as url:
        for size in sizes:
            with worlds.scratch():
                progress(f"{size:,} repositories …")
                fill(size)
                with fresh_process() as process:
                    seconds, most, calls = process.submit(run, url).result()
                memory.append(most)
                right = RepositoryFigures.objects.filter(contributors__gt=0).count()
                report.add(f"synchronised, {size:,} repositories", size / seconds, "a second")
                report.add(f"questions a repository, {size:,} repositories", calls / size)
                report.add(f"without figures of all {size:,}", size - right, most=0)
    grown = f"{sizes[-1]:,} against {sizes[0]:,}"
    report.add(f"most memory of the process, {grown}", memory[-1] / memory[0], "times", most=1.25)


def fill(size: int) -> None:
    """So many repositories, of one project each hundred."""
    company = Company.objects.create(name="Bench", slug="bench-projects")
    names = (f"Project {number}" for number in range(-(-size // 100)))
    projects = Project.objects.bulk_create(Project(company=company, name=name, type="custom") for name in names)
    Repository.objects.bulk_create(
        (
            Repository(project=projects[number // 100], full_name=f"{OWNER}/r{number}", token=f"t{number % 50}")
            for number in range(size)
        ),
        batch_size=2000,
    )


def run(url: str) -> tuple[float, float, int]:
    """Look at all of them in this process: seconds, the most memory in megabytes, and how often GitHub was asked."""
    settings.GITHUB_API_URL = url
    started = time.perf_counter()
    synchronising.queue_all(at=timezone.now())
    while synchronising.perform_some():
        pass
    seconds = time.perf_counter() - started
    calls = sum(synchronising.Synchronisation.objects.values_list("calls", flat=True).iterator())
    return seconds, most_memory(), calls


@contextmanager
def replaying() -> Iterator[str]:
    """The address of the server."""
    context = multiprocessing.get_context("spawn")
    told: Queue[str] = context.Queue()
    process = context.Process(target=serve, args=(told, bodies(), RECORDED), daemon=True)
    process.start()
    try:
        yield told.get(timeout=30)
    finally:
        process.terminate()
        process.join()


def bodies() -> dict[str, bytes]:
    """What is answered, by what stands behind the repository's name: recorded bodies, made ready once."""
    github: GitHub = github3()
    root = f"/repos/{RECORDED}"
    found = {
        "/stats/participation": github.replies[f"{root}/stats/participation"].body,
        "/commits": github.lists[f"{root}/commits"].items[:1],
        "/pulls": github.lists[f"{root}/pulls"].items[:1],
        "/contributors": github.lists[f"{root}/contributors"].items[:PAGE],
        "": github.replies[root].body,
    }
    return {part: json.dumps(body).encode() for part, body in found.items()}
