"""The desk of a reseller."""

from collections.abc import Iterable

from portal.accounts.desks import Desk, Kind
from portal.accounts.models import User
from resellers.models import Reseller


def reseller_desks(user: User, ident: str | None = None) -> Iterable[Desk]:
    """The desk of an approved reseller."""
    for reseller in Reseller.objects.filter(user=user, status=Reseller.Status.APPROVED):
        yield Desk(Kind.RESELLER, "own", reseller.business_name)
