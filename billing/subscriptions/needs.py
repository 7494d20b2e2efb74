"""What companies need of their plans, by what they used lately."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

from django.db.models import Max
from django.utils import timezone

from billing.catalog.models import Metric, Plan
from billing.subscriptions.models import ProductGrant, Subscription
from billing.subscriptions.reckoning import MONTHS
from billing.subscriptions.services import limits
from billing.subscriptions.users import USERS
from billing.usage import series
from billing.usage.models import DailyUsage
from billing.usage.series import Series, Span
from portal.accounts.models import Company
from portal.core.widgets import Period

DAYS = 90
IDLE_DAYS = 60
# A limit holds for a period: no month has more days.
MONTH_DAYS = 31
# A tenth is to be left.
MARGIN = (11, 10)
CONTENTS = (*limits.CONTENTS, "plan__features")


@dataclass(frozen=True, slots=True)
class Needs:
    """What one subscription needs: the most of each metric, by its key, and seats.

    `members` may open its products; `idle` of them had the right for 60 days and used nothing, 0 where the products do
    not say who uses them.
    """

    most: dict[int, int]
    members: int
    idle: int

    @property
    def seats_used(self) -> int:
        """How many members need a seat."""
        return max(self.members - self.idle, 1)

    def fit(self, plan: Plan) -> bool:
        """Whether a plan has room for all of it with a tenth to spare; for members, room is enough."""
        return all(self._fits(limit.metric, limit.quantity) for limit in plan.limits.all())

    def in_words(self, plan: Plan) -> list[tuple[str, str]]:
        """The most that was used of each limit of a plan."""
        return [
            (f"{limit.metric.name}: the most used, and the limit", self._told(limit.metric, limit.quantity))
            for limit in plan.limits.all()
        ]

    def _fits(self, metric: Metric, quantity: int) -> bool:
        if metric.slug == USERS:
            return self.members <= quantity
        # Of what nobody reported, nobody knows that it fits.
        return metric.pk in self.most and self.most[metric.pk] * MARGIN[0] <= quantity * MARGIN[1]

    def _told(self, metric: Metric, quantity: int) -> str:
        used = self.members if metric.slug == USERS else self.most.get(metric.pk, 0)
        return f"{used:,} of {quantity:,}"


def of(company: Company, subscriptions: Sequence[Subscription], *, today: date) -> dict[int, Needs]:
    """What each subscription needs, by key; read with `CONTENTS`. As many queries for one as for several."""
    used = series.read(company, Span(Period(today - timedelta(days=DAYS - 1), today + timedelta(days=1))))
    granted = _granted(company)
    last_used = _last_used(company, today=today)
    return {row.pk: _of_one(row, used, granted, last_used, today=today) for row in subscriptions}


def _of_one(
    row: Subscription,
    used: Sequence[Series],
    granted: dict[int, dict[int, date]],
    last_used: dict[tuple[int, int], date],
    *,
    today: date,
) -> Needs:
    products = {product.pk for product in row.plan.products.all()}
    members: dict[int, date] = {}
    for product in products:
        for person, since in granted.get(product, {}).items():
            members[person] = max(since, members.get(person, since))
    since = today - timedelta(days=IDLE_DAYS)
    active = {person for product, person in last_used if product in products}
    idle = [person for person, given in members.items() if given <= since and person not in active] if active else []
    most: dict[int, int] = defaultdict(int)
    for one in used:
        if one.product.pk in products:
            most[one.metric.pk] += _most(one, months=MONTHS[row.interval])
    return Needs(dict(most), len(members), len(idle))


def _most(one: Series, *, months: int) -> int:
    """The highest level; of what adds up, the most in 31 days on end, for each month of a period."""
    if one.metric.kind == Metric.Kind.LEVEL:
        return max(one.values)
    sums = [0, *accumulate(one.values)]
    window = min(MONTH_DAYS, len(one.values))
    return months * max(sums[place + window] - sums[place] for place in range(len(sums) - window))


def _granted(company: Company) -> dict[int, dict[int, date]]:
    """By product, since when each person may open it."""
    rows = ProductGrant.objects.filter(membership__company=company)
    found: dict[int, dict[int, date]] = defaultdict(dict)
    for product, person, at in rows.values_list("product", "membership__user", "created_at"):
        found[product][person] = timezone.localdate(at)
    return found


def _last_used(company: Company, *, today: date) -> dict[tuple[int, int], date]:
    """By product and person, the last day of use in the last 60 days."""
    rows = DailyUsage.objects.for_company(company).between(
        today - timedelta(days=IDLE_DAYS - 1), today + timedelta(days=1)
    )
    grouped = rows.exclude(user=None).order_by().values_list("product", "user").annotate(last=Max("used_on"))
    return {(product, person): last for product, person, last in grouped if person is not None}
