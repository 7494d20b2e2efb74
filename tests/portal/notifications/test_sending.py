"""Reserve, commit, call, record: a provider is called once for each event, person and channel."""

import smtplib
import socket
from collections.abc import Callable
from datetime import timedelta
from threading import Lock

import pytest
from django.core import mail
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from portal.accounts.models import Company, User
from portal.activity.models import ActivityEvent
from portal.core.services import jobs
from portal.notifications.models import BlockedAddress, Delivery
from portal.notifications.services import deliveries, notices, sending
from portal.notifications.tasks import send_delivery
from tests.cast import client_of
from tests.factories import UserFactory
from tests.portal.core.threads import race
from tests.portal.notifications.telling import facts, tell


class Killed(BaseException):
    """Ends the process where it is raised: nothing below catches it."""


def delivery_to(user: User, **kwargs) -> Delivery:
    tell(user, **kwargs)
    return Delivery.objects.get()


def failing(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> list[int]:
    """Let the mail server fail in this way from now on; return the calls."""
    calls: list[int] = []

    def send_messages(self: object, messages: list) -> int:
        calls.append(len(messages))
        raise error

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", send_messages)
    return calls


def test_task_that_runs_twice_sends_once(owner: User) -> None:
    delivery = delivery_to(owner)
    send_delivery(delivery.pk)
    send_delivery(delivery.pk)
    assert facts(delivery) == ("done", "sent", 1)
    assert (len(mail.outbox), delivery.address) == (1, "owner@savanna.example")


def test_message_without_a_row_is_ignored(db: None) -> None:
    assert deliveries.send(0) is False


@pytest.mark.django_db(transaction=True)
def test_of_several_workers_one_sends(monkeypatch: pytest.MonkeyPatch) -> None:
    delivery = delivery_to(UserFactory.create())
    calls, lock = [], Lock()

    def post(message: object) -> str:
        with lock:
            calls.append(connection.in_atomic_block)
        return "reference"

    monkeypatch.setattr(sending, "post", post)
    done = race(lambda _number: deliveries.send(delivery.pk), threads=8)
    assert sorted(done) == [False] * 7 + [True]
    assert calls == [False], "called once, in no transaction"
    assert (facts(delivery), delivery.reference) == (("done", "sent", 1), "reference")


@pytest.mark.django_db(transaction=True)
def test_reservation_is_committed_before_the_call(monkeypatch: pytest.MonkeyPatch) -> None:
    delivery = delivery_to(UserFactory.create())
    seen = []
    monkeypatch.setattr(sending, "post", lambda message: seen.append(race(called_at, threads=1)) or "")

    def called_at(_number: int) -> bool:
        return Delivery.objects.get(pk=delivery.pk).called_at is not None

    deliveries.send(delivery.pk)
    assert seen == [[True]]


REFUSALS = [
    smtplib.SMTPRecipientsRefused({"a@b.example": (450, b"later")}),
    smtplib.SMTPDataError(451, b"greylisted"),
]


@pytest.mark.parametrize("error", REFUSALS)
def test_refusal_is_tried_again_later(owner: User, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    delivery = delivery_to(owner)
    calls = failing(monkeypatch, error)
    before = timezone.now()
    deliveries.send(delivery.pk)
    assert (facts(delivery), delivery.called_at, calls) == (("queued", "", 1), None, [1])
    assert delivery.available_at >= before + timedelta(seconds=15)
    assert deliveries.send(delivery.pk) is False, "not before its time"
    monkeypatch.undo()
    Delivery.objects.update(available_at=before)
    monkeypatch.setattr(sending, "post", lambda message: "reference")
    deliveries.send(delivery.pk)
    assert facts(delivery) == ("done", "sent", 2)


@pytest.mark.parametrize("error", [ConnectionRefusedError(), socket.gaierror(), TimeoutError()])
def test_server_that_is_not_reached_is_tried_again(
    owner: User, monkeypatch: pytest.MonkeyPatch, error: OSError
) -> None:
    def refuse(self: object) -> None:
        raise error

    delivery = delivery_to(owner)
    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.open", refuse, raising=False)
    deliveries.send(delivery.pk)
    assert (facts(delivery), delivery.called_at) == (("queued", "", 1), None)


UNKNOWNS = [smtplib.SMTPServerDisconnected("gone"), TimeoutError("read"), ConnectionResetError()]


@pytest.mark.parametrize("error", UNKNOWNS)
def test_unknown_outcome_is_not_repeated(owner: User, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    delivery = delivery_to(owner)
    calls = failing(monkeypatch, error)
    deliveries.send(delivery.pk)
    deliveries.send(delivery.pk)
    assert (facts(delivery), calls) == (("done", "unknown", 1), [1])
    assert type(error).__name__ in delivery.reason


def test_worker_killed_in_the_call_leaves_an_unknown_outcome(owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    delivery = delivery_to(owner)
    calls = failing(monkeypatch, Killed())
    with pytest.raises(Killed):
        deliveries.send(delivery.pk)
    assert facts(delivery) == ("running", "", 1)
    jobs.sweep(at=delivery.lease_ends_at)
    Delivery.objects.update(available_at=timezone.now())
    deliveries.send(delivery.pk)
    assert (facts(delivery), calls, delivery.reason) == (("done", "unknown", 2), [1], sending.INTERRUPTED)


def test_worker_killed_before_the_call_leaves_a_mail_that_is_sent(owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(*args: object) -> None:
        raise Killed

    delivery = delivery_to(owner)
    with monkeypatch.context() as patch:
        patch.setattr(sending, "_reserve", die)
        with pytest.raises(Killed):
            deliveries.send(delivery.pk)
    delivery.refresh_from_db()
    jobs.sweep(at=delivery.lease_ends_at)
    Delivery.objects.update(available_at=timezone.now())
    deliveries.send(delivery.pk)
    assert (facts(delivery), len(mail.outbox)) == (("done", "sent", 2), 1)


def close_account(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def block_address(user: User) -> None:
    BlockedAddress.objects.create(address="Owner@Savanna.example", reason="bounced")


@pytest.mark.parametrize(
    ("prevent", "reason"),
    [
        (close_account, "The account is closed."),
        (block_address, "The address is blocked: Does not exist or refuses mail."),
    ],
)
def test_who_cannot_be_written_to_is_skipped(owner: User, prevent: Callable[[User], None], reason: str) -> None:
    delivery = delivery_to(owner)
    prevent(owner)
    deliveries.send(delivery.pk)
    assert (facts(delivery), delivery.reason, mail.outbox) == (("done", "skipped", 1), reason, [])


def test_mail_of_an_urgent_kind_cannot_be_unsubscribed(owner: User) -> None:
    tell(owner, kind="payment_failed")
    deliveries.send(Delivery.objects.get(channel="email").pk)
    (message,) = mail.outbox
    assert "List-Unsubscribe" not in message.extra_headers
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"


def test_mail_leads_to_the_thing_through_the_notification(owner: User, company: Company) -> None:
    delivery = delivery_to(owner, company=company)
    deliveries.send(delivery.pk)
    (message,) = mail.outbox
    link = f"http://127.0.0.1:8000/customer/notifications/{delivery.notification.public_id}/"
    html = str(message.alternatives[0][0])
    assert link in message.body
    assert f'href="{link}"' in html
    assert "This concerns Savanna Foods." in message.body
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_words_of_people_are_escaped_in_html_and_plain_in_text(owner: User) -> None:
    evil = {"company": "<script>alert(1)</script> & Söhne"}
    notices.notify(kind="team_news", people=[owner], key="k", at=timezone.now(), fields=evil)
    deliveries.send(Delivery.objects.get().pk)
    (message,) = mail.outbox
    assert "<script>" not in str(message.alternatives[0][0])
    assert "News of <script>alert(1)</script> & Söhne" in message.body


def test_staff_send_again_what_nobody_knows_of(owner: User, support: User, editor: User) -> None:
    delivery = delivery_to(owner)
    url = reverse("wagtailsnippets_notifications_delivery:send_again", args=[delivery.pk])
    assert "can be sent again" in client_of(support).post(url).content.decode()
    Delivery.objects.update(state="done", outcome="unknown", attempts=1, called_at=timezone.now())
    assert client_of(editor).post(url).status_code == 302
    assert facts(delivery) == ("done", "unknown", 1)
    listed = client_of(support).get(reverse("wagtailsnippets_notifications_delivery:list")).content.decode()
    assert url in listed
    assert client_of(support).post(url).status_code == 302
    assert facts(delivery) == ("queued", "", 0)
    assert ActivityEvent.objects.get(verb="delivery.sent_again").actor == support
    send_delivery(delivery.pk)
    assert (facts(delivery), len(mail.outbox)) == (("done", "sent", 1), 1)
