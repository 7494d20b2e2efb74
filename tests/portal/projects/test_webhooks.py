"""What GitHub tells us: signed, kept raw, acted on once, in any order; with its own recorded payloads."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from portal.accounts.models import User
from portal.core.errors import DomainError
from portal.projects.github.signatures import sign
from portal.projects.models import Delivery, Project, Repository, Synchronisation
from portal.projects.services import deliveries
from tests.factories import RepositoryFactory
from tests.portal.projects.conftest import AT
from tests.portal.projects.github_server import DATA

SECRET = "It's a Secret to Everybody"
HELLO = "Codertocat/Hello-World"
PAYLOADS = DATA / "webhook-payloads"


@pytest.fixture(autouse=True)
def secret(settings: Any) -> None:
    settings.GITHUB_WEBHOOK_SECRETS = ["an older one", SECRET]


@pytest.fixture
def hello(project: Project) -> Repository:
    """The repository of most recorded payloads."""
    return RepositoryFactory.create(project=project, full_name=HELLO, github_id=186853002, state="ok")


def post(client: Client, body: bytes, *, event: str, number: str = "d-1", secret: str = SECRET) -> int:
    """Send a message as GitHub does; return the status of the answer."""
    headers = {
        "X-GitHub-Event": event, "X-GitHub-Delivery": number, "X-Hub-Signature-256": sign(secret=secret, body=body),
        "Cookie": "kept=never", "Authorization": "Bearer nobody-keeps-this",
    }  # fmt: skip
    answer = client.post("/webhooks/github/", body, content_type="application/json", headers=headers)
    return int(answer.status_code)


def told(event: str, **more: Any) -> bytes:
    """A small message about the repository."""
    about = {"id": 186853002, "full_name": HELLO}
    return json.dumps({"repository": about, **more}).encode()


def act() -> str:
    """Have the worker act on all that waits; what was made of the last one."""
    for pk in Delivery.objects.filter(state="queued").order_by("pk").values_list("pk", flat=True):
        deliveries.process(pk)
    return Delivery.objects.latest("pk").result


@pytest.mark.django_db
def test_push_has_the_repository_looked_at_at_once(client: Client, hello: Repository) -> None:
    assert post(client, told("push"), event="push") == 202
    kept = Delivery.objects.get()
    assert (kept.signature, kept.event, kept.repository_name, kept.delivery_id) == ("good", "push", HELLO, "d-1")
    assert bytes(kept.body) == told("push")
    assert set(kept.headers) == {"content-type", "x-github-event", "x-github-delivery", "x-hub-signature-256"}
    assert act() == "Will be looked at."
    job = Synchronisation.objects.get()
    assert (job.repository, job.cause, job.state) == (hello, "webhook", "queued")
    hello.refresh_from_db()
    assert hello.webhook_heard_at is not None


@pytest.mark.django_db
def test_the_same_message_counts_once(client: Client, hello: Repository) -> None:
    assert post(client, told("push"), event="push") == 202
    assert post(client, told("push"), event="push") == 200
    assert act() == "The same message came before."
    first, again = Delivery.objects.order_by("pk")
    assert (again.repeats, again.state, again.delivery_id) == (first, "done", None)
    assert Synchronisation.objects.count() == 1


@pytest.mark.django_db
def test_storm_of_messages_leads_to_one_look_not_sooner_than_a_minute_after_the_last(
    client: Client, hello: Repository
) -> None:
    now = timezone.now()
    Repository.objects.filter(pk=hello.pk).update(tried_at=now)
    for number in range(5):
        assert post(client, told("push"), event="push", number=f"d-{number}") == 202
    assert act() == "Waits to be looked at already."
    assert Synchronisation.objects.get().available_at == now + timedelta(minutes=1)


@pytest.mark.django_db
@pytest.mark.parametrize("signer", ["wrong", ""])
def test_message_that_nobody_signed_is_kept_and_not_acted_on(client: Client, hello: Repository, signer: str) -> None:
    assert post(client, told("push"), event="push", secret=signer) == 403
    kept = Delivery.objects.get()
    assert (kept.signature, kept.state, kept.delivery_id) == ("bad", "failed", None)
    assert deliveries.process(kept.pk) is False
    with pytest.raises(DomainError):
        deliveries.replay(message=kept, at=AT, by=User())
    assert not Synchronisation.objects.exists()


@pytest.mark.django_db
def test_forged_number_does_not_take_the_place_of_the_real_message(client: Client, hello: Repository) -> None:
    assert post(client, told("push"), event="push", number="d-1", secret="wrong") == 403
    assert post(client, told("push"), event="push", number="d-1") == 202
    assert act() == "Will be looked at."


@pytest.mark.django_db
@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"[" * 5000, b"\xff\xfe", b'"text"'])
def test_what_is_no_message_is_refused_and_kept(client: Client, body: bytes) -> None:
    assert post(client, body, event="push") == 400
    assert Delivery.objects.get().state == "failed"


@pytest.mark.django_db
def test_too_long_a_message_is_refused_unread(client: Client) -> None:
    assert post(client, b"x" * (2 * 1024 * 1024 + 1), event="push") == 413
    assert not Delivery.objects.exists()


@pytest.mark.django_db
def test_secret_of_a_repository_speaks_for_it_alone(client: Client, hello: Repository, settings: Any) -> None:
    settings.GITHUB_WEBHOOK_SECRETS = []
    other = RepositoryFactory.create(full_name="other/one", github_id=7, webhook_secret="theirs")
    Repository.objects.filter(pk=hello.pk).update(webhook_secret="ours")
    twin = RepositoryFactory.create(full_name=HELLO, github_id=186853002, webhook_secret="of another company")
    assert post(client, told("push"), event="push", secret="theirs") == 403
    assert post(client, told("push"), event="push", secret="ours") == 202
    assert act() == "Will be looked at."
    assert list(Synchronisation.objects.values_list("repository", flat=True)) == [hello.pk]
    for row in (other, twin):
        row.refresh_from_db()
        assert row.webhook_heard_at is None


@pytest.mark.django_db
def test_renamed_and_transferred_repositories_are_called_by_their_new_names(client: Client, hello: Repository) -> None:
    about = {"id": 186853002, "full_name": "octo/new-name"}
    changes = {"repository": {"name": {"from": "Hello-World"}}, "owner": {"from": {"user": {"login": "Codertocat"}}}}
    body = json.dumps({"action": "transferred", "repository": about, "changes": changes}).encode()
    assert post(client, body, event="repository") == 202
    act()
    hello.refresh_from_db()
    assert hello.full_name == "octo/new-name"
    assert Synchronisation.objects.count() == 1


@pytest.mark.django_db
def test_repository_never_read_is_found_by_its_old_name(client: Client, project: Project) -> None:
    unread = RepositoryFactory.create(project=project, full_name="octo/old")
    changes = {"repository": {"name": {"from": "old"}}}
    about = {"id": 5, "full_name": "octo/new"}
    body = json.dumps({"action": "renamed", "repository": about, "changes": changes}).encode()
    assert post(client, body, event="repository") == 202
    act()
    unread.refresh_from_db()
    assert unread.full_name == "octo/new"


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["../../etc", "a/..", "", 5, None, "a/b/c", "x" * 300])
def test_new_name_that_is_none_is_not_taken(client: Client, hello: Repository, name: Any) -> None:
    about = {"id": 186853002, "full_name": name}
    changes = {"repository": {"name": {"from": "Hello-World"}}, "owner": {"from": {"user": {"login": "Codertocat"}}}}
    body = json.dumps({"action": "renamed", "repository": about, "changes": changes}).encode()
    assert post(client, body, event="repository") == 202
    act()
    hello.refresh_from_db()
    assert hello.full_name == HELLO


@pytest.mark.django_db
def test_deleted_repository_is_marked_and_keeps_its_figures(client: Client, hello: Repository) -> None:
    assert post(client, told("repository", action="deleted"), event="repository") == 202
    assert act() == "Marked as deleted."
    hello.refresh_from_db()
    assert (hello.state, hello.detail) == ("missing", "It was deleted on GitHub.")


@pytest.mark.django_db
def test_privacy_follows_what_github_tells(client: Client, hello: Repository) -> None:
    for number, (action, is_private) in enumerate([("privatized", True), ("publicized", False)]):
        post(client, told("repository", action=action), event="repository", number=f"d-{number}")
        act()
        hello.refresh_from_db()
        assert hello.is_private is is_private


@pytest.mark.django_db
def test_messages_may_come_in_any_order_and_again(client: Client, hello: Repository, staff: User) -> None:
    def named(name: str, old: str) -> bytes:
        changes = {"repository": {"name": {"from": old}}}
        about = {"id": 186853002, "full_name": f"Codertocat/{name}"}
        return json.dumps({"action": "renamed", "repository": about, "changes": changes}).encode()

    post(client, named("third", "second"), event="repository", number="late")
    post(client, named("second", "Hello-World"), event="repository", number="early")
    act()
    hello.refresh_from_db()
    # Whichever name was taken last, the look that follows asks GitHub which it is.
    assert hello.full_name in {"Codertocat/second", "Codertocat/third"}
    assert Synchronisation.objects.count() == 1
    message = Delivery.objects.get(delivery_id="late")
    deliveries.replay(message=message, at=timezone.now(), by=staff)
    act()
    hello.refresh_from_db()
    assert hello.full_name == "Codertocat/third"


@pytest.mark.django_db
def test_message_whose_receiver_died_before_the_check_is_checked_by_the_worker(hello: Repository) -> None:
    body = told("push")
    headers = {
        "x-github-event": "push",
        "x-github-delivery": "d-9",
        "x-hub-signature-256": sign(secret=SECRET, body=body),
    }
    Delivery.objects.create(body=body, headers=headers, received_at=AT, available_at=AT)
    assert act() == "Will be looked at."
    forged = Delivery.objects.create(body=body, headers={**headers, "x-hub-signature-256": "no"}, received_at=AT)
    deliveries.process(forged.pk)
    forged.refresh_from_db()
    assert forged.signature == "bad"
    assert Synchronisation.objects.count() == 1


@pytest.mark.django_db
def test_made_up_repositories_hear_nothing(client: Client, project: Project) -> None:
    RepositoryFactory.create(project=project, full_name=HELLO, is_demo=True)
    assert post(client, told("push"), event="push") == 202
    assert act() == "No repository of ours."


def recorded() -> list[Path]:
    """GitHub's own payloads."""
    return sorted(PAYLOADS.glob("*/*.json")) if PAYLOADS.exists() else []


@pytest.mark.django_db
@pytest.mark.skipif(not PAYLOADS.exists(), reason="MISSING: shared/data/github/webhook-payloads")
def test_every_recorded_payload_is_taken_and_acted_on(client: Client, hello: Repository) -> None:
    answers = {}
    for path in recorded():
        number = f"{path.parent.name}/{path.name}"
        answers[number] = post(client, path.read_bytes(), event=path.parent.name, number=number)
    assert len(answers) == 173
    assert set(answers.values()) == {202}
    act()
    assert set(Delivery.objects.values_list("state", flat=True)) == {"done"}
    assert Delivery.objects.exclude(result="").count() == len(answers)
    assert Delivery.objects.filter(event="push", result__in=["Will be looked at.", "Waits to be looked at already."])
    assert Synchronisation.objects.filter(repository=hello, state="queued").count() == 1
