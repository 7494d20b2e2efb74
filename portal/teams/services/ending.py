"""Assignments end by themselves on their day. Access ends with the day, whether or not this has run."""

from datetime import date, datetime, timedelta

from django.db import transaction

from portal.activity import services as activity
from portal.teams import facts
from portal.teams.models import Assignment
from portal.teams.services import concerned
from portal.teams.services.assignments import locked

# Reminded when this many days, or fewer, are left.
REMINDERS = (7, 1)


def end_due(*, day: date, at: datetime) -> int:
    """End what is due on `day`, a day of the portal's time zone, or was due before; return how many ended.

    Each in a transaction of its own: it may be stopped and run again, and run twice at once.
    """
    return sum(_end_if_due(pk, day, at) for pk in Assignment.objects.ending_by(day).values_list("pk", flat=True))


@transaction.atomic
def _end_if_due(pk: int, day: date, at: datetime) -> bool:
    assignment = locked(pk)
    if assignment.status != Assignment.Status.NOTICE or assignment.ends_on is None or assignment.ends_on > day:
        return False
    end(assignment=assignment, at=at)
    return True


@transaction.atomic
def end_now(*, pk: int, today: date, at: datetime) -> None:
    """End an assignment without notice, because the developer or the company is no more."""
    assignment = locked(pk)
    if assignment.status == Assignment.Status.ACTIVE:
        assignment.give_notice(today=today)
    assignment.ends_on = min(assignment.ends_on or today, max(today, assignment.starts_on or today))
    assignment.save(update_fields=["status", "ends_on"])
    end(assignment=assignment, at=at)


def end(*, assignment: Assignment, at: datetime) -> None:
    """End an assignment that the open transaction has locked, and tell both sides. Raises InvalidTransition."""
    assignment.end()
    assignment.save(update_fields=["status"])
    person = assignment.developer.user
    activity.record(verb="team.left", actor=None, company=assignment.company, subject=person, at=at)
    concerned.tell_both_sides(assignment, kind="assignment_ended", key=f"assignment {assignment.pk}", at=at)
    facts.assignment_ended.send(sender=Assignment, assignment=assignment, at=at)


def remind(*, day: date, at: datetime) -> int:
    """Tell both sides of notices that end soon, once for each of REMINDERS; return how many notices end soon."""
    soon = Assignment.objects.with_people().ending_by(day + timedelta(days=max(REMINDERS))).filter(ends_on__gt=day)
    for assignment in soon:
        left = assignment.days_left(today=day) or 0
        step = min(number for number in REMINDERS if left <= number)
        key = f"assignment {assignment.pk} {assignment.ends_on} {step}"
        concerned.tell_both_sides(assignment, kind="notice_ending", key=key, at=at)
    return len(soon)
