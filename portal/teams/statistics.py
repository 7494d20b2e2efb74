"""Figures on teams for dashboards."""

from datetime import date

from django.db.models import Count, Q

from portal.accounts.desks import Kind
from portal.core.widgets import Figure, Scope, Statistic
from portal.teams.models import Assignment


def in_team_on(day: date) -> Q:
    """Assignments that had begun before a day and had not ended by then."""
    return Q(starts_on__lt=day) & (Q(ends_on=None) | Q(ends_on__gte=day))


def developers(scope: Scope) -> Figure:
    """Developers in the viewer's team at the end of the period, and at the end of the one before."""
    rows = Assignment.objects.filter(company=scope.request.company)
    counted = rows.aggregate(
        now=Count("pk", filter=in_team_on(scope.period.ends_on)),
        before=Count("pk", filter=in_team_on(scope.period.starts_on)),
    )
    return Figure(counted["now"], counted["before"])


STATISTICS = {
    "developers": Statistic(
        "Developers",
        "Developers in your team at the end of the period.",
        frozenset({Kind.COMPANY}),
        developers,
        "code",
    )
}
