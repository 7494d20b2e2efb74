"""Figures on teams for dashboards."""

from datetime import date

from django.db.models import Q

from portal.accounts.desks import Kind
from portal.core.widgets import Counted, Scope, Statistic
from portal.teams.models import Assignment


def in_team_on(day: date) -> Q:
    """Assignments that had begun before a day and had not ended by then."""
    return Q(starts_on__lt=day) & (Q(ends_on=None) | Q(ends_on__gte=day))


def developers(scope: Scope) -> Counted:
    """Developers in the viewer's team at the end of the period, and at the end of the one before."""
    rows = Assignment.objects.filter(company=scope.request.company)
    period = scope.period
    return Counted(
        rows, in_team_on(period.ends_on), in_team_on(period.starts_on), tuple(map(in_team_on, period.points))
    )


STATISTICS = {
    "developers": Statistic(
        "Developers",
        "Developers in your team at the end of the period.",
        frozenset({Kind.COMPANY}),
        developers,
        "code",
    )
}
