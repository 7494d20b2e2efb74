"""Looking at a repository in tests, and what waits after it."""

from datetime import timedelta

from django.utils import timezone

from portal.projects.models import Repository, Synchronisation
from portal.projects.services import synchronising
from tests.portal.projects.github_server import RECORDED

PATH = f"/repos/{RECORDED}"


def look(repository: Repository) -> Repository:
    """Look once, now, and read the row again."""
    synchronising.queue(repository=repository, cause="staff", at=timezone.now())
    assert synchronising.perform_some() == 1
    return Repository.objects.select_related("figures").get(pk=repository.pk)


def waiting() -> list[timedelta]:
    """How long from now the looks wait that are still to come, to the minute."""
    rows = Synchronisation.objects.filter(state="queued").values_list("available_at", flat=True)
    return [timedelta(minutes=round((at - timezone.now()).total_seconds() / 60)) for at in rows]
