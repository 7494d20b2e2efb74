"""Figures on projects for dashboards."""

from django.db.models import Q

from portal.accounts.desks import Kind
from portal.core.widgets import Counted, Scope, Statistic
from portal.projects.models import Milestone


def milestones_reached(scope: Scope) -> Counted:
    """Milestones of the company's projects that were reached in the period, and in the one before."""
    period = scope.period
    rows = Milestone.objects.filter(project__company=scope.request.company)
    now = Q(reached_on__gte=period.starts_on, reached_on__lt=period.ends_on)
    before = period.before
    return Counted(rows, now, Q(reached_on__gte=before.starts_on, reached_on__lt=before.ends_on))


STATISTICS = {
    "milestones-reached": Statistic(
        "Milestones reached",
        "Milestones of your projects that were reached in the period.",
        frozenset({Kind.COMPANY}),
        milestones_reached,
        "award",
    )
}
