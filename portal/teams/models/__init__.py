"""People who develop for companies, the agencies that supply them, and the companies they are assigned to."""

from portal.teams.models.assignments import Assignment
from portal.teams.models.people import Agency, Developer

__all__ = ["Agency", "Assignment", "Developer"]
