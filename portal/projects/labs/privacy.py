"""What links with Labs know of people and companies. Tokens are in no archive, and are forgotten at once."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet

from portal.accounts.models import Company, User
from portal.core.privacy import Eraser, Erasing, Exporter, Record, RetentionRule
from portal.projects.models import LabsAccount, LabsProject, LabsReading

KEPT_DAYS = 30


def account(user: User) -> Iterable[Record]:
    """The person's account at Labs."""
    rows = LabsAccount.objects.filter(user=user)
    return rows.values("subject", "email", "name", "kind", "scopes", "state", "linked_at", "read_at").iterator()


def reached(user: User) -> Iterable[Record]:
    """Projects that the person reaches there."""
    return LabsProject.objects.filter(reaches__account__user=user).order_by("pk").values("name", "url").iterator()


def joined(company: Company) -> Iterable[Record]:
    """What Labs tells of the company's projects."""
    rows = LabsProject.objects.filter(project__company=company).order_by("pk")
    told = ("name", "url", "milestones", "releases", "usage", "read_at")
    return rows.values(*told, project_name=F("project__name")).iterator()


def erase_person(erasing: Erasing[User]) -> None:
    """Forget the link with its tokens, and what nobody else reaches."""
    LabsAccount.objects.filter(user=erasing.owner).delete()
    LabsProject.objects.unreached().delete()


def erase_company(erasing: Erasing[Company]) -> None:
    """Forget what Labs told of its projects, and of those that are thought to be its own."""
    theirs = Q(project__company=erasing.owner) | Q(company=erasing.owner)
    LabsProject.objects.filter(theirs).delete()


def old_readings(limit: datetime) -> "Sequence[QuerySet[Any]]":
    """Looks that had ended before then."""
    return [LabsReading.objects.filter(finished_at__lt=limit)]


PERSON = {"labs_account": Exporter(account), "labs_projects": Exporter(reached)}
COMPANY = {"labs_projects": Exporter(joined)}
PERSON_ERASER = Eraser("The link with your account at Buildly Labs, and its tokens", erase_person)
COMPANY_ERASER = Eraser("What Buildly Labs told of its projects", erase_company)
RULES = {"labs_readings": RetentionRule("Looks at Buildly Labs", KEPT_DAYS, old_readings)}
