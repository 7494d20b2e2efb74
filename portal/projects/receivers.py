"""What projects hear of teams."""

from datetime import datetime

from portal.projects.services import people
from portal.teams import facts
from portal.teams.models import Assignment


def left_team(sender: type, assignment: Assignment, at: datetime, **rest: object) -> None:
    """Whoever has left the team works on none of the company's projects."""
    people.leave_all(assignment=assignment, at=at)


def connect() -> None:
    """Listen; once, however often it is called."""
    facts.assignment_ended.connect(left_team, dispatch_uid="projects.assignment_ended")
