"""What is due by an instant, for all subscriptions: `process_subscriptions` and the scheduler's task."""

from collections import Counter
from datetime import datetime, timedelta

from django.db import transaction

from billing.subscriptions.models import Subscription
from billing.subscriptions.registry import steps
from billing.subscriptions.services import advancing, limits, locking, telling

BATCH = 500
TRIAL_REMINDER = timedelta(days=3)


def process(*, until: datetime) -> Counter[str]:
    """Do all that is due before an instant: trials, renewals, ends, then what other apps have registered, warnings.

    Each batch is a transaction: it may be killed and run again, and run by several at once. Everything is dated when
    it was due, so that one run does the same as one a day. Returns what was done, and how often.
    """
    done: Counter[str] = Counter()
    while (batch := _advance(until)) is not None:
        done += batch
    for name in steps:
        done[name] += steps.get(name)(until)
    done["trial_reminders"] = remind_of_trials(until=until)
    done["warnings"] = limits.warn(at=until)
    return +done


@transaction.atomic
def _advance(until: datetime) -> Counter[str] | None:
    """Do what is due of some subscriptions that nobody else is at; None when there are none."""
    batch = list(locking.unlocked().due(until=until)[:BATCH])
    return advancing.advance(batch, until=until) if batch else None


@transaction.atomic
def remind_of_trials(*, until: datetime) -> int:
    """Tell payers whose trial ends within three days, once; return how many trials that are."""
    soon = Subscription.objects.with_contents().filter(
        status=Subscription.Status.TRIALING, trial_ends_at__gte=until, trial_ends_at__lt=until + TRIAL_REMINDER
    )
    rows = [row for row in soon.order_by("pk") if not row.ends_by_itself]
    telling.trials_ending(rows, at=until)
    return len(rows)
