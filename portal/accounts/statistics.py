"""Figures on companies and people for dashboards."""

from django.db.models import Q

from portal.accounts.desks import Kind
from portal.accounts.models import Company, Membership, User
from portal.core.periods import start_of
from portal.core.widgets import Counted, Scope, Statistic


def members(scope: Scope) -> Counted:
    """Members of the viewer's company at the end of the period, and at the end of the one before."""
    starts, ends = start_of(scope.period.starts_on), start_of(scope.period.ends_on)
    return Counted(
        Membership.objects.filter(company=scope.request.company), Q(created_at__lt=ends), Q(created_at__lt=starts)
    )


def companies(scope: Scope) -> Counted:
    """Active companies at the end of the period, and at the end of the one before."""
    starts, ends = start_of(scope.period.starts_on), start_of(scope.period.ends_on)
    return Counted(Company.objects.filter(is_active=True), Q(created_at__lt=ends), Q(created_at__lt=starts))


def people(scope: Scope) -> Counted:
    """Accounts that can sign in, at the end of the period and of the one before."""
    starts, ends = start_of(scope.period.starts_on), start_of(scope.period.ends_on)
    return Counted(User.objects.filter(is_active=True), Q(joined_at__lt=ends), Q(joined_at__lt=starts))


STATISTICS = {
    "members": Statistic(
        "Members", "Members of your company at the end of the period.", frozenset({Kind.COMPANY}), members, "users"
    ),
    "companies": Statistic(
        "Companies", "Active companies at the end of the period.", frozenset({Kind.STAFF}), companies, "building-2"
    ),
    "people": Statistic("People", "Active accounts at the end of the period.", frozenset({Kind.STAFF}), people, "user"),
}
