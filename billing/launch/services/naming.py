"""What products call companies and members by: only such as have, or had, the product."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from http import HTTPStatus
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from billing.catalog.models import Product
from portal.accounts.models import Company, Membership, User
from portal.core.errors import DomainError

# A clock that is so much ahead is still a clock.
AHEAD = timedelta(minutes=10)


class UnknownCompany(DomainError):
    """No company of this name has, or ever had, the product."""

    code = "unknown_company"
    status = HTTPStatus.NOT_FOUND


class NotYet(DomainError):
    """What is told of has not happened yet."""

    code = "in_future"


def companies(*, product: Product, names: Collection[str]) -> dict[str, Company]:
    """Companies by id or slug, as each was named, among those that have the product or had it once."""
    wanted = {name: as_id(name) for name in names}
    ids = [found for found in wanted.values() if found]
    rows = Company.objects.filter(product_accesses__product=product, erased_at=None)
    found: dict[UUID | str, Company] = {}
    for row in rows.filter(Q(public_id__in=ids) | Q(slug__in=wanted)):
        found[row.slug] = found[row.public_id] = row
    named = {name: found.get(key or name) or found.get(name) for name, key in wanted.items()}
    return {name: row for name, row in named.items() if row}


def company(*, product: Product, name: str) -> Company:
    """The company of this id or slug. Raises UnknownCompany, alike for those that there are not and for others'."""
    found = companies(product=product, names=[name]).get(name)
    if found is None:
        raise UnknownCompany(_("No company of this name has the product."), field="company")
    return found


def members(pairs: Iterable[tuple[Company, str]]) -> dict[tuple[int, str], User]:
    """Members by the key of their company and their `sub`, as it was written."""
    wanted = {(company.pk, sub, as_id(sub)) for company, sub in pairs}
    ids = {found for _company, _sub, found in wanted if found}
    rows = Membership.objects.filter(company__in={row[0] for row in wanted}, user__public_id__in=ids)
    found = {(row.company_id, row.user.public_id): row.user for row in rows.select_related("user")} if ids else {}
    return {(pk, sub): found[pk, key] for pk, sub, key in wanted if key and (pk, key) in found}


def as_id(text: str) -> UUID | None:
    """An identifier, however it is written."""
    try:
        return UUID(text)
    except ValueError:
        return None


def must_have_happened(moment: datetime, *, at: datetime, field: str) -> None:
    """Raise NotYet for a moment to come: what came then would count for less for ever."""
    if moment > at + AHEAD:
        raise NotYet(_("This has not happened yet; look at the clock."), field=field)
