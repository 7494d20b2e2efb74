"""States: only transitions move them, and a refusal says what would be possible."""

from datetime import UTC, datetime

import pytest
from django.apps.registry import Apps
from django.db import models
from django.db.models.signals import class_prepared

from portal.core.errors import InvalidTransition
from portal.core.states import StateField, possible
from tests.portal.core.sample.models import Letter
from tests.portal.core.state_matrix import assert_state_matrix
from tests.portal.core.threads import race

AT = datetime(2026, 3, 1, 9, tzinfo=UTC)


def test_every_pair_of_state_and_transition():
    assert_state_matrix(
        lambda state: Letter(status=state),
        {
            "send": {"draft": "sent"},
            "read": {"sent": "read", "lost": "read"},
            "give_up": {"sent": "lost"},
        },
        arguments={"send": {"at": AT}},
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"send": {"draft": "sent"}, "read": {"sent": "read", "lost": "read"}},
        {"send": {"draft": "sent"}, "read": {"sent": "read"}, "give_up": {"sent": "lost"}},
        {"send": {"draft": "lost"}, "read": {"sent": "read", "lost": "read"}, "give_up": {"sent": "lost"}},
    ],
    ids=["transition missing", "source missing", "other target"],
)
def test_matrix_that_differs_from_the_model_fails(wrong):
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        assert_state_matrix(lambda state: Letter(status=state), wrong, arguments={"send": {"at": AT}})


def test_transition_changes_fields_and_returns_what_its_method_returns():
    letter = Letter()
    assert letter.send(at=AT) == "posted"
    assert (letter.status, letter.sent_at) == ("sent", AT)


def test_refusal_says_what_is_possible():
    with pytest.raises(InvalidTransition) as refusal:
        Letter(status="sent").send(at=AT)
    assert refusal.value.message == "This letter is “Sent”: “send” is not possible. Possible now: give up, read."
    assert refusal.value.possible == ("give_up", "read")
    assert (refusal.value.code, refusal.value.status) == ("invalid_transition", 409)


def test_refusal_in_a_last_state_says_that_nothing_is_possible():
    with pytest.raises(InvalidTransition, match=r"Possible now: nothing more\."):
        Letter(status="read").give_up()


def test_condition_that_does_not_hold_refuses():
    letter = Letter(is_stamped=False)
    assert possible(letter) == ()
    with pytest.raises(InvalidTransition):
        letter.send(at=AT)
    assert (letter.status, letter.sent_at) == ("draft", None)


def test_state_cannot_be_assigned():
    letter = Letter()
    with pytest.raises(AttributeError):
        letter.status = "read"
    assert letter.status == "draft"


@pytest.mark.django_db
def test_refresh_reads_the_state_again_and_keeps_it_protected():
    letter = Letter.objects.create()
    Letter.objects.update(status="lost")
    letter.refresh_from_db()
    assert letter.status == "lost"
    with pytest.raises(AttributeError):
        letter.status = "read"


@pytest.mark.django_db(transaction=True)
def test_threads_may_refresh_at_the_same_time():
    letter = Letter.objects.create()

    def refresh_often(number: int) -> str:
        mine = Letter.objects.get(pk=letter.pk)
        for _ in range(100):
            mine.refresh_from_db()
        return mine.status

    assert race(refresh_often, threads=4) == ["draft"] * 4


@pytest.mark.parametrize(("module", "listens"), [("__fake__", False), (__name__, True)])
def test_models_that_migrations_make_up_look_for_no_transitions_in_others(module, listens):
    meta = type("Meta", (), {"app_label": "sample", "apps": Apps()})
    made = type("Made", (models.Model,), {"__module__": module, "state": StateField(), "Meta": meta})
    assert class_prepared.disconnect(made._meta.get_field("state")._collect_transitions) is listens
