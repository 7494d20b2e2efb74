"""Dunning as a step of `process_subscriptions`: of now beside the workers, of days to come in their place."""

import time
from datetime import date, datetime
from operator import attrgetter

from django.db.models import Q, QuerySet
from django.utils import timezone

from billing.payments.models import DunningTask, Payment
from billing.payments.models.dunning import BY_ITSELF
from billing.payments.services import dunning, payments
from billing.subscriptions.registry import Step

# How long to wait before looking again what a worker, another process, has ended.
SECONDS = 0.5
State = DunningTask.State


def run(at: datetime) -> int:
    """Do what is due as of an instant, and return how much that is; before one to come, all that was begun is ended."""
    if at > timezone.now():
        _work(at)
        _ask(at)
    return dunning.run(at)


def first_day(last: date) -> date | None:
    """The first day up to `last` on which something is due, or waits to be done."""
    waiting = DunningTask.objects.filter(state=State.QUEUED)
    days = [timezone.localdate(task.created_at) if task.action not in BY_ITSELF else task.starts_on for task in waiting]
    return min(filter(None, [dunning.first_day(last), *days]), default=None)


def _work(at: datetime) -> None:
    """Do what waits for the worker, and wait for what it is at: the day after begins with what came of it."""
    now = timezone.now()
    waiting = _begun(at).filter(state=State.QUEUED)
    # Jobs are claimed by the real clock, which has not come to that morning yet.
    waiting.filter(available_at__gt=now, available_at__lte=at).update(available_at=now)
    for task in sorted(waiting, key=attrgetter("due_on", "pk")):
        dunning.do(task.pk, at=at)
    while _begun(at).filter(state=State.RUNNING, lease_ends_at__gt=timezone.now()).exists():
        time.sleep(SECONDS)


def _ask(at: datetime) -> None:
    """Ask what became of payments, and give up those that their payer has left."""
    for payment in Payment.objects.filter(ask_at__lte=at).select_related("company", "invoice", "method").order_by("pk"):
        payments.follow_up(payment=payment, at=at)


def _begun(at: datetime) -> QuerySet[DunningTask]:
    """What was written down by an instant; an invoice that is issued for a day is charged on the turn of the next."""
    is_later = Q(action__in=BY_ITSELF, starts_on__gte=timezone.localdate(at))
    return DunningTask.objects.filter(created_at__lte=at).exclude(is_later)


DUNNING = Step(run, first_day)
