"""How much of what a plan allows is used, and warnings before it is all."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_DOWN, Decimal

from django.db import transaction
from django.db.models import Prefetch

from billing.catalog.models import Metric, PlanLimit
from billing.subscriptions.models import LimitWarning, Subscription
from billing.subscriptions.models.subscriptions import SubscriptionQuerySet
from billing.subscriptions.registry import Use, used
from billing.subscriptions.services import access, telling

PERCENTS = (80, 100)
SEATS = "Seats"
BATCH = 500
# What is read of the plans of subscriptions, to know what is used of them.
CONTENTS = ("plan__products", Prefetch("plan__limits", PlanLimit.objects.select_related("metric")))


@dataclass(frozen=True, slots=True)
class Consumption:
    """One limit of a plan: what is used of it in the current period.

    `metric` is None for seats, `limit` where there is none, `used` where nobody counts it.
    """

    label: str
    metric: Metric | None
    limit: int | None
    used: int | None

    @property
    def percent(self) -> int | None:
        """What is used of the limit, in whole percent rounded down; None where that says nothing."""
        if self.used is None or not self.limit:
            return None
        return int((Decimal(self.used) * 100 / self.limit).to_integral_value(ROUND_DOWN))

    @property
    def share(self) -> Decimal | None:
        """What is used of the limit: 1 is all of it."""
        return None if self.used is None or not self.limit else Decimal(self.used) / self.limit


def of(subscription: Subscription) -> list[Consumption]:
    """The limits of a subscription and what is used of them: seats first, then in the order of the metrics."""
    return of_many(Subscription.objects.filter(pk=subscription.pk).select_related("plan", "price"))[subscription.pk]


def of_many(subscriptions: SubscriptionQuerySet) -> dict[int, list[Consumption]]:
    """The same of several, by key, in as many queries as of one."""
    return of_rows(list(subscriptions.prefetch_related(*CONTENTS)))


def of_rows(rows: Sequence[Subscription]) -> dict[int, list[Consumption]]:
    """The same of subscriptions that are read with plan, price and `CONTENTS`."""
    seats = access.members_of(rows)
    questions = [
        Use(row, limit.metric, row.period_starts_at, row.period_ends_at)
        for row in rows
        for limit in row.plan.limits.all()
    ]
    answers = iter(used(questions))
    return {row.pk: list(_consumption(row, seats[row.pk], answers)) for row in rows}


def _consumption(subscription: Subscription, members: int, answers: Iterator[int | None]) -> Iterator[Consumption]:
    if subscription.seats_allowed is not None:
        yield Consumption(SEATS, None, subscription.seats_allowed, members)
    for limit in subscription.plan.limits.all():
        yield Consumption(limit.metric.name, limit.metric, limit.quantity, next(answers))


def warn(*, at: datetime) -> int:
    """Tell the payers of what is used to 80 % or more, and to 100 %, once in each period; return how many were told."""
    live = Subscription.objects.filter(status__in=Subscription.OPEN).order_by("pk")
    told, last = 0, 0
    while keys := list(live.filter(pk__gt=last).values_list("pk", flat=True)[:BATCH]):
        told += _warn(keys, at)
        last = keys[-1]
    return told


@transaction.atomic
def _warn(keys: Collection[int], at: datetime) -> int:
    rows = Subscription.objects.filter(pk__in=keys).select_related("company", "plan__family", "price")
    consumed = of_many(rows)
    by_key = {row.pk: row for row in rows}
    found = {
        (pk, row.metric.pk if row.metric else None, reached): row
        for pk, limits in consumed.items()
        for row in limits
        if (reached := max((percent for percent in PERCENTS if (row.percent or 0) >= percent), default=0))
    }
    known = LimitWarning.objects.filter(subscription__in={pk for pk, _metric, _percent in found})
    warned = set(known.values_list("subscription", "period_starts_at", "metric", "percent"))
    new = {
        place: row
        for place, row in found.items()
        if (place[0], by_key[place[0]].period_starts_at, *place[1:]) not in warned
    }
    LimitWarning.objects.bulk_create(
        [
            LimitWarning(
                subscription_id=pk,
                period_starts_at=by_key[pk].period_starts_at,
                metric_id=metric,
                percent=percent,
                warned_at=at,
            )
            for pk, metric, percent in new
        ],
        ignore_conflicts=True,
    )
    telling.warned([(by_key[pk], row, percent) for (pk, _metric, percent), row in new.items()], at=at)
    return len(new)
