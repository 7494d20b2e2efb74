"""Developers leave their teams and are nobody; a company's team ends."""

from django.db.models import QuerySet
from django.utils import timezone

from portal.accounts.models import Company, User
from portal.core import files
from portal.core.privacy import Eraser, Erasing
from portal.teams.models import Assignment, Developer
from portal.teams.services import ending


def erase_person(erasing: Erasing[User]) -> None:
    """End the developer's assignments, empty the profile, and let them administer no agency."""
    user = erasing.owner
    user.agencies.clear()
    developer = Developer.objects.select_for_update().filter(user=user).first()
    if developer is None:
        return
    end_all(developer.assignments.all(), erasing)
    developer.assignments.update(note="", removal_reason="", notice_reason="")
    files.delete_on_commit(developer.cv)
    developer.headline = developer.github_name = developer.cv = ""
    developer.skills, developer.links, developer.agency = [], [], None
    if developer.status == Developer.Status.APPROVED:
        developer.exclude()
    elif developer.status == Developer.Status.PENDING:
        developer.reject()
    developer.save()


def erase_company(erasing: Erasing[Company]) -> None:
    """End the team's assignments."""
    assignments = Assignment.objects.for_company(erasing.owner)
    end_all(assignments, erasing)
    assignments.update(note="", removal_reason="", notice_reason="")


def end_all(assignments: "QuerySet[Assignment]", erasing: "Erasing[User] | Erasing[Company]") -> None:
    """End those that give access, today. Proposals were withdrawn before."""
    today = timezone.localdate(erasing.at)
    for pk in assignments.filter(status__in=Assignment.IN_TEAM).order_by("pk").values_list("pk", flat=True):
        ending.end_now(pk=pk, today=today, at=erasing.at)


PERSON = Eraser("Your developer profile with CV and links, and your places in teams", erase_person)
COMPANY = Eraser("The team's developers and what was said of them", erase_company)
