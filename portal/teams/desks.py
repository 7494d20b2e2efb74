"""The desks of developers and of agencies."""

from typing import Any

from django.db.models import F, QuerySet, Value

from portal.accounts.models import User
from portal.teams.models import Agency, Developer


def developer_desks(user: User) -> QuerySet[Any]:
    """The desk of a developer whom the community has not rejected."""
    known = Developer.objects.filter(user=user).exclude(status=Developer.Status.REJECTED)
    return known.annotate(desk_ident=Value("own"), desk_label=Value("Developer"))


def agency_desks(user: User) -> QuerySet[Any]:
    """One desk for each agency that the user administers."""
    return Agency.objects.filter(admins=user).annotate(desk_ident=F("slug"), desk_label=F("name"))
