"""Who is told of what happens in teams, and in which words."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.formats import date_format

from portal.accounts import roles
from portal.accounts.models import Company, Membership, User
from portal.notifications.services import notices

if TYPE_CHECKING:
    from portal.teams.models import Assignment, Developer


def approvers(company: Company) -> list[User]:
    """Members who may approve developers for the company."""
    members = Membership.objects.filter(company=company).select_related("user")
    return [member.user for member in members if roles.allows(member, roles.Permission.APPROVE_DEVELOPERS)]


def agency_admins(developer: "Developer") -> list[User]:
    """The admins of the agency that sent the developer, other than the developer."""
    return list(developer.agency.admins.exclude(pk=developer.user_id)) if developer.agency else []


def words_of(assignment: "Assignment") -> dict[str, str]:
    """The gaps that every notification on an assignment can fill; `date` is the last day, where there is one."""
    last_day = date_format(assignment.last_day, "j F Y") if assignment.last_day else ""
    return {"developer": str(assignment.developer), "company": assignment.company.name, "date": last_day}


def tell_both_sides(assignment: "Assignment", *, kind: str, key: str, at: datetime) -> None:
    """Tell the developer in words of their own (`own_…`), the agency, and the approvers at the company's desk."""
    developer, company, fields = assignment.developer, assignment.company, words_of(assignment)
    team, agency = f"/customer/team/{developer.public_id}/", agency_admins(developer)
    notices.notify(kind=f"own_{kind}", people=[developer.user], key=key, at=at, fields=fields, url="/dashboard/")
    notices.notify(kind=kind, people=agency, key=key, at=at, fields=fields, url="/dashboard/")
    notices.notify(kind=kind, people=approvers(company), key=key, at=at, fields=fields, url=team, company=company)


def tell_of_decision(
    developer: "Developer",
    *,
    kinds: tuple[str, str],
    others: list[User],
    key: str,
    at: datetime,
    fields: dict[str, str],
    url: str,
) -> None:
    """Tell the developer the first of the kinds, whose words say "you", and the others the second."""
    own, theirs = kinds
    others = [person for person in others if person.pk != developer.user_id]
    notices.notify(kind=own, people=[developer.user], key=key, at=at, fields=fields, url=url)
    notices.notify(kind=theirs, people=others, key=key, at=at, fields=fields, url="/dashboard/")
