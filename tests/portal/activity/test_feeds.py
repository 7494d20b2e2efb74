"""Reading what happened: only what one may read, newest first, in words."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from portal.accounts.models import User
from portal.activity import services as activity
from portal.activity.feeds import entries
from portal.activity.models import ActivityEvent

AT = datetime(2026, 3, 1, 9, tzinfo=UTC)


def labels(events) -> list[str]:
    return [event.subject_label for event in events.newest()]


@pytest.fixture
def events(amina, boss, savanna, northwind):
    """Four events a minute apart, the bill at the same instant as the page before it."""
    activity.record(verb="page.published", actor=amina, company=savanna, label="oldest", at=AT)
    activity.record(verb="page.published", actor=boss, company=northwind, label="theirs", at=AT + timedelta(minutes=1))
    activity.record(verb="page.published", actor=amina, label="nobody's", at=AT + timedelta(minutes=2))
    activity.record(verb="invoice.paid", actor=boss, company=savanna, label="bill", at=AT + timedelta(minutes=2))


@pytest.mark.usefixtures("events")
class TestVisible:
    def test_staff_read_everything_newest_first_the_later_written_first_at_one_instant(self, boss):
        assert labels(ActivityEvent.objects.visible_to(boss)) == ["bill", "nobody's", "theirs", "oldest"]

    def test_person_without_a_company_reads_what_they_did(self, amina):
        assert labels(ActivityEvent.objects.visible_to(amina)) == ["nobody's", "oldest"]

    def test_member_reads_the_company_in_use_and_no_other(self, amina, savanna, viewer_at_savanna):
        viewer_at_savanna.role = "owner"
        seen = ActivityEvent.objects.visible_to(amina, company=savanna, membership=viewer_at_savanna)
        assert labels(seen) == ["bill", "oldest"]

    def test_member_does_not_read_what_the_role_may_not_see(self, amina, savanna, viewer_at_savanna):
        seen = ActivityEvent.objects.visible_to(amina, company=savanna, membership=viewer_at_savanna)
        assert labels(seen) == ["oldest"]

    def test_staff_at_a_companys_desk_read_all_of_that_company_alone(self, boss, savanna, northwind):
        assert labels(ActivityEvent.objects.visible_to(boss, company=savanna)) == ["bill", "oldest"]
        assert labels(ActivityEvent.objects.visible_to(boss, company=northwind)) == ["theirs"]

    def test_without_a_membership_only_what_every_member_may_read_shows(self, amina, savanna):
        assert labels(ActivityEvent.objects.visible_to(amina, company=savanna)) == ["oldest"]

    def test_anonymous_reads_nothing(self, savanna):
        assert labels(ActivityEvent.objects.visible_to(AnonymousUser())) == []
        assert labels(ActivityEvent.objects.visible_to(AnonymousUser(), company=savanna)) == []

    def test_days_are_half_open(self):
        minute = timedelta(minutes=1)
        assert labels(ActivityEvent.objects.between(AT, AT + minute)) == ["oldest"]
        assert labels(ActivityEvent.objects.between(AT + minute, AT + 2 * minute)) == ["theirs"]


def test_history_of_one_record(amina, savanna, northwind):
    activity.record(verb="page.published", actor=amina, subject=savanna, at=AT)
    activity.record(verb="page.published", actor=amina, subject=northwind)
    assert [event.at for event in ActivityEvent.objects.about(savanna)] == [AT]


def test_entry_tells_the_event_in_words_with_the_looks_of_its_verb(amina):
    event = activity.record(verb="page.published", actor=amina, label="<b>Hours</b>", at=AT)
    (entry,) = entries(ActivityEvent.objects.all(), limit=5, now=AT + timedelta(hours=2))
    assert entry.text == "Amina Otieno published <b>Hours</b>"
    assert (entry.at, entry.when.replace("\xa0", " "), entry.url) == (AT, "2 hours ago", "")
    assert (entry.icon, entry.kind, entry.public_id) == ("book", "success", event.public_id)


def test_person_who_is_the_subject_is_named_as_today_and_linked(amina):
    activity.record(verb="member.joined", actor=None, subject=amina, data={"role": "viewer"})
    amina.last_name = "Wanjiru"
    amina.save()
    (entry,) = entries(ActivityEvent.objects.all(), limit=5)
    assert (entry.text, entry.url) == ("Amina Wanjiru joined as viewer", f"/members/{amina.pk}/")


def test_event_of_an_app_that_is_gone_shows_its_code(amina, verbs):
    activity.record(verb="page.published", actor=amina)
    del verbs._entries["page.published"]
    (entry,) = entries(ActivityEvent.objects.all(), limit=5)
    assert (entry.text, entry.url) == ("page.published", "")


def test_feed_is_as_long_as_asked(amina):
    for minute in range(5):
        activity.record(verb="page.published", actor=amina, label=str(minute), at=AT + timedelta(minutes=minute))
    assert [entry.text[-1] for entry in entries(ActivityEvent.objects.all(), limit=3)] == ["4", "3", "2"]


@pytest.mark.parametrize("rows", [1, 20])
@pytest.mark.parametrize(("told_by", "queries"), [("themselves", 1), ("another", 2)])
def test_feed_takes_few_queries_whatever_its_length(rows, told_by, queries, savanna, amina, django_assert_num_queries):
    for number in range(rows):
        person = User.objects.create_user(f"p{number}@activity.example")
        actor = person if told_by == "themselves" else amina
        activity.record(verb="member.joined", actor=actor, company=savanna, subject=person, data={"role": "viewer"})
    with django_assert_num_queries(queries):
        assert len(entries(ActivityEvent.objects.for_company(savanna), limit=50)) == rows
