"""Figures read from GitHub, over HTTP, against what was recorded of it; and what is shown when it does not answer."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from portal.accounts.models import User
from portal.activity.models import ActivityEvent
from portal.core.services import jobs
from portal.projects.models import Contribution, Project, ProjectDeveloper, Repository, Synchronisation
from portal.projects.services import people, repositories, synchronising
from portal.teams.models import Assignment
from tests.factories import ProjectFactory, RepositoryFactory
from tests.portal.projects.conftest import AT, TOKEN
from tests.portal.projects.github_server import RECORDED, GitHub, Listed, Reply, recorded
from tests.portal.projects.looks import PATH, look, waiting
from tests.portal.teams.told import told

pytestmark = pytest.mark.django_db


def test_all_figures_are_read_from_what_was_recorded(github: GitHub, repository: Repository) -> None:
    seen = look(repository)
    figures = seen.figures
    assert (seen.state, seen.github_id, seen.is_private, seen.detail) == ("ok", 3710711, False, "")
    assert figures.commits == github.lists[f"{PATH}/commits"].total
    assert (figures.open_pull_requests, figures.merged_pull_requests) == (len(github.lists[f"{PATH}/pulls"].items), 478)
    assert figures.contributors == len(github.lists[f"{PATH}/contributors"].items)
    assert figures.open_issues == figures.open_items - figures.open_pull_requests
    assert len(figures.weeks) == 52
    assert figures.weeks[:6] == [0, 2, 1, 33, 11, 5]
    assert figures.commits_this_week == figures.weeks[-1]
    assert set(github.tokens) == {f"Bearer {TOKEN}"}
    assert Synchronisation.objects.get().calls == len(github.asked)


def test_second_look_at_what_has_not_changed_costs_no_figures(github: GitHub, repository: Repository) -> None:
    before = look(repository).figures
    github.asked.clear()
    seen = look(repository)
    figures = seen.figures
    # The list of contributors has two pages, and its first page's ETag says nothing of the second.
    assert (len(github.asked), github.unchanged) == (6, 4)
    kept = ("commits", "open_pull_requests", "merged_pull_requests", "open_issues", "contributors", "weeks")
    assert [getattr(figures, name) for name in kept] == [getattr(before, name) for name in kept]
    assert figures.taken_at > before.taken_at
    assert seen.state == "ok"


def test_change_of_one_part_is_read_anew(github: GitHub, repository: Repository) -> None:
    look(repository)
    github.lists[f"{PATH}/commits"] = Listed([{"sha": "f" * 40}], 1700)
    github.merged[RECORDED] = 480
    figures = look(repository).figures
    assert figures.commits == 1700
    # No pull request has changed, and so nobody searched.
    assert figures.merged_pull_requests == 478


def test_developers_contributions_are_kept_and_nobody_elses(
    github: GitHub, repository: Repository, amina: Assignment, staff: User
) -> None:
    people.add(project=repository.project, assignment=amina, role="lead", by=staff, at=AT)
    look(repository)
    kept = Contribution.objects.get()
    top = github.lists[f"{PATH}/contributors"].items[0]
    assert top["login"] == "sigmavirus24"
    assert (kept.developer_id, kept.commits) == (amina.developer_id, top["contributions"])


def test_developer_who_comes_later_is_found_although_nothing_changed(
    github: GitHub, repository: Repository, amina: Assignment, staff: User
) -> None:
    github.lists[f"{PATH}/contributors"] = Listed(github.lists[f"{PATH}/contributors"].items[:40], 40)
    look(repository)
    assert not Contribution.objects.exists()
    people.add(project=repository.project, assignment=amina, role="lead", by=staff, at=AT)
    look(repository)
    assert Contribution.objects.get().developer_id == amina.developer_id


def test_statistics_that_github_still_counts_are_asked_for_again(github: GitHub, repository: Repository) -> None:
    asked_again = recorded("Repository_commit_activity")[f"{PATH}/stats/commit_activity?per_page=100"]
    assert asked_again.status == 202
    github.faults[f"{PATH}/stats/participation"] = asked_again
    seen = look(repository)
    assert (seen.state, seen.figures.weeks_pending, seen.figures.weeks) == ("ok", True, [])
    assert waiting() == [timedelta(0)]
    github.faults.clear()
    seen = look(repository)
    assert (seen.figures.weeks_pending, len(seen.figures.weeks), seen.failures) == (False, 52, 0)
    assert waiting() == []


def test_patience_with_statistics_ends(github: GitHub, repository: Repository) -> None:
    github.faults[f"{PATH}/stats/participation"] = Reply(202, {})
    waits = []
    for _time in range(6):
        look(repository)
        waits.append(waiting())
        Synchronisation.objects.filter(state="queued").delete()
    assert waits == [[timedelta(0)], [timedelta(minutes=1)], *[[timedelta(minutes=m)] for m in (2, 4, 8)], []]


def test_renamed_repository_is_followed_and_called_by_its_new_name(github: GitHub, project: Project) -> None:
    renamed = recorded("Repository_pull_requests_accept_sort")
    new = "/repos/betamaxpy/betamax"
    github.replies["/repos/sigmavirus24/betamax"] = renamed["/repos/sigmavirus24/betamax"]
    github.replies["/repositories/11439734"] = renamed["/repositories/11439734"]
    github.replies[f"{new}/stats/participation"] = github.replies[f"{PATH}/stats/participation"]
    github.lists |= {f"{new}/commits": Listed([{}], 300), f"{new}/pulls": Listed([], 0)}
    github.lists[f"{new}/contributors"] = Listed([{"login": "hroncok", "contributions": 3}], 1)
    seen = look(RepositoryFactory.create(project=project, full_name="sigmavirus24/betamax"))
    assert (seen.state, seen.full_name, seen.github_id) == ("ok", "betamaxpy/betamax", 11439734)
    assert (seen.figures.commits, seen.figures.open_pull_requests, seen.figures.contributors) == (300, 0, 1)


def test_repository_that_took_an_old_name_is_not_ours(github: GitHub, repository: Repository) -> None:
    Repository.objects.filter(pk=repository.pk).update(github_id=99)
    seen = look(repository)
    assert (seen.state, seen.detail) == ("missing", "Another repository has this name now.")


def test_repository_renamed_to_what_the_project_has_is_not_doubled(github: GitHub, repository: Repository) -> None:
    old = RepositoryFactory.create(project=repository.project, full_name="old/name")
    github.replies["/repos/old/name"] = github.replies[PATH]
    seen = look(old)
    assert (seen.state, seen.full_name) == ("missing", "old/name")
    assert seen.detail == f"It is called {RECORDED} now, which the project has already."


def test_empty_repository_has_no_figures_but_zeros(github: GitHub, repository: Repository) -> None:
    github.faults = {
        f"{PATH}/commits": Reply(409, {"message": "Git Repository is empty."}),
        f"{PATH}/contributors": Reply(204),
        f"{PATH}/stats/participation": Reply(204),
    }
    github.lists[f"{PATH}/pulls"] = Listed([], 0)
    figures = look(repository).figures
    assert (figures.commits, figures.contributors, figures.commits_this_week) == (0, 0, 0)
    assert figures.weeks == [0] * 52


def test_history_too_long_to_list_contributors_leaves_the_rest(github: GitHub, repository: Repository) -> None:
    words = "The history or contributor list is too large to list contributors for this repository via the API."
    github.faults[f"{PATH}/contributors"] = Reply(403, {"message": words})
    seen = look(repository)
    assert (seen.state, seen.figures.contributors) == ("ok", 0)
    assert seen.figures.commits > 0


def test_search_that_was_not_complete_leaves_the_figure_and_is_repeated(github: GitHub, repository: Repository) -> None:
    look(repository)
    github.lists[f"{PATH}/pulls"] = Listed([{"number": 900}], 1)
    github.faults["/search/issues"] = Reply(200, {"total_count": 3, "incomplete_results": True, "items": []})
    figures = look(repository).figures
    assert (figures.merged_pull_requests, figures.open_pull_requests) == (478, 1)
    github.faults.clear()
    github.merged[RECORDED] = 479
    assert look(repository).figures.merged_pull_requests == 479


def test_refused_token_is_told_once_to_staff_and_to_the_companys_managers(
    github: GitHub, repository: Repository, owner: User, company_admin: User, viewer: User, support: User, finance: User
) -> None:
    look(repository)
    github.known_tokens = set()
    for _time in range(3):
        assert look(repository).state == "bad_token"
    assert told("token_refused") == {support.email}
    assert told("repository_unread") == {owner.email, company_admin.email}
    assert ActivityEvent.objects.filter(verb="project.token_refused").count() == 1
    assert waiting() == []


def test_look_with_a_token_that_was_replaced_meanwhile_proves_nothing(github: GitHub, repository: Repository) -> None:
    github.known_tokens = {"new"}
    synchronising.queue(repository=repository, cause="staff", at=timezone.now())
    job = jobs.claim(job_type=Synchronisation, pk=Synchronisation.objects.get().pk, at=timezone.now())
    assert job
    looked = synchronising._look(job)
    Repository.objects.filter(pk=repository.pk).update(token="new", token_key=repositories.key_of("new"))
    synchronising._record(job, looked)
    repository.refresh_from_db()
    assert repository.state == "waiting"
    assert Synchronisation.objects.filter(state="queued").count() == 1


def test_every_repository_is_looked_at_once_a_night(github: GitHub, project: Project) -> None:
    RepositoryFactory.create_batch(3, project=project)
    RepositoryFactory.create(project=ProjectFactory.create(), is_demo=True)
    assert synchronising.queue_all(at=timezone.now()) == 3
    assert synchronising.queue_all(at=timezone.now()) == 0
    assert synchronising.perform_some() == 3
    assert synchronising.perform_some() == 0
    assert set(Repository.objects.filter(is_demo=False).values_list("state", flat=True)) == {"missing"}
    assert Repository.objects.get(is_demo=True).state == "waiting"


def test_one_repository_that_fails_harms_no_other(github: GitHub, repository: Repository) -> None:
    bad = RepositoryFactory.create(project=repository.project, full_name="bad/one")
    github.faults["/repos/bad/one"] = Reply(500, {})
    synchronising.queue_all(at=timezone.now())
    assert synchronising.perform_some() == 2
    repository.refresh_from_db()
    bad.refresh_from_db()
    assert (repository.state, bad.state) == ("ok", "unreachable")


def test_made_up_repository_is_never_asked_for(github: GitHub, project: Project) -> None:
    made_up = RepositoryFactory.create(project=project, is_demo=True)
    assert synchronising.queue(repository=made_up, cause="staff", at=AT) is False
    assert not Synchronisation.objects.exists()
    assert github.asked == []


def test_staff_who_ask_go_before_what_was_waited_for(github: GitHub, repository: Repository) -> None:
    github.faults[PATH] = Reply(429, {}, {"Retry-After": "600"})
    look(repository)
    assert len(waiting()) == 1
    github.faults.clear()
    assert look(repository).state == "ok"
    assert waiting() == []


def test_nobody_answers_at_all(settings: Any, repository: Repository) -> None:
    settings.GITHUB_API_URL = "http://127.0.0.1:9"
    seen = look_without_figures(repository)
    assert (seen.state, seen.synced_at) == ("unreachable", None)
    assert "ConnectionError" in seen.detail


def look_without_figures(repository: Repository) -> Repository:
    synchronising.queue(repository=repository, cause="staff", at=timezone.now())
    synchronising.perform_some()
    return Repository.objects.get(pk=repository.pk)


def test_developer_who_left_the_project_has_no_contributions(
    github: GitHub, repository: Repository, amina: Assignment, staff: User
) -> None:
    place = people.add(project=repository.project, assignment=amina, role="lead", by=staff, at=AT)
    look(repository)
    people.remove(place=place, by=staff, at=AT)
    look(repository)
    assert not ProjectDeveloper.objects.exists()
    assert not Contribution.objects.exists()
