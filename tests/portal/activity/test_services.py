"""Recording what happened."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from portal.activity import services as activity
from portal.activity.models import ActivityEvent
from portal.core.registry import NotRegistered

AT = datetime(2026, 3, 1, 9, tzinfo=UTC)


def test_event_holds_who_did_what_to_what_where_and_when(amina, savanna):
    event = activity.record(
        verb="page.published", actor=amina, company=savanna, subject=savanna, data={"sum": Decimal("1.50")}, at=AT
    )
    event.refresh_from_db()
    assert (event.verb, event.actor, event.company, event.at) == ("page.published", amina, savanna, AT)
    assert (event.subject, event.subject_label) == (savanna, "Savanna Foods")
    assert event.data == {"sum": "1.50"}
    assert event.sentence() == "Amina Otieno published Savanna Foods"


def test_event_without_time_happens_now_and_without_actor_is_the_portals(db):
    before = timezone.now()
    event = activity.record(verb="plan.expired", actor=None, label="Payroll monthly")
    assert before <= event.at <= timezone.now()
    assert (event.company, event.subject) == (None, None)
    assert event.sentence() == "The portal ended Payroll monthly"


def test_label_may_be_given_and_is_cut_to_its_length(amina, savanna):
    event = activity.record(verb="page.published", actor=amina, subject=savanna, label="x" * 300)
    assert event.subject_label == "x" * 255


def test_names_of_people_are_not_written_into_the_register(amina):
    event = activity.record(verb="member.joined", actor=None, subject=amina, data={"role": "viewer"})
    assert (event.subject_label, event.subject) == ("", amina)


def test_unknown_verb_is_refused_and_nothing_is_written(amina):
    with pytest.raises(NotRegistered):
        activity.record(verb="page.burnt", actor=amina)
    assert ActivityEvent.objects.count() == 0


def test_event_is_gone_when_its_transaction_rolls_back(amina):
    with transaction.atomic():
        activity.record(verb="page.published", actor=amina)
        transaction.set_rollback(True)
    assert ActivityEvent.objects.count() == 0


@pytest.mark.parametrize(
    "change",
    [
        lambda event: ActivityEvent.objects.filter(pk=event.pk).update(verb="page.burnt"),
        lambda event: ActivityEvent.objects.filter(pk=event.pk).delete(),
        lambda event: event.delete(),
        lambda event: event.save(update_fields=["subject_label"]),
    ],
    ids=["update", "delete by query", "delete", "save"],
)
def test_database_refuses_to_change_or_delete_an_event(amina, change):
    event = activity.record(verb="page.published", actor=amina, label="Opening hours", at=AT)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        change(event)
    kept = ActivityEvent.objects.get()
    assert (kept.verb, kept.subject_label, kept.at) == ("page.published", "Opening hours", AT)


def test_person_and_company_of_an_event_cannot_be_deleted(amina, savanna):
    activity.record(verb="page.published", actor=amina, company=savanna)
    with pytest.raises(ProtectedError):
        amina.delete()
    with pytest.raises(ProtectedError):
        savanna.delete()
    assert ActivityEvent.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_tests_may_empty_the_table_1():
    activity.record(verb="plan.expired", actor=None)
    assert ActivityEvent.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_tests_may_empty_the_table_2():
    activity.record(verb="plan.expired", actor=None)
    assert ActivityEvent.objects.count() == 1
