"""Whom reports of products are about, by what products call them, and when they happened."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from http import HTTPStatus

from django.utils.translation import gettext as _

from billing.catalog.models import Product
from billing.usage.services import naming
from portal.accounts.models import Company, User
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
    keys = naming.companies(product=product, names=names)
    rows = Company.objects.in_bulk(set(keys.values()))
    return {name: rows[key] for name, key in keys.items()}


def company(*, product: Product, name: str) -> Company:
    """The company of this id or slug. Raises UnknownCompany, alike for those that there are not and for others'."""
    found = companies(product=product, names=[name]).get(name)
    if found is None:
        raise UnknownCompany(_("No company of this name has the product."), field="company")
    return found


def members(pairs: Iterable[tuple[Company, str]]) -> dict[tuple[int, str], User]:
    """People by the key of their company and their `sub`, as it was written."""
    keys = naming.members({(company.pk, sub) for company, sub in pairs})
    rows = User.objects.in_bulk(set(keys.values()))
    return {pair: rows[key] for pair, key in keys.items()}


def must_have_happened(moment: datetime, *, at: datetime, field: str) -> None:
    """Raise NotYet for a moment to come: what came then would count for less for ever."""
    if moment > at + AHEAD:
        raise NotYet(_("This has not happened yet; look at the clock."), field=field)
