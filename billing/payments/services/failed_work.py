"""Work about money that was tried as often as it may be, in vain: until somebody has it tried again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from billing.invoicing.models import Charge, PaperFile
from billing.invoicing.services import runs
from billing.payments.models import DunningTask
from portal.activity import services as activity
from portal.core.models import Job
from portal.core.services import jobs

if TYPE_CHECKING:
    from portal.accounts.models import User


@dataclass(frozen=True, slots=True)
class Work:
    """One kind of work: what of it failed, what staff are told of it, and what tries it again."""

    label: str
    advice: str
    failed: Callable[[], QuerySet[PaperFile] | QuerySet[DunningTask] | QuerySet[Charge]]
    again: Callable[[datetime], object]


@transaction.atomic
def retry(*, work: Work, at: datetime, by: "User") -> None:
    """Have the worker try it again."""
    work.again(at)
    activity.record(verb="failed_work.retried", actor=by, label="", data={"work": work.label.lower()}, at=at)


def _run_again(at: datetime) -> None:
    runs.start(until=timezone.localdate(at), at=at)


WORK = {
    "invoice-run": Work(
        "Charges that the invoice run left out",
        "The register of invoice runs says why. They go with the run of the next night, or with a run of today that "
        "you begin here.",
        runs.left_out,
        _run_again,
    ),
    "papers": Work(
        "PDFs that could not be made",
        "Each was tried five times. The worker tries them again within a minute.",
        lambda: PaperFile.objects.filter(state=Job.State.FAILED),
        lambda at: jobs.retry(rows=PaperFile.objects.all(), at=at),
    ),
    "dunning": Work(
        "Steps of dunning that could not be done",
        "Each was tried five times. The worker tries them again within a minute; what is paid by then is left alone, "
        "and nobody is charged twice.",
        lambda: DunningTask.objects.filter(state=Job.State.FAILED),
        lambda at: jobs.retry(rows=DunningTask.objects.all(), at=at),
    ),
}
