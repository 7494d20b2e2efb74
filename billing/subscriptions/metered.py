"""What products report, for subscriptions: who has had which product, and how much was used of what plans meter.

Periods are instants, figures are days: a period has the days from the one on which it begins up to, not with, the one
on which it ends. So each day belongs to one of two periods that follow each other, and is over when it is charged.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from django.utils import timezone

from billing.catalog.models import Plan, Product
from billing.invoicing.registry import Breakdown
from billing.subscriptions.models import ChargedUse, ProductAccess
from billing.subscriptions.registry import Use
from billing.usage.services import quantities
from billing.usage.services.quantities import Question


def holders(product: Product, companies: Collection[int]) -> set[int]:
    """Those of these companies whose access to the product is open, or was: it is closed, never deleted."""
    rows = ProductAccess.objects.filter(product=product, company__in=companies)
    return set(rows.values_list("company_id", flat=True))


def read(questions: Sequence[Use]) -> list[int | None]:
    """How much of each metric the products of the plan report; two queries, however many are asked."""
    return quantities.sums(_asked(questions))


def read_days(questions: Sequence[tuple[Use, date]]) -> list[Mapping[date, int] | None]:
    """The same day by day, from the day that is given with each; None of what does not add up."""
    return quantities.by_day(_asked([use for use, _day in questions], [day for _use, day in questions]))


def _asked(questions: Sequence[Use], firsts: Sequence[date] = ()) -> list[Question]:
    plans = {use.subscription.plan_id for use in questions}
    products: dict[int, list[int]] = defaultdict(list)
    for plan, product in Plan.products.through._default_manager.filter(plan__in=plans).values_list("plan", "product"):
        products[plan].append(product)
    return [
        Question(
            company_id=use.subscription.company_id,
            product_ids=[pk for pk in products[use.subscription.plan_id] if pk not in use.without],
            metric_id=use.metric.pk,
            starts_on=firsts[number] if firsts else timezone.localdate(use.starts_at),
            ends_on=timezone.localdate(use.ends_at),
        )
        for number, use in enumerate(questions)
    ]


def breakdowns(sources: Collection[str]) -> dict[str, Breakdown]:
    """The days of charges for use, by the source of their lines."""
    rows = ChargedUse.objects.filter(source__in=sources).select_related("metric")
    return {row.source: Breakdown(str(row.metric), row.by_day, row.quantity) for row in rows}
