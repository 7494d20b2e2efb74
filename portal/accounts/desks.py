"""For whom a person acts: the desk in use decides what every page, file, answer and search result shows.

Each app that knows a kind of desk registers a source that finds a user's desks of that kind.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from portal.accounts.models import Company, Membership, User
from portal.core.registry import Registry


class Kind(StrEnum):
    """The five kinds of desk, in the order in which the switcher lists them."""

    COMPANY = "company"
    DEVELOPER = "developer"
    AGENCY = "agency"
    RESELLER = "reseller"
    STAFF = "staff"


HOME_URLS = {
    Kind.COMPANY: "/customer/dashboard/",
    Kind.DEVELOPER: "/developer/dashboard/",
    Kind.AGENCY: "/agency/dashboard/",
    Kind.RESELLER: "/reseller/dashboard/",
    Kind.STAFF: "/staff/dashboard/",
}


@dataclass(frozen=True, slots=True)
class Desk:
    """One place a person can act for; `ident` tells several of one kind apart (a company's slug)."""

    kind: Kind
    ident: str
    label: str
    membership: Membership | None = None

    @property
    def key(self) -> str:
        """Name of the desk in the session and in the switcher, such as "company:savanna-foods"."""
        return f"{self.kind}:{self.ident}"

    @property
    def home_url(self) -> str:
        """Address of the desk's dashboard."""
        return HOME_URLS[self.kind]

    @property
    def company(self) -> Company | None:
        """The company that this desk acts for, where it is a company's."""
        return self.membership.company if self.membership else None


class DeskSource(Protocol):
    """Finds a user's desks of one kind; `ident` narrows to one. At most one query."""

    def __call__(self, user: User, ident: str | None = None) -> Iterable[Desk]: ...


sources: Registry[DeskSource] = Registry("desk sources")


def company_desks(user: User, ident: str | None = None) -> Iterable[Desk]:
    """One desk for each active company that the user is a member of."""
    memberships = user.memberships.filter(company__is_active=True).select_related("company").order_by("company__name")
    if ident is not None:
        memberships = memberships.filter(company__slug=ident)
    for membership in memberships:
        membership.user = user
        yield Desk(Kind.COMPANY, membership.company.slug, membership.company.name, membership)


def staff_desks(user: User, ident: str | None = None) -> Iterable[Desk]:
    """The vendor's own desk, for those who work there."""
    if user.is_staff:
        yield Desk(Kind.STAFF, "vendor", "Staff")


def desks_of(user: User) -> list[Desk]:
    """All desks of a user, in the order of their kinds."""
    return list(each_desk(user))


def each_desk(user: User) -> Iterator[Desk]:
    """The same one by one: kinds after the last desk that is taken are not asked."""
    return (desk for kind in Kind for desk in sources.get(kind)(user))


def find(user: User, key: str) -> Desk | None:
    """The desk of this key, if it is (still) the user's."""
    kind, _, ident = key.partition(":")
    if kind not in set(Kind) or "\0" in ident:
        return None
    return next(iter(sources.get(kind)(user, ident)), None)


def desk_in_use(user: User, key: str | None) -> Desk | None:
    """The desk that the session names, else the user's first; None for a user who has none."""
    return (find(user, key) if key else None) or next(each_desk(user), None)
