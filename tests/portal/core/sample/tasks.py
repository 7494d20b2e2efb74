"""The task of the sample's job."""

from celery import shared_task
from django.db.models import F

from portal.core.services import jobs
from tests.portal.core.sample.models import Chore


def record(chore: Chore, outcome: object) -> None:
    """The effect that must happen once."""
    Chore.objects.filter(pk=chore.pk).update(effects=F("effects") + 1)


@shared_task
def do_chore(pk: int) -> None:
    """Do one chore, if it is still to be done."""
    jobs.perform(job_type=Chore, pk=pk, record=record)
