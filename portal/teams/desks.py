"""The desks of developers and of agencies."""

from collections.abc import Iterable

from portal.accounts.desks import Desk, Kind
from portal.accounts.models import User
from portal.teams.models import Agency, Developer


def developer_desks(user: User, ident: str | None = None) -> Iterable[Desk]:
    """The desk of a developer whom the community has not rejected."""
    if Developer.objects.filter(user=user).exclude(status=Developer.Status.REJECTED).exists():
        yield Desk(Kind.DEVELOPER, "own", "Developer")


def agency_desks(user: User, ident: str | None = None) -> Iterable[Desk]:
    """One desk for each agency that the user administers."""
    agencies = Agency.objects.filter(admins=user).order_by("name")
    for agency in agencies.filter(slug=ident) if ident is not None else agencies:
        yield Desk(Kind.AGENCY, agency.slug, agency.name)
