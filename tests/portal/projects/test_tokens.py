"""Tokens are tried before they are kept, in words that say what to do, and stand nowhere after."""

import io
import json
import logging
from datetime import timedelta
from typing import Any

import pytest
from django.core import serializers
from django.db import connection
from django.test import Client
from django.utils import timezone

from portal.accounts.models import User
from portal.activity.models import ActivityEvent
from portal.core import privacy
from portal.core.errors import DomainError
from portal.projects.github import tokens
from portal.projects.models import Project, Repository, RepositoryFigures, Synchronisation
from portal.projects.services import repositories, synchronising
from tests.portal.projects.conftest import AT, TOKEN
from tests.portal.projects.github_server import RECORDED, GitHub, Reply

pytestmark = pytest.mark.django_db
PATH = f"/repos/{RECORDED}"
SECRET_TOKEN = "ghp_0123456789abcdefSECRETSECRET"


def add(project: Project, by: User, **more: Any) -> Repository:
    """Connect the recorded repository."""
    values = {"full_name": RECORDED, "token": TOKEN, **more}
    return repositories.add(project=project, by=by, at=timezone.now(), **values)


def test_token_that_reads_all_is_kept_sealed(github: GitHub, project: Project, staff: User) -> None:
    made = add(project, staff, full_name=f" https://github.com/{RECORDED}.git ")
    assert (made.full_name, made.github_id, made.token, made.token_verdict) == (RECORDED, 3710711, TOKEN, "unknown")
    with connection.cursor() as cursor:
        cursor.execute("SELECT token FROM projects_repository")
        assert TOKEN not in cursor.fetchone()[0]
    assert Synchronisation.objects.get().cause == "staff"
    assert ActivityEvent.objects.get(verb="project.repository_added").data == {"repository": RECORDED}


def test_public_repository_needs_no_token(github: GitHub, project: Project, staff: User) -> None:
    made = add(project, staff, token="")
    assert (made.token, made.token_key) == ("", "")
    assert set(github.tokens) == {""}


@pytest.mark.parametrize(
    ("faults", "said"),
    [
        ({PATH: Reply(401, {"message": "Bad credentials"})}, "does not know this token, or it has expired"),
        ({PATH: Reply(404, {"message": "Not Found"})}, f"does not reach {RECORDED}"),
        (
            {f"{PATH}/commits": Reply(403, {}, {"X-Accepted-GitHub-Permissions": "contents=read"})},
            "too little: it also has to read contents of this",
        ),
        (
            {f"{PATH}/pulls": Reply(403, {}, {"X-Accepted-GitHub-Permissions": "pull_requests=read"})},
            "too little: it also has to read pull requests of this",
        ),
        ({f"{PATH}/contributors": Reply(403, {})}, "too little: it also has to read Contents, Issues, Metadata"),
        ({"/search/issues": Reply(422, {"message": "Validation Failed"})}, "it also has to read pull requests"),
    ],
)
def test_token_that_may_too_little_is_not_kept(
    github: GitHub, project: Project, staff: User, faults: dict[str, Reply], said: str
) -> None:
    github.faults = faults
    with pytest.raises(tokens.TokenRefused) as refused:
        add(project, staff)
    assert said in refused.value.message
    assert TOKEN not in refused.value.message
    assert not Repository.objects.exists()
    assert not Synchronisation.objects.exists()
    assert not ActivityEvent.objects.filter(verb="project.repository_added").exists()


def test_private_repository_without_token_says_that_it_needs_one(github: GitHub, project: Project, staff: User) -> None:
    github.faults[PATH] = Reply(404, {})
    with pytest.raises(tokens.TokenRefused, match="A private one needs a token"):
        add(project, staff, token="")


@pytest.mark.parametrize("scopes", ["repo", "read:org, public_repo", "admin:org", "delete_repo", "workflow, read:user"])
def test_token_that_may_write_is_refused_until_somebody_accepts_it(
    github: GitHub, project: Project, staff: User, scopes: str
) -> None:
    github.scopes = scopes
    with pytest.raises(tokens.TokenTooPowerful, match="may too much") as refused:
        add(project, staff)
    assert all(scope not in refused.value.message for scope in ("read:org", "read:user"))
    assert not Repository.objects.exists()
    made = add(project, staff, accept_powerful=True)
    assert (made.token_verdict, made.token_scopes) == ("too_much", scopes.split(", "))


def test_classic_token_that_only_reads_is_right(github: GitHub, project: Project, staff: User) -> None:
    github.scopes = "read:org, user:email"
    assert add(project, staff).token_verdict == "right"


def test_expiry_is_kept_and_an_expired_token_is_not(github: GitHub, project: Project, staff: User) -> None:
    body = github.replies[PATH].body
    for header, ends in (("2027-01-05 10:00:00 UTC", "2027-01-05T10:00:00+00:00"), ("soon", None)):
        github.replies[PATH] = Reply(200, body, {"GitHub-Authentication-Token-Expiration": header})
        made = add(project, staff)
        assert (made.token_expires_at.isoformat() if made.token_expires_at else None) == ends
        made.delete()
    github.replies[PATH] = Reply(200, body, {"GitHub-Authentication-Token-Expiration": "2020-01-05 12:00:00 +0300"})
    with pytest.raises(tokens.TokenRefused, match="has expired"):
        add(project, staff)


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Reply(500, {}), "does not answer properly"),
        (Reply(200, raw=b""), "does not answer properly"),
        (Reply(429, {}, {"Retry-After": "600"}), "Try again in 10 minutes"),
    ],
)
def test_nothing_is_kept_while_github_cannot_be_asked(
    github: GitHub, project: Project, staff: User, reply: Reply, said: str
) -> None:
    github.faults["*"] = reply
    with pytest.raises(tokens.NotCheckedNow, match=said):
        add(project, staff)
    assert not Repository.objects.exists()


@pytest.mark.parametrize("name", ["", "one", "a/b/c", "../b", "a/..", "-a/b", "a b/c", "a/" + "x" * 101, "ü/b"])
def test_name_that_can_be_none_is_refused_unasked(github: GitHub, project: Project, staff: User, name: str) -> None:
    with pytest.raises(repositories.WrongName):
        add(project, staff, full_name=name)
    assert github.asked == []


def test_repository_is_in_a_project_once(github: GitHub, project: Project, staff: User) -> None:
    add(project, staff)
    with pytest.raises(repositories.AlreadyThere):
        add(project, staff, full_name=RECORDED.upper())
    assert Repository.objects.count() == 1


def test_another_token_takes_the_place_of_a_refused_one(github: GitHub, project: Project, staff: User) -> None:
    made = add(project, staff)
    synchronising.perform_some()
    github.known_tokens = {"a new one"}
    synchronising.queue(repository=made, cause="staff", at=timezone.now())
    synchronising.perform_some()
    assert Repository.objects.get().state == "bad_token"
    with pytest.raises(tokens.TokenRefused):
        repositories.change_token(repository=made, token="a wrong one", by=staff, at=timezone.now())
    assert Repository.objects.get().token == TOKEN
    repositories.change_token(repository=made, token=" a new one ", by=staff, at=timezone.now())
    assert RepositoryFigures.objects.get().etags == {}
    synchronising.perform_some()
    found = Repository.objects.get()
    assert (found.token, found.state, found.token_key) == ("a new one", "ok", repositories.key_of("a new one"))


def test_removed_repository_leaves_nothing(github: GitHub, project: Project, staff: User) -> None:
    made = add(project, staff)
    synchronising.perform_some()
    repositories.remove(repository=made, by=staff, at=AT)
    assert not Repository.objects.exists()
    assert not RepositoryFigures.objects.exists()
    assert not Synchronisation.objects.exists()


def test_token_stands_in_no_log_page_answer_event_or_archive(
    github: GitHub, project: Project, staff: User, owner: User, caplog: pytest.LogCaptureFixture
) -> None:
    """Also not when everything goes wrong."""
    heard = io.StringIO()
    handler = logging.StreamHandler(heard)
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.DEBUG)
    try:
        made = add(project, staff, token=SECRET_TOKEN)
        Repository.objects.filter(pk=made.pk).update(webhook_secret="hush-hush")
        synchronising.perform_some()
        for reply in (Reply(500, {}), Reply(200, raw=b""), Reply(301, {}, {"Location": "https://evil.example/x"})):
            github.faults["*"] = reply
            synchronising.queue(repository=made, cause="staff", at=timezone.now())
            synchronising.perform_some()
            with pytest.raises(DomainError):
                repositories.change_token(repository=made, token=SECRET_TOKEN + "2", by=staff, at=timezone.now())
    finally:
        logging.getLogger().removeHandler(handler)
        logging.getLogger().setLevel(logging.WARNING)
    client, admin = Client(), Client()
    client.force_login(owner)
    admin.force_login(staff)
    number = project.public_id
    answers = [
        client.get(f"/customer/projects/{number}/"),
        client.get(f"/api/customer/projects/{number}/"),
        admin.get("/admin/snippets/projects/repository/"),
        admin.get(f"/admin/snippets/projects/repository/inspect/{made.pk}/"),
        admin.get(f"/admin/snippets/projects/repository/change_token/{made.pk}/"),
    ]
    assert [answer.status_code for answer in answers] == [200] * 5
    shown = [answer.content.decode() for answer in answers]
    shown += [heard.getvalue(), caplog.text]
    shown.append(serializers.serialize("json", ActivityEvent.objects.all()))
    exported = [list(one.records(project.company)) for one in privacy.company_exporters.all()]
    shown.append(json.dumps(exported, default=str))
    shown.append(serializers.serialize("json", Synchronisation.objects.all()))
    assert all(SECRET_TOKEN not in text and "hush-hush" not in text for text in shown)
    assert "evil.example" not in "".join(github.asked)


def test_two_tokens_are_told_apart_without_being_read(github: GitHub) -> None:
    assert repositories.key_of("a") == repositories.key_of("a") != repositories.key_of("b")
    assert repositories.key_of("") == ""
    assert "a-long-token" not in repositories.key_of("a-long-token")


def test_old_figures_are_marked(repository: Repository) -> None:
    now = timezone.now()
    for state, hours, is_stale in (
        ("ok", 1, False), ("ok", 35, False), ("ok", 37, True), ("unreachable", 1, True), ("rate_limited", 1, True),
    ):  # fmt: skip
        repository.state, repository.synced_at = state, now - timedelta(hours=hours)
        assert repository.is_stale(at=now) is is_stale, (state, hours)
    repository.synced_at = None
    assert repository.is_stale(at=now) is False
