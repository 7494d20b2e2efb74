"""The chain of seals: nothing is lost to it, and whatever is done to a row behind its back is found and named."""

import hashlib
from datetime import UTC, datetime, timedelta
from io import StringIO
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from psycopg.sql import SQL, Composable, Identifier

from portal.activity import sealing
from portal.activity import services as activity
from portal.activity.models import ActivityEvent, ActivitySeal
from portal.activity.tasks import seal_events
from tests.portal.core.threads import race

AT = datetime(2026, 3, 1, 9, tzinfo=UTC)


def write(number: int, **values) -> ActivityEvent:
    """An event that differs from the others in all it has."""
    return activity.record(
        verb="page.published", actor=None, label=f"page {number}", at=AT + timedelta(minutes=number), **values
    )


def tamper(statement: str | Composable, *values) -> int:
    """Change rows as somebody does who has the database's own password: no trigger looks on."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement, values)
        changed = cursor.rowcount
        cursor.execute("SET session_replication_role = origin")
    return changed


def difference(*arguments: str) -> str:
    """What verify_activity says is the first difference; it ends with status 1."""
    with pytest.raises(CommandError) as error:
        call_command("verify_activity", *arguments, stdout=StringIO())
    assert error.value.returncode == 1
    return str(error.value)


def proof(*arguments: str) -> list[str]:
    """The lines that verify_activity prints where all is well."""
    out = StringIO()
    call_command("verify_activity", *arguments, stdout=out)
    return out.getvalue().splitlines()


@pytest.fixture
def events(amina, savanna, monkeypatch) -> list[ActivityEvent]:
    """Five sealed events, sealed and verified two at a time."""
    monkeypatch.setattr(sealing, "BATCH", 2)
    written = [
        write(number, company=savanna, subject=amina, data={"n": number, "b": [1.5, None, "é"]}) for number in range(5)
    ]
    ActivityEvent.objects.bulk_create([ActivityEvent(verb="page.published", actor=amina)])
    seal_events()
    return written


class TestSealing:
    def test_every_event_gets_the_next_number_and_the_chain_is_proved(self, events):
        assert list(ActivitySeal.objects.order_by("event_id").values_list("sequence", flat=True)) == [1, 2, 3, 4, 5, 6]
        write(9)
        head = str(sealing._head())
        assert proof() == [
            "6 events are sealed and as they were written; 1 wait for their seal.",
            f"Head: {head}",
        ]
        assert proof("--head", head)[0].startswith("6 events")

    def test_empty_register_is_whole(self, db):
        assert proof()[1] == f"Head: 0:{'00' * 32}"

    def test_seal_is_the_hash_that_the_decision_describes(self, savanna):
        event = ActivityEvent.objects.create(
            verb="plan.expired",
            public_id=UUID(int=7),
            at=datetime(2026, 3, 1, 9, 0, 0, 250, tzinfo=UTC),
            company=savanna,
            subject_label="Naïve",
            data={"b": 1, "a": "é"},
        )
        sealing.seal()
        columns = [
            "1",
            str(event.pk),
            "00000000-0000-0000-0000-000000000007",
            "plan.expired",
            "1772355600.000250",
            None,
            str(savanna.pk),
            None,
            "",
            "Naïve",
            '{"a": "é", "b": 1}',
        ]
        texts = ["-," if one is None else f"{len(one.encode())}:{one}," for one in columns]
        expected = hashlib.sha256(bytes(32) + "".join(texts).encode()).hexdigest()
        assert proof()[1] == f"Head: 1:{expected}"

    def test_all_columns_of_an_event_are_sealed(self):
        assert {field.attname for field in ActivityEvent._meta.concrete_fields} == set(sealing.COLUMNS)

    def test_proof_does_not_hang_on_the_time_zone_of_the_connection(self, events):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL TimeZone = 'Asia/Tokyo'; SET LOCAL DateStyle = 'German'")
        assert proof()[0].startswith("6 events")

    def test_queries_grow_with_batches_alone(self, events, django_assert_num_queries):
        with django_assert_num_queries(4 + 4):
            sealing.verify()

    def test_head_goes_to_the_log(self, db, caplog):
        write(1)
        with caplog.at_level("INFO"):
            seal_events()
        assert str(sealing._head()) in caplog.text


@pytest.mark.django_db(transaction=True)
class TestAtTheSameTime:
    def test_event_that_commits_late_is_sealed_after_those_written_later(self):
        def late(number: int) -> None:
            with transaction.atomic():
                write(0)
                race(lambda _: (write(1), sealing.seal()), threads=1)

        late(0)
        sealing.seal()
        order = ActivitySeal.objects.order_by("sequence").values_list("event__subject_label", flat=True)
        assert list(order) == ["page 1", "page 0"]
        assert proof()[0].startswith("2 events are sealed and as they were written; 0 wait")

    def test_many_sealers_and_writers_leave_one_gapless_chain(self, monkeypatch):
        monkeypatch.setattr(sealing, "BATCH", 3)

        def work(number: int) -> None:
            for turn in range(10):
                write(number * 100 + turn)
                sealing.seal()

        assert race(work, threads=6) == [None] * 6
        seal_events()
        assert proof()[0].startswith("60 events are sealed and as they were written; 0 wait")

    def test_sealer_that_is_not_alone_leaves_it_to_the_other(self):
        write(1)

        def work(number: int) -> int:
            return sealing.seal()[0]

        with transaction.atomic():
            assert sealing.seal()[0] == 1
            assert race(work, threads=1) == [0]

    def test_sealer_that_dies_leaves_nothing_half_done(self):
        write(1)
        with transaction.atomic():
            assert sealing.seal()[0] == 1
            transaction.set_rollback(True)
        assert proof()[0] == "0 events are sealed and as they were written; 1 wait for their seal."
        assert sealing.seal()[0] == 1


class TestGuard:
    @pytest.mark.parametrize(
        "change",
        [
            lambda seals: seals.update(digest=bytes(32)),
            lambda seals: seals.update(sequence=99),
            lambda seals: seals.update(sequence=None, digest=None),
            lambda seals: seals.delete(),
        ],
    )
    def test_seals_are_filled_once_and_stay(self, events, change):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            change(ActivitySeal.objects.filter(sequence=3))
        assert proof()[0].startswith("6 events")


class TestTampering:
    @pytest.mark.parametrize(
        ("column", "value"),
        [
            ("public_id", "'00000000-0000-4000-8000-000000000000'"),
            ("verb", "'page.unpublished'"),
            ("at", "at + interval '1 microsecond'"),
            ("at", "'infinity'"),
            ("actor_id", "(SELECT id FROM accounts_user LIMIT 1)"),
            ("company_id", "NULL"),
            ("content_type_id", "content_type_id + 1"),
            ("object_id", "object_id || '0'"),
            ("subject_label", "upper(subject_label)"),
            ("data", "data || '{\"n\": 7}'"),
        ],
    )
    def test_changed_column_is_found(self, events, column, value):
        change = SQL("UPDATE activity_activityevent SET {} = {} WHERE id = %s")
        assert tamper(change.format(Identifier(column), SQL(value)), events[3].pk) == 1
        assert difference() == f"Event {events[3].pk} or its seal 4 was changed."

    def test_changed_key_is_found(self, events):
        assert tamper("UPDATE activity_activityevent SET id = id + 1000 WHERE id = %s", events[3].pk) == 1
        assert difference() == f"Event {events[3].pk} was removed; its seal 4 is still there."

    def test_first_of_several_differences_is_named(self, events):
        for event in (events[4], events[1]):
            tamper("UPDATE activity_activityevent SET verb = 'a' WHERE id = %s", event.pk)
        assert difference() == f"Event {events[1].pk} or its seal 2 was changed."

    def test_what_stands_beside_a_column_does_not_run_over_into_it(self, events):
        sql = "UPDATE activity_activityevent SET object_id = object_id || 'p', subject_label = 'age 3' WHERE id = %s"
        tamper(sql, events[3].pk)
        assert difference() == f"Event {events[3].pk} or its seal 4 was changed."

    @pytest.mark.parametrize("number", [0, 2, 4])
    def test_removed_event_is_found(self, events, number):
        assert tamper("DELETE FROM activity_activityevent WHERE id = %s", events[number].pk) == 1
        assert difference() == f"Event {events[number].pk} was removed; its seal {number + 1} is still there."

    def test_removed_event_at_the_very_end_is_found(self, events):
        last = ActivityEvent.objects.latest("pk").pk
        tamper("DELETE FROM activity_activityevent WHERE id = %s", last)
        assert difference() == f"Event {last} was removed; its seal 6 is still there."

    def test_event_removed_with_its_seal_is_found(self, events):
        tamper("DELETE FROM activity_activityevent WHERE id = %s", events[2].pk)
        tamper("DELETE FROM activity_activityseal WHERE event_id = %s", events[2].pk)
        assert difference() == "Seal 3 is missing: it was removed or renumbered."

    def test_gap_closed_by_renumbering_is_found(self, events):
        for statement in (
            "DELETE FROM activity_activityevent WHERE id = %s",
            "DELETE FROM activity_activityseal WHERE event_id = %s",
        ):
            tamper(statement, events[2].pk)
        for number in (4, 5, 6):
            tamper("UPDATE activity_activityseal SET sequence = sequence - 1 WHERE sequence = %s", number)
        assert difference() == f"Event {events[3].pk} or its seal 3 was changed."

    def test_swapped_events_are_found(self, events):
        one, two = events[1].pk, events[3].pk
        for old, new in ((one, 0), (two, one), (0, two)):
            tamper("UPDATE activity_activityevent SET id = %s WHERE id = %s", new, old)
        assert difference() == f"Event {one} or its seal 2 was changed."

    def test_swapped_seals_are_found(self, events):
        for old, new in ((2, 90), (4, 2), (90, 4)):
            tamper("UPDATE activity_activityseal SET sequence = %s WHERE sequence = %s", new, old)
        assert difference() == f"Event {events[3].pk} or its seal 2 was changed."

    def test_changed_digest_is_found(self, events):
        tamper("UPDATE activity_activityseal SET digest = sha256('x') WHERE sequence = 3")
        assert difference() == f"Event {events[2].pk} or its seal 3 was changed."

    def test_event_inserted_past_the_trigger_is_found(self, events):
        tamper(
            "INSERT INTO activity_activityevent (public_id, verb, at, object_id, subject_label, data) "
            "SELECT gen_random_uuid(), verb, at, object_id, subject_label, data FROM activity_activityevent "
            "WHERE id = %s",
            events[0].pk,
        )
        inserted = ActivityEvent.objects.latest("pk").pk
        seal_events()
        assert difference() == f"Event {inserted} has no seal and waits for none: it was inserted past the register."

    def test_event_inserted_with_a_seal_of_its_own_is_found(self, events):
        late = write(8)
        tamper("UPDATE activity_activityseal SET sequence = 7, digest = sha256('x') WHERE event_id = %s", late.pk)
        assert difference() == f"Event {late.pk} or its seal 7 was changed."

    def test_event_removed_before_it_was_sealed_is_found(self, events):
        late = write(8)
        tamper("DELETE FROM activity_activityevent WHERE id = %s", late.pk)
        assert difference() == f"Event {late.pk}, which waited for its seal, was removed."

    def test_newest_removed_with_their_seals_are_found_by_a_head_that_was_noted(self, events):
        noted = str(sealing._head())
        newest = ActivitySeal.objects.get(sequence=5).event_id
        tamper("DELETE FROM activity_activityevent WHERE id >= %s", newest)
        tamper("DELETE FROM activity_activityseal WHERE event_id >= %s", newest)
        assert proof()[0].startswith("4 events")
        assert difference("--head", noted) == (
            "The trail ends at seal 4, but seal 6 was noted: the newest were removed."
        )

    def test_chain_written_anew_is_found_by_a_head_that_was_noted(self, events):
        noted = str(sealing._head())
        tamper("UPDATE activity_activityevent SET verb = 'a' WHERE id = %s", events[1].pk)
        tamper("UPDATE activity_activityseal SET sequence = NULL, digest = NULL")
        seal_events()
        assert proof()[0].startswith("6 events")
        assert difference("--head", noted) == ("Seal 6 is not the one that was noted: the trail was written anew.")

    @pytest.mark.parametrize("head", ["", "6", "6:abcd", "six:" + "00" * 32, "-1:" + "00" * 32])
    def test_head_that_is_none_is_refused(self, db, head):
        with pytest.raises(CommandError, match="a head is a number, a colon and 64 hexadecimal digits"):
            call_command("verify_activity", f"--head={head}")
