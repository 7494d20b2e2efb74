"""The desk of a reseller."""

from typing import Any

from django.db.models import F, QuerySet, Value

from portal.accounts.models import User
from resellers.models import Reseller


def reseller_desks(user: User) -> QuerySet[Any]:
    """The desk of an approved reseller."""
    approved = Reseller.objects.filter(user=user, status=Reseller.Status.APPROVED)
    return approved.annotate(desk_ident=Value("own"), desk_label=F("business_name"))
