"""One event, one person, one notification; channels as the person chose, and only after commit."""

import pytest
from django.core import mail
from django.db import transaction

from portal.accounts.models import Company, User
from portal.core.registry import NotRegistered
from portal.notifications.models import ContactSettings, Delivery, Notification
from portal.notifications.models.deliveries import DigestEntry
from portal.notifications.services import notices, preferences
from tests.factories import UserFactory
from tests.portal.core.threads import race
from tests.portal.notifications.conftest import AT
from tests.portal.notifications.telling import tell

EMAIL = Delivery.Channel.EMAIL


def test_words_are_filled_in_and_kept(owner: User, company: Company, queue: list) -> None:
    (notification,) = tell(owner, company=company)
    assert (notification.subject, notification.url) == ("Amina Hassan wants to join Savanna Foods", "/customer/team/")
    assert notification.body == "Amina Hassan was proposed for your team.\n\nDecide when you can."
    assert (notification.created_at, notification.status, notification.is_for_member) == (AT, "unread", True)


def test_the_same_event_is_told_once(owner: User, viewer: User) -> None:
    assert len(tell(owner)) == 1
    assert [row.recipient for row in tell(owner, viewer)] == [viewer]
    assert (Notification.objects.count(), Delivery.objects.count()) == (2, 2)
    assert len(tell(owner, key="approval 2")) == 1


def test_unknown_kind_tells_nobody(owner: User) -> None:
    with pytest.raises(NotRegistered):
        tell(owner, kind="no_such_kind")
    assert Notification.objects.count() == 0


def test_closed_account_is_not_told(owner: User) -> None:
    owner.is_active = False
    assert tell(owner) == []


def test_line_breaks_never_reach_a_subject(owner: User) -> None:
    (told,) = notices.notify(
        kind="team_news", people=[owner], key="k", at=AT, fields={"company": "Savanna\r\nBcc: everyone@example.com"}
    )
    assert told.subject == "News of Savanna Bcc: everyone@example.com"


def test_nothing_is_sent_before_the_commit(owner: User, queue: list, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        tell(owner)
        assert queue == []
    assert queue == [("send_delivery", Delivery.objects.get().pk)]


@pytest.mark.usefixtures("worker")
def test_rolled_back_transaction_tells_and_sends_nothing(owner: User, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        tell(owner)
        transaction.set_rollback(True)
    assert (Notification.objects.count(), Delivery.objects.count(), mail.outbox) == (0, 0, [])


@pytest.mark.usefixtures("worker")
def test_mail_follows_the_commit(owner: User, company: Company, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        tell(owner, company=company)
    assert [(message.to, message.subject) for message in mail.outbox] == [
        (["owner@savanna.example"], "Amina Hassan wants to join Savanna Foods")
    ]


@pytest.mark.parametrize(
    ("kind", "choices", "deliveries", "entries"),
    [
        ("team_approval", {}, ["email"], 0),
        ("team_approval", {("Team", "email"): "daily"}, [], 1),
        ("team_approval", {("Team", "email"): "never"}, [], 0),
        ("team_approval", {("Team", "sms"): "now"}, ["email", "sms"], 0),
        ("gossip", {}, [], 0),
        ("gossip", {("Gossip", "email"): "now"}, ["email"], 0),
        ("payment_failed", {}, ["email", "sms"], 0),
        ("payment_failed", {("Billing (urgent)", "sms"): "never"}, ["email"], 0),
    ],
)
def test_channels_follow_the_choice(owner: User, kind: str, choices: dict, deliveries: list, entries: int) -> None:
    ContactSettings.objects.create(user=owner, phone="+254712345678", phone_confirmed_at=AT)
    preferences.choose(user=owner, choices=choices)
    tell(owner, kind=kind)
    assert sorted(Delivery.objects.values_list("channel", flat=True)) == deliveries
    assert DigestEntry.objects.count() == entries
    assert Notification.objects.count() == 1, "the bell shows everything"


def test_telling_many_costs_as_many_queries_as_telling_one(
    company: Company, owner: User, django_assert_num_queries
) -> None:
    many = [owner, *UserFactory.create_batch(20)]
    with django_assert_num_queries(11):
        tell(owner, company=company)
    with django_assert_num_queries(11):
        tell(*many, company=company, key="approval 2")


@pytest.mark.django_db(transaction=True)
def test_several_who_tell_the_same_event_tell_it_once() -> None:
    people = UserFactory.create_batch(4)
    told = race(lambda number: len(tell(*(people if number % 2 else reversed(people)))), threads=6)
    assert sorted(told) == [0, 0, 0, 0, 0, 4]
    assert (Notification.objects.count(), Delivery.objects.count()) == (4, 4)
