"""What is due by an instant, for all subscriptions: `process_subscriptions` and the scheduler's task."""

from collections import Counter
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Min, Q
from django.utils import timezone

from billing.invoicing.models import Charge
from billing.invoicing.services import runs
from billing.subscriptions.models import Subscription
from billing.subscriptions.registry import steps
from billing.subscriptions.services import advancing, limits, locking, telling
from portal.core.periods import start_of

BATCH = 500
TRIAL_REMINDER = timedelta(days=3)
DAY = timedelta(days=1)
# When a day to come has its turn: nobody sleeps then.
NOON = timedelta(hours=12)


def process(*, until: datetime) -> Counter[str]:
    """Do all that is due before an instant: trials, renewals, ends, then what other apps have registered, warnings.

    Each batch is a transaction: it may be killed and run again, and run by several at once. Returns what was done, and
    how often.
    """
    return advance(until=until) + _turn(until)


def process_days(*, last: date) -> Counter[str]:
    """Do all that is due by the end of a day, in the order of the days: the same in one go as in a call for each.

    What was owed before a day is invoiced on its turn, as dunning begins with it. Nobody hears of anything as of a day
    that is over: what was missed until now has one turn, now.
    """
    now, done = timezone.now(), Counter[str]()
    today = timezone.localdate(now)
    day = min(last, max(today, _first_day(last)))
    while day <= last:
        at = now if day <= today else start_of(day) + NOON
        end = start_of(day + DAY)
        done += advance(until=min(at, end))
        runs.issue_due(until=day - DAY)
        done += _turn(at) + advance(until=end)
        day += DAY
    return done


def advance(*, until: datetime) -> Counter[str]:
    """Do what is due with subscriptions themselves, dated when it was due: one run does the same as one a day."""
    done: Counter[str] = Counter()
    while (batch := _advance(until)) is not None:
        done += batch
    return done


def _first_day(last: date) -> date:
    """The day before the first on which anything is due, as what is used in a period is looked at until it ends."""
    is_trial = Q(status=Subscription.Status.TRIALING)
    due = Subscription.objects.aggregate(at=Min("due_at"), trial=Min("trial_ends_at", filter=is_trial))
    instants = [due["at"], due["trial"] and due["trial"] - TRIAL_REMINDER]
    # What the last run could not invoice is tried again on each day, whichever is the first.
    charges = Charge.objects.due(last).exclude(pk__in=runs.left_out().values("pk")).aggregate(day=Min("due_on"))
    days = [timezone.localdate(at) for at in instants if at]
    days += filter(None, [charges["day"], *(step.first_day(last) for step in steps.all())])
    return min([last, *days]) - DAY


def _turn(at: datetime) -> Counter[str]:
    """Do what is due as of an instant: what other apps have registered, reminders, warnings."""
    done = Counter({name: steps.get(name).run(at) for name in steps})
    done["trial_reminders"] = remind_of_trials(until=at)
    done["warnings"] = limits.warn(at=at)
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
