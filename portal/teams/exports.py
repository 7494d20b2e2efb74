"""Developers and teams, for the archives of people and companies."""

from collections.abc import Iterable, Iterator

from django.db.models import F

from portal.accounts.models import Company, User
from portal.core.privacy import Exporter, KeptFile, Record
from portal.teams.models import Agency, Assignment, Developer

PROFILE = ("status", "headline", "skills", "links", "github_name", "availability")


def developer(user: User) -> Iterable[Record]:
    """The person's profile."""
    return Developer.objects.filter(user=user).values(*PROFILE, agency_name=F("agency__name")).iterator()


def cv(user: User) -> Iterator[KeptFile]:
    """Their CV."""
    for found in Developer.objects.filter(user=user).exclude(cv=""):
        yield KeptFile("CV.pdf", found.cv)


def assignments(user: User) -> Iterable[Record]:
    """Teams that the person was in."""
    rows = Assignment.objects.visible_to(user).order_by("pk")
    return rows.values("status", "proposed_at", "starts_on", "ends_on", company_name=F("company__name")).iterator()


def agencies(user: User) -> Iterable[Record]:
    """Agencies that the person administers."""
    return Agency.objects.filter(admins=user).order_by("pk").values("name").iterator()


def team(company: Company) -> Iterator[Record]:
    """The company's developers, now and before."""
    for row in Assignment.objects.for_company(company).with_people().order_by("pk").iterator():
        yield {
            "developer": str(row.developer),
            "source": row.developer.source,
            "status": row.status,
            "note": row.note,
            "starts_on": row.starts_on,
            "ends_on": row.ends_on,
            "removal_reason": row.removal_reason,
        }


PERSON = {
    "developer": Exporter(developer, cv),
    "assignments": Exporter(assignments),
    "agencies": Exporter(agencies),
}
COMPANY = {"team": Exporter(team)}
