"""What subscriptions tell the page of use: the company's products, and the limits of its plans."""

from django.utils import timezone

from billing.catalog.models import Product
from billing.subscriptions.models import Subscription
from billing.subscriptions.services import items, limits
from billing.usage.registry import Consumption
from portal.accounts.models import Company


def products(company: Company) -> list[Product]:
    """The products that a company has, or had."""
    return list(Product.objects.filter(accesses__company=company))


def consumptions(company: Company) -> list[Consumption]:
    """The limits of every live subscription, and what is used of them in its current period."""
    rows = list(Subscription.objects.for_company(company).live().with_prices().prefetch_related(*limits.CONTENTS))
    consumed = limits.of_rows(rows) if rows else {}
    return [told(row, one) for row in rows for one in consumed[row.pk]]


def told(row: Subscription, one: limits.Consumption) -> Consumption:
    """One limit."""
    return Consumption(
        plan=items.name_of(row.plan),
        label=one.label,
        metric=one.metric,
        products=frozenset(product.pk for product in row.plan.products.all()),
        limit=one.limit,
        used=one.used,
        starts_on=timezone.localdate(row.period_starts_at),
        ends_on=timezone.localdate(row.period_ends_at),
    )
