"""Figures on companies and people for dashboards."""

from django.db.models import Count, Q

from portal.accounts.desks import Kind
from portal.accounts.models import Company, Membership, User
from portal.core.periods import start_of
from portal.core.widgets import Figure, Scope, Statistic


def members(scope: Scope) -> Figure:
    """Members of the viewer's company at the end of the period, and at the end of the one before."""
    starts, ends = start_of(scope.period.starts_on), start_of(scope.period.ends_on)
    rows = Membership.objects.filter(company=scope.request.company)
    counted = rows.aggregate(
        now=Count("pk", filter=Q(created_at__lt=ends)), before=Count("pk", filter=Q(created_at__lt=starts))
    )
    return Figure(counted["now"], counted["before"])


def companies(scope: Scope) -> Figure:
    """Active companies at the end of the period, and at the end of the one before."""
    starts, ends = start_of(scope.period.starts_on), start_of(scope.period.ends_on)
    rows = Company.objects.filter(is_active=True)
    counted = rows.aggregate(
        now=Count("pk", filter=Q(created_at__lt=ends)), before=Count("pk", filter=Q(created_at__lt=starts))
    )
    return Figure(counted["now"], counted["before"])


def people(scope: Scope) -> Figure:
    """Accounts that can sign in, at the end of the period and of the one before."""
    starts, ends = start_of(scope.period.starts_on), start_of(scope.period.ends_on)
    rows = User.objects.filter(is_active=True)
    counted = rows.aggregate(
        now=Count("pk", filter=Q(joined_at__lt=ends)), before=Count("pk", filter=Q(joined_at__lt=starts))
    )
    return Figure(counted["now"], counted["before"])


STATISTICS = {
    "members": Statistic(
        "Members", "Members of your company at the end of the period.", frozenset({Kind.COMPANY}), members, "users"
    ),
    "companies": Statistic(
        "Companies", "Active companies at the end of the period.", frozenset({Kind.STAFF}), companies, "building-2"
    ),
    "people": Statistic("People", "Active accounts at the end of the period.", frozenset({Kind.STAFF}), people, "user"),
}
