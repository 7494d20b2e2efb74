"""Figures on companies and people for dashboards."""

from portal.accounts.desks import Kind
from portal.accounts.models import Company, Membership, User
from portal.core.widgets import Counted, Scope, Statistic, grown


def members(scope: Scope) -> Counted:
    """Members of the viewer's company at the end of the period, of the one before, and on the way."""
    return grown(Membership.objects.filter(company=scope.request.company), scope)


def companies(scope: Scope) -> Counted:
    """Active companies at the end of the period, of the one before, and on the way."""
    return grown(Company.objects.filter(is_active=True), scope)


def people(scope: Scope) -> Counted:
    """Accounts that can sign in, at the end of the period, of the one before, and on the way."""
    return grown(User.objects.filter(is_active=True), scope, by="joined_at")


STATISTICS = {
    "members": Statistic(
        "Members",
        "Members of your company at the end of the period.",
        frozenset({Kind.COMPANY}),
        members,
        "users",
        link="members",
        good="none",
    ),
    "companies": Statistic(
        "Companies", "Active companies at the end of the period.", frozenset({Kind.STAFF}), companies, "building-2"
    ),
    "people": Statistic("People", "Active accounts at the end of the period.", frozenset({Kind.STAFF}), people, "user"),
}
