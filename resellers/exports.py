"""Resellers, for the archives of people."""

from collections.abc import Iterable

from portal.accounts.models import User
from portal.core.privacy import Exporter, Record
from resellers.models import Reseller


def reseller(user: User) -> Iterable[Record]:
    """The person's place in the partner programme."""
    return Reseller.objects.filter(user=user).values("business_name", "status").iterator()


PERSON = Exporter(reseller)
