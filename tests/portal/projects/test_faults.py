"""GitHub that refuses, limits, breaks or is silent: the last good figures stay, and it is asked again in time."""

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from portal.core.services import jobs
from portal.projects.models import Repository, Synchronisation
from tests.factories import RepositoryFactory
from tests.portal.projects.conftest import TOKEN
from tests.portal.projects.github_server import RECORDED, GitHub, Listed, Reply
from tests.portal.projects.looks import PATH, look, waiting

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("reply", "state", "said"),
    [
        (Reply(401, {"message": "Bad credentials"}), "bad_token", "does not know the token"),
        (Reply(403, {"message": "Resource not accessible by personal access token"}), "bad_token", "may not read"),
        (Reply(404, {"message": "Not Found"}), "missing", "no such repository"),
        (Reply(410, {"message": "Gone"}), "missing", "no such repository"),
        (Reply(451, {"message": "Repository access blocked"}), "missing", "legal reasons"),
        (Reply(500, {"message": "Server Error"}), "unreachable", "error 500"),
        (Reply(503, {}), "unreachable", "error 503"),
        (Reply(200, raw=b""), "unreachable", "did not answer"),
        (Reply(200, raw=b"<html>"), "unreachable", "something else than JSON"),
        (Reply(200, raw=b"[" * 20_000), "unreachable", "something else than JSON"),
        (Reply(200, raw=b'"' + b"x" * 3_000_000 + b'"'), "unreachable", "longer than 2048 kB"),
        (Reply(200, []), "unreachable", "no object"),
        (Reply(200, {"id": "1", "full_name": RECORDED}), "unreachable", "no number"),
        (Reply(200, {"id": 1, "full_name": "../etc", "open_issues_count": 1}), "unreachable", "names no repository"),
        (Reply(200, {"id": 3710711, "full_name": RECORDED, "open_issues_count": -1}), "unreachable", "no count"),
        (Reply(200, {"id": 3710711, "full_name": RECORDED, "open_issues_count": 2**40}), "unreachable", "no count"),
        (Reply(301, {}, {"Location": "https://elsewhere.example/repositories/1"}), "unreachable", "another host"),
        (Reply(301, {}, {"Location": f"https://api.github.com{PATH}"}), "unreachable", "address to address"),
        (Reply(301, {}), "unreachable", "address to address"),
    ],
)
def test_fault_keeps_the_last_good_figures_and_says_what_is_wrong(
    github: GitHub, repository: Repository, reply: Reply, state: str, said: str
) -> None:
    before = look(repository)
    github.faults[PATH] = reply
    seen = look(repository)
    assert seen.state == state
    assert said in seen.detail
    assert (seen.synced_at, seen.figures.taken_at) == (before.synced_at, before.figures.taken_at)
    assert (seen.figures.commits, seen.figures.weeks) == (before.figures.commits, before.figures.weeks)
    assert (seen.full_name, seen.github_id) == (RECORDED, 3710711)
    assert TOKEN not in seen.detail


@pytest.mark.parametrize("part", ["/commits", "/pulls", "/contributors", "/stats/participation"])
def test_figures_are_of_one_look_or_stay_as_they_were(github: GitHub, repository: Repository, part: str) -> None:
    before = look(repository).figures
    github.lists[f"{PATH}/commits"] = Listed([{"sha": "f" * 40}], 1700)
    github.faults[PATH + part] = Reply(500, {})
    assert look(repository).figures.commits == before.commits
    github.faults.clear()
    assert look(repository).figures.commits == 1700


def test_outage_is_tried_again_ever_more_seldom_and_never_for_good(github: GitHub, repository: Repository) -> None:
    github.faults["*"] = Reply(502, {})
    waits = []
    for _time in range(9):
        look(repository)
        waits += [int(wait.total_seconds() // 60) for wait in waiting()]
        Synchronisation.objects.filter(state="queued").delete()
    assert waits == [5, 10, 20, 40, 80, 160, 320, 360, 360]
    github.faults.clear()
    seen = look(repository)
    assert (seen.state, seen.failures, waiting()) == ("ok", 0, [])


@pytest.mark.parametrize(
    ("reply", "minutes"),
    [
        (lambda: Reply(403, {"message": "API rate limit exceeded"}, {"X-RateLimit-Remaining": "0"} | reset(1800)), 30),
        (lambda: Reply(429, {}, {"X-RateLimit-Remaining": "0"} | reset(1800)), 30),
        (lambda: Reply(403, {"message": "You have exceeded a secondary rate limit"}, {"Retry-After": "120"}), 2),
        (lambda: Reply(429, {}, {"Retry-After": "600"}), 10),
        (lambda: Reply(403, {"message": "You have exceeded a secondary rate limit."}), 1),
        (lambda: Reply(429, {}), 1),
        (lambda: Reply(503, {}, {"Retry-After": "300"}), 5),
        # What makes no sense, as in recordings with milliseconds, costs an hour at most.
        (lambda: Reply(403, {}, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1507651200000"}), 60),
        (lambda: Reply(403, {}, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1"}), 1),
        (lambda: Reply(429, {}, {"Retry-After": "0"}), 1),
    ],
)
def test_limit_is_waited_for_with_all_repositories_of_the_token(
    github: GitHub, repository: Repository, reply: Callable[[], Reply], minutes: int
) -> None:
    same = RepositoryFactory.create(project=repository.project, token=TOKEN, token_key=repository.token_key)
    other = RepositoryFactory.create(project=repository.project, token="other", token_key="other")
    github.faults[PATH] = reply()
    for waits in (same, other):
        later = timezone.now() + timedelta(seconds=10)
        jobs.enqueue(job=Synchronisation(repository=waits, available_at=later), at=timezone.now())
    seen = look(repository)
    assert seen.state == "rate_limited"
    due = {
        row.repository_id: row.available_at - timezone.now() for row in Synchronisation.objects.filter(state="queued")
    }
    assert timedelta(minutes=minutes - 1) < due[same.pk] <= timedelta(minutes=minutes)
    assert timedelta(minutes=minutes - 1) < due[repository.pk] <= timedelta(minutes=minutes, seconds=30)
    assert due[other.pk] < timedelta(seconds=11)


def reset(seconds: int) -> dict[str, str]:
    """When GitHub lets one ask again."""
    return {"X-RateLimit-Reset": str(int(time.time()) + seconds)}
