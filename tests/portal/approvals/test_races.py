"""Two at once, in real threads: one decision stands, the other is told."""

import pytest

from portal.accounts.models import User
from portal.activity.models import ActivityEvent
from portal.approvals import services
from portal.approvals.models import Approval
from portal.approvals.services import AlreadyAsked, AlreadyDecided
from portal.notifications.models import Notification
from tests.portal.approvals.conftest import AT, LATER, Ask
from tests.portal.core.sample.models import Letter
from tests.portal.core.threads import race

pytestmark = pytest.mark.django_db(transaction=True)
RACERS = 6


def verbs() -> list[str]:
    return list(ActivityEvent.objects.order_by("pk").values_list("verb", flat=True))


def test_racing_deciders_leave_one_decision(ask: Ask, staff: User, owner: User) -> None:
    asked = ask(by=owner)

    def decide(number: int) -> Approval:
        if number % 2:
            return services.approve(approval=asked, by=staff, at=LATER, comment=f"Yes {number}")
        return services.reject(approval=asked, by=staff, at=LATER, comment=f"No {number}")

    results = race(decide, threads=RACERS)
    stands = [result for result in results if isinstance(result, Approval)]
    assert len(stands) == 1
    assert [type(result) for result in results if result not in stands] == [AlreadyDecided] * (RACERS - 1)
    row = Approval.objects.get()
    assert (row.status, row.comment) == (stands[0].status, stands[0].comment)
    assert row.subject.status == ("sent" if row.status == "approved" else "draft")
    assert verbs() == ["approval.asked", f"approval.{row.status}"]
    assert Notification.objects.get().recipient == owner


def test_decision_and_withdrawal_race_for_one_outcome(ask: Ask, staff: User) -> None:
    asked = ask()

    def work(number: int) -> Approval:
        if number % 2:
            return services.cancel(approval=asked, by=None, at=LATER)
        return services.approve(approval=asked, by=staff, at=LATER)

    results = race(work, threads=RACERS)
    assert sorted(type(result).__name__ for result in results) == ["AlreadyDecided"] * (RACERS - 1) + ["Approval"]
    assert len(verbs()) == 2


def test_racing_askers_leave_one_question(letter: Letter) -> None:
    results = race(lambda _: services.ask(kind="sending", subject=letter, by=None, at=AT), threads=RACERS)
    assert sorted(type(result).__name__ for result in results) == [AlreadyAsked.__name__] * (RACERS - 1) + ["Approval"]
    assert Approval.objects.count() == 1
    assert verbs() == ["approval.asked"]


def test_two_bulk_decisions_over_the_same_rows_decide_each_once(ask: Ask, staff: User) -> None:
    rows = [ask() for _ in range(10)]

    def decide(number: int) -> list[services.Result]:
        return services.decide_many(
            approvals=rows if number % 2 else rows[::-1], decision="approve", by=staff, at=LATER, comment=str(number)
        )

    first, second = race(decide, threads=2)
    assert isinstance(first, list)
    assert isinstance(second, list)
    assert [bool(a.refusal) + bool(b.refusal) for a, b in zip(first, second, strict=True)] == [1] * 10
    assert Approval.objects.filter(status="approved").count() == 10
    assert verbs().count("approval.approved") == 10
