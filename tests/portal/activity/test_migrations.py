"""The guard of the register can be taken back, and put up again."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection

from portal.activity import sealing
from portal.activity import services as activity
from portal.activity.models import ActivityEvent, ActivitySeal


@pytest.mark.django_db(transaction=True)
def test_append_only_guard_goes_and_comes_with_its_migration():
    activity.record(verb="plan.expired", actor=None, label="a")
    call_command("migrate", "activity", "0001_activity_event", verbosity=0, skip_checks=True)
    assert ActivityEvent.objects.update(subject_label="b") == 1
    call_command("migrate", verbosity=0, skip_checks=True)
    with pytest.raises(IntegrityError, match="append-only"):
        ActivityEvent.objects.update(subject_label="c")
    assert ActivityEvent.objects.get().subject_label == "b"


@pytest.mark.django_db(transaction=True)
def test_tables_go_and_come_with_their_migrations():
    for app in ("activity", "core"):
        call_command("migrate", app, "zero", verbosity=0, skip_checks=True)
        call_command("migrate", verbosity=0, skip_checks=True)
    assert ActivityEvent.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_events_written_before_there_were_seals_wait_for_theirs():
    call_command("migrate", "activity", "0002_append_only", verbosity=0, skip_checks=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO activity_activityevent (public_id, verb, at, object_id, subject_label, data) "
            "VALUES (gen_random_uuid(), 'plan.expired', now(), '', 'old', '{}')"
        )
    call_command("migrate", verbosity=0, skip_checks=True)
    activity.record(verb="plan.expired", actor=None, label="new")
    assert sealing.seal()[0] == 2
    assert [seal.event.subject_label for seal in ActivitySeal.objects.order_by("sequence")] == ["old", "new"]
