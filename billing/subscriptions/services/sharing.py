"""Use that two subscriptions of a company meter is charged by the one that began first; the other leaves it out.

Nobody subscribes to such two (`metering.check`). They come about where staff give a plan another product.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max

from billing.catalog.models import Plan
from billing.subscriptions.models import ChargedUse, SubscriptionComponent
from billing.subscriptions.registry import Use
from portal.core.periods import start_of


@dataclass(frozen=True, slots=True)
class Meter:
    """A subscription that meters a metric, or charged it `until` some instant; None while it goes on."""

    subscription_id: int
    company_id: int
    plan_id: int
    metric_id: int
    until: datetime | None

    def comes_before(self, use: Use) -> bool:
        """Whether it charges what the other asks for, as far as it has the same products."""
        asking = use.subscription
        return (
            (self.company_id, self.metric_id) == (asking.company_id, use.metric.pk)
            and self.subscription_id < asking.pk
            and (self.until is None or self.until > use.starts_at)
        )


def charged_by_others(uses: Collection[Use]) -> list[frozenset[int]]:
    """For each use the keys of the products that another subscription charges it for; three queries at most."""
    meters = _meters({use.subscription.company_id for use in uses}) if uses else {}
    earlier = [
        [meter for meter in meters.get(use.subscription.company_id, ()) if meter.comes_before(use)] for use in uses
    ]
    products = _products(meter.plan_id for found in earlier for meter in found)
    return [frozenset().union(*(products[meter.plan_id] for meter in found)) for found in earlier]


def _meters(companies: Collection[int]) -> dict[int, list[Meter]]:
    found: dict[int, list[Meter]] = defaultdict(list)
    told = ("subscription__company", "subscription__plan")
    live = SubscriptionComponent.objects.filter(subscription__company__in=companies)
    for pk, company, plan, metric, until in live.values_list(
        "subscription", *told, "component__metric", "subscription__ended_at"
    ):
        found[company].append(Meter(pk, company, plan, metric, until))
    # What it metered before it took another plan.
    charged = ChargedUse.objects.filter(subscription__company__in=companies).values("subscription", *told, "metric")
    for pk, company, plan, metric, until in charged.annotate(until=Max("ends_on")).values_list(
        "subscription", *told, "metric", "until"
    ):
        found[company].append(Meter(pk, company, plan, metric, start_of(until)))
    return found


def _products(plans: Iterable[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    wanted = set(plans)
    if wanted:
        rows = Plan.products.through._default_manager.filter(plan__in=wanted)
        for plan, product in rows.values_list("plan", "product"):
            found[plan].add(product)
    return found
