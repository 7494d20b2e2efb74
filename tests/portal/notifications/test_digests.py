"""One e-mail for each person and day of their own clock."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail

from portal.accounts.models import User
from portal.notifications.models import ContactSettings, Delivery, Digest, Notification
from portal.notifications.services import digests, preferences
from tests.factories import UserFactory
from tests.portal.core.threads import race
from tests.portal.notifications.telling import facts, tell

# In Nairobi, three hours ahead, the hour of the digest (8:00) is 5:00 UTC.
MONDAY = date(2026, 3, 2)
BEFORE, DUE = datetime(2026, 3, 2, 4, 50, tzinfo=UTC), datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def wants_digests(user: User, **clock) -> User:
    preferences.choose(user=user, choices={("Team", "email"): "daily"})
    if clock:
        ContactSettings.objects.create(user=user, **clock)
    return user


def test_what_was_told_since_yesterday_comes_in_one_mail(owner: User) -> None:
    wants_digests(owner)
    tell(owner, key="1", at=BEFORE - 2 * HOUR)
    tell(owner, key="2", at=BEFORE)
    assert digests.queue_due(at=DUE - timedelta(seconds=1)) == 0
    assert digests.queue_due(at=DUE) == 1
    digest = Digest.objects.get()
    assert (digest.day_on, digest.entries.count()) == (MONDAY, 2)
    digests.send(digest.pk)
    digests.send(digest.pk)
    (message,) = mail.outbox
    assert (message.to, message.subject, facts(digest)) == ([owner.email], "2 things to know", ("done", "sent", 1))
    assert message.body.count("Amina Hassan wants to join Savanna Foods, 2 March, 0") == 2, "by the clock in Nairobi"
    assert "2 March, 07:50" in message.body
    assert Delivery.objects.count() == 0


def test_queueing_again_queues_nothing(owner: User) -> None:
    tell(wants_digests(owner), at=BEFORE)
    assert [digests.queue_due(at=DUE + n * HOUR) for n in range(3)] == [1, 0, 0]


def test_what_comes_after_the_hour_waits_for_the_next_day(owner: User) -> None:
    tell(wants_digests(owner), at=DUE + HOUR)
    assert digests.queue_due(at=DUE + 20 * HOUR) == 0
    assert digests.queue_due(at=DUE + DAY) == 1
    assert Digest.objects.get().day_on == MONDAY + DAY


def test_scheduler_that_was_away_sends_what_was_due(owner: User) -> None:
    tell(wants_digests(owner), at=BEFORE)
    assert digests.queue_due(at=DUE + 18 * HOUR) == 1, "after midnight in Nairobi: still Monday's"
    assert Digest.objects.get().day_on == MONDAY


@pytest.mark.parametrize(
    ("clock", "due"),
    [
        ({"time_zone": "America/New_York", "digest_hour": 8}, datetime(2026, 3, 2, 13, 0, tzinfo=UTC)),
        ({"time_zone": "Asia/Tokyo", "digest_hour": 17}, datetime(2026, 3, 2, 8, 0, tzinfo=UTC)),
        # The night in which New York's clocks go forward: 2:30 does not exist, 8:00 is four hours behind.
        ({"time_zone": "America/New_York", "digest_hour": 8}, datetime(2026, 3, 8, 12, 0, tzinfo=UTC)),
    ],
)
def test_hour_is_of_the_persons_own_clock(owner: User, clock: dict, due: datetime) -> None:
    tell(wants_digests(owner, **clock), at=due - HOUR)
    assert digests.queue_due(at=due - timedelta(minutes=1)) == 0
    assert digests.queue_due(at=due) == 1


def test_what_was_read_meanwhile_is_not_told_again(owner: User) -> None:
    tell(wants_digests(owner), at=BEFORE)
    Notification.objects.update(read_at=BEFORE)
    digests.queue_due(at=DUE)
    digest = Digest.objects.get()
    digests.send(digest.pk)
    assert (facts(digest), mail.outbox) == (("done", "skipped", 1), [])


def test_people_do_not_read_one_anothers(owner: User, stranger: User) -> None:
    tell(wants_digests(owner), at=BEFORE)
    tell(wants_digests(stranger), key="other", kind="team_news", at=BEFORE)
    assert digests.queue_due(at=DUE) == 2
    for digest in Digest.objects.all():
        digests.send(digest.pk)
    by_address = {message.to[0]: message.body for message in mail.outbox}
    assert "News of Savanna" not in by_address[owner.email]
    assert "Amina" not in by_address[stranger.email]


def test_long_digest_names_fifty_and_counts_the_rest(owner: User) -> None:
    wants_digests(owner)
    for number in range(53):
        tell(owner, key=str(number), at=BEFORE)
    digests.queue_due(at=DUE)
    digests.send(Digest.objects.get().pk)
    (message,) = mail.outbox
    assert (message.subject, message.body.count("\n* ")) == ("53 things to know", 50)
    assert "And 3 more in the portal." in message.body


@pytest.mark.django_db(transaction=True)
def test_of_several_schedulers_one_queues() -> None:
    person = wants_digests(UserFactory.create())
    tell(person, at=BEFORE)
    assert sorted(race(lambda _number: digests.queue_due(at=DUE), threads=6)) == [0] * 5 + [1]
    assert Digest.objects.get().entries.count() == 1
