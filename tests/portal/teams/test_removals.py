"""Developers leave teams: asked for, decided, thirty days, ended."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from portal.accounts.models import User
from portal.activity.feeds import entries
from portal.activity.models import ActivityEvent
from portal.approvals import services as approvals
from portal.core.errors import InvalidTransition
from portal.notifications.models import Notification
from portal.teams import tasks
from portal.teams.models import Assignment
from portal.teams.services import ending, removals
from tests.factories import AssignmentFactory
from tests.portal.teams.conftest import AT
from tests.portal.teams.told import kinds_told, told

OTHERS = {"boss@talent.example", "owner@savanna.example", "admin@savanna.example"}
ENDS = date(2026, 3, 12)


def both_told(kind: str) -> bool:
    """Whether agency and company were told, and the developer in words of their own."""
    return told(kind) == OTHERS and told(f"own_{kind}") == {"amina@talent.example"}


@pytest.fixture
def notice(active: Assignment, owner: User, support: User) -> Assignment:
    """Amina under notice until ENDS."""
    request = removals.ask(assignment=active, by=owner, at=AT, reason="The project is done.")
    approvals.approve(approval=request, by=support, at=AT)
    active.refresh_from_db()
    return active


def test_request_waits_for_staff_who_may_decide(active: Assignment, owner: User, support: User, finance: User) -> None:
    request = removals.ask(assignment=active, by=owner, at=AT, reason=" The project is done. ")
    active.refresh_from_db()
    assert (active.status, active.removal_reason) == ("active", "The project is done.")
    assert removals.waiting_on(active) == request
    assert told("removal_request") == {"support@portal.example", "staff@portal.example"}
    with pytest.raises(approvals.MayNotDecide):
        approvals.approve(approval=request, by=owner, at=AT)
    with pytest.raises(approvals.AlreadyAsked):
        removals.ask(assignment=active, by=owner, at=AT, reason="Again.")
    active.refresh_from_db()
    assert (active.status, active.removal_reason) == ("active", "The project is done.")


@pytest.mark.parametrize("state", ["proposed", "rejected", "notice", "ended"])
def test_only_an_active_developer_can_be_removed(state: str, owner: User) -> None:
    assignment = AssignmentFactory.create(**({} if state == "proposed" else {state: True}))
    with pytest.raises(removals.NotInTeam):
        removals.ask(assignment=assignment, by=owner, at=AT, reason="Done.")
    assert removals.waiting_on(assignment) is None
    assert kinds_told() == []


def test_request_needs_a_reason(active: Assignment, owner: User) -> None:
    with pytest.raises(approvals.ReasonMissing):
        removals.ask(assignment=active, by=owner, at=AT, reason="  ")
    assert removals.waiting_on(active) is None


def test_approval_starts_thirty_days_and_tells_both_sides(notice: Assignment, support: User) -> None:
    assert (notice.status, notice.ends_on) == ("notice", ENDS)
    assert both_told("notice_started")
    told_by_the_trail = [entry.text for entry in entries(ActivityEvent.objects.for_company(notice.company), limit=1)]
    assert told_by_the_trail == [
        f"{support} approved the removal of Amina Hassan for our staff: the last day in the team is 11 March 2026"
    ]
    assert ActivityEvent.objects.get(verb="team.notice_started").data == {"last_day": "11 March 2026"}


def test_nobody_reads_of_themselves_in_the_third_person(notice: Assignment, support: User) -> None:
    removals.shorten_notice(assignment=notice, by=support, at=AT, ends_on=date(2026, 3, 1), reason="Handed over.")
    ending.remind(day=date(2026, 2, 28), at=AT)
    ending.end_due(day=date(2026, 3, 1), at=AT)
    own = Notification.objects.filter(recipient=notice.developer.user)
    assert sorted(own.values_list("kind", flat=True)) == [
        "own_assignment_ended",
        "own_notice_ending",
        "own_notice_shortened",
        "own_notice_started",
        "team_approval",
    ]
    assert not [row for row in own if "Amina" in row.subject + row.body]
    assert own.get(kind="own_notice_shortened").subject == (
        "You leave the team of Savanna Foods earlier: your last day is 28 February 2026"
    )


def test_decision_late_at_night_counts_from_the_day_where_the_portal_is(
    active: Assignment, owner: User, support: User
) -> None:
    request = removals.ask(assignment=active, by=owner, at=AT, reason="Done.")
    # 21:30 UTC is half past midnight of the next day in Nairobi.
    approvals.approve(approval=request, by=support, at=datetime(2026, 2, 10, 21, 30, tzinfo=UTC))
    active.refresh_from_db()
    assert active.ends_on == date(2026, 3, 13)


def test_rejection_leaves_the_developer_and_tells_the_company_why(
    active: Assignment, owner: User, support: User
) -> None:
    request = removals.ask(assignment=active, by=owner, at=AT, reason="Done.")
    approvals.reject(approval=request, by=support, at=AT, comment="The contract runs on.")
    active.refresh_from_db()
    assert (active.status, active.ends_on) == ("active", None)
    assert told("removal_rejection") == {"owner@savanna.example", "admin@savanna.example"}


def test_request_for_a_developer_who_left_is_refused(active: Assignment, owner: User, support: User) -> None:
    request = removals.ask(assignment=active, by=owner, at=AT, reason="Done.")
    Assignment.objects.update(status="ended", ends_on=ENDS)
    with pytest.raises(InvalidTransition):
        approvals.approve(approval=request, by=support, at=AT)
    request.refresh_from_db()
    assert request.status == "pending"
    assert "notice_started" not in kinds_told()


def test_scheduler_ends_on_the_day_and_not_before(notice: Assignment) -> None:
    assert ending.end_due(day=ENDS - timedelta(days=1), at=AT) == 0
    notice.refresh_from_db()
    assert notice.status == "notice"
    assert ending.end_due(day=ENDS, at=AT) == 1
    assert ending.end_due(day=ENDS, at=AT) == 0
    notice.refresh_from_db()
    assert (notice.status, notice.ends_on) == ("ended", ENDS)
    assert both_told("assignment_ended")
    assert Notification.objects.filter(kind__endswith="assignment_ended").count() == 1 + len(OTHERS)
    assert ActivityEvent.objects.filter(verb="team.left").count() == 1


@pytest.mark.parametrize(
    ("now", "ended"),
    [
        (datetime(2026, 3, 11, 20, 59, 59, tzinfo=UTC), False),  # one second to midnight in Nairobi
        (datetime(2026, 3, 11, 21, 0, tzinfo=UTC), True),
    ],
)
def test_day_begins_at_midnight_where_the_portal_is(
    notice: Assignment, monkeypatch: pytest.MonkeyPatch, now: datetime, ended: bool
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: now)
    assert Assignment.objects.giving_access(today=timezone.localdate()).exists() is not ended
    tasks.end_assignments()
    notice.refresh_from_db()
    assert notice.status == ("ended" if ended else "notice")


def test_access_is_gone_before_the_scheduler_comes(notice: Assignment) -> None:
    assert list(Assignment.objects.giving_access(today=ENDS - timedelta(days=1))) == [notice]
    assert not Assignment.objects.giving_access(today=ENDS).exists()
    assert notice.status == "notice"


def test_command_ends_for_any_day(notice: Assignment, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("end_assignments", "--date", "2026-03-11")
    call_command("end_assignments", "--date", "2026-03-12")
    call_command("end_assignments", "--date", "2026-03-12")
    assert [line for line in capsys.readouterr().out.splitlines() if line] == ["Ended: 0.", "Ended: 1.", "Ended: 0."]


def test_withdrawn_notice_keeps_the_developer(notice: Assignment, support: User) -> None:
    kept = removals.withdraw_notice(assignment=notice, by=support, at=AT, reason="They agreed.")
    assert (kept.status, kept.ends_on, kept.notice_reason) == ("active", None, "They agreed.")
    assert both_told("notice_withdrawn")
    assert ending.end_due(day=ENDS, at=AT) == 0
    with pytest.raises(InvalidTransition):
        removals.withdraw_notice(assignment=notice, by=support, at=AT, reason="Again.")


def test_notice_that_has_run_out_is_not_withdrawn(notice: Assignment, support: User) -> None:
    late = datetime(2026, 3, 12, 6, tzinfo=UTC)
    with pytest.raises(InvalidTransition, match="run out"):
        removals.withdraw_notice(assignment=notice, by=support, at=late, reason="They agreed.")
    notice.refresh_from_db()
    assert (notice.status, notice.ends_on) == ("notice", ENDS)


def test_shortened_notice_ends_earlier(notice: Assignment, support: User) -> None:
    earlier = date(2026, 2, 20)
    removals.shorten_notice(assignment=notice, by=support, at=AT, ends_on=earlier, reason="Handed over.")
    notice.refresh_from_db()
    assert (notice.status, notice.ends_on, notice.notice_reason) == ("notice", earlier, "Handed over.")
    assert both_told("notice_shortened")


def test_notice_shortened_to_today_ends_at_once(notice: Assignment, support: User) -> None:
    removals.shorten_notice(assignment=notice, by=support, at=AT, ends_on=AT.date(), reason="Handed over.")
    notice.refresh_from_db()
    assert (notice.status, notice.ends_on) == ("ended", AT.date())
    assert both_told("assignment_ended")


@pytest.mark.parametrize("day", [AT.date() - timedelta(days=1), ENDS, ENDS + timedelta(days=1)])
def test_notice_is_shortened_to_days_from_today_on_only(notice: Assignment, support: User, day: date) -> None:
    with pytest.raises(removals.NotShorter):
        removals.shorten_notice(assignment=notice, by=support, at=AT, ends_on=day, reason="Handed over.")
    notice.refresh_from_db()
    assert (notice.status, notice.ends_on, notice.notice_reason) == ("notice", ENDS, "")
    assert "notice_shortened" not in kinds_told()


def test_both_sides_are_reminded_once_a_week_and_once_a_day_before(notice: Assignment) -> None:
    for left, reminders in [(8, 0), (7, 1), (6, 1), (5, 1), (1, 2), (1, 2), (0, 2)]:
        ending.remind(day=ENDS - timedelta(days=left), at=AT)
        assert Notification.objects.filter(kind__endswith="notice_ending").count() == reminders * (1 + len(OTHERS)), (
            left
        )


def test_unfinished_night_is_finished_by_the_next(notice: Assignment, monkeypatch: pytest.MonkeyPatch) -> None:
    AssignmentFactory.create(notice=True, ends_on=ENDS)
    real, calls = ending.end, []

    def end_once(**keywords: object) -> None:
        calls.append(keywords)
        if len(calls) == 2:
            raise KeyboardInterrupt
        real(**keywords)

    monkeypatch.setattr(ending, "end", end_once)
    with pytest.raises(KeyboardInterrupt):
        ending.end_due(day=ENDS, at=AT)
    assert Assignment.objects.filter(status="ended").count() == 1
    monkeypatch.undo()
    assert ending.end_due(day=ENDS, at=AT) == 1
    assert Assignment.objects.filter(status="ended").count() == 2
