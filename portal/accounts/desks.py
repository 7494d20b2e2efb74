"""For whom a person acts: the desk in use decides what every page, file, answer and search result shows.

Each app that knows a kind of desk registers a source that finds a user's desks of that kind.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from django.db.models import F, QuerySet, Value

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


Named = tuple[str, str]


class DeskSource(Protocol):
    """Finds a user's desks of one kind: rows with `desk_ident` and `desk_label`; a kind that asks nothing gives pairs.

    The rows of the companies' kind are memberships, which their desks carry.
    """

    def __call__(self, user: User) -> QuerySet[Any] | list[Named]: ...


sources: Registry[DeskSource] = Registry("desk sources")


def company_desks(user: User) -> QuerySet[Any]:
    """One desk for each active company that the user is a member of."""
    memberships = user.memberships.filter(company__is_active=True).select_related("company")
    return memberships.annotate(desk_ident=F("company__slug"), desk_label=F("company__name"))


def staff_desks(user: User) -> list[Named]:
    """The vendor's own desk, for those who work there."""
    return [("vendor", "Staff")] if user.is_staff else []


def desks_of(user: User) -> list[Desk]:
    """All desks of a user as a switcher shows them, in the order of their kinds; one query for all kinds."""
    found = {kind: sources.get(kind)(user) for kind in Kind}
    asked = [
        rows.order_by().values_list(Value(place), Value(kind.value), "desk_ident", "desk_label")
        for place, (kind, rows) in enumerate(found.items())
        if isinstance(rows, QuerySet)
    ]
    told = [
        (place, kind.value, *row)
        for place, (kind, rows) in enumerate(found.items())
        if not isinstance(rows, QuerySet)
        for row in rows
    ]
    rows = asked[0].union(*asked[1:], all=True) if asked else []
    return [Desk(Kind(kind), ident, label) for _, kind, ident, label in sorted([*rows, *told], key=in_order)]


def in_order(row: tuple[int, str, str, str]) -> tuple[int, str, str]:
    """By kind, then by name, whatever its capitals."""
    return row[0], row[3].casefold(), row[2]


def each_desk(user: User) -> Iterator[Desk]:
    """The same one by one, each whole: kinds after the last desk that is taken are not asked."""
    return (desk for kind in Kind for desk in _whole(kind, user))


def find(user: User, key: str) -> Desk | None:
    """The desk of this key, if it is (still) the user's."""
    kind, _, ident = key.partition(":")
    if kind not in set(Kind) or "\0" in ident:
        return None
    return next(iter(_whole(Kind(kind), user, ident)), None)


def _whole(kind: Kind, user: User, ident: str | None = None) -> Iterator[Desk]:
    """The desks of a kind, those of companies with the membership; `ident` narrows to one."""
    rows = sources.get(kind)(user)
    if not isinstance(rows, QuerySet):
        yield from (Desk(kind, *row) for row in rows if ident is None or row[0] == ident)
        return
    for row in rows.order_by("desk_label") if ident is None else rows.filter(desk_ident=ident):
        if isinstance(row, Membership):
            row.user = user
        yield Desk(kind, row.desk_ident, row.desk_label, row if isinstance(row, Membership) else None)


def desk_in_use(user: User, key: str | None) -> Desk | None:
    """The desk that the session names, else the user's first; None for a user who has none."""
    return (find(user, key) if key else None) or next(each_desk(user), None)
