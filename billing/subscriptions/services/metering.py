"""What a company uses of a metric of a product is paid once: no two live subscriptions charge for the same."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from billing.catalog.models import Metric, PlanPrice, Product
from billing.subscriptions.models import Subscription
from billing.subscriptions.services import advancing, items
from portal.accounts.models import Company
from portal.core.errors import Conflict


class MeteredAlready(Conflict):
    """Use of one of the plan's products is charged by another subscription of the company."""

    code = "metered_already"


def check(company: Company, price: PlanPrice, *, but: Subscription | None = None) -> None:
    """Raise MeteredAlready where another live subscription charges for use that this price would charge for.

    What another is about to become counts as well.
    """
    wanted = dict(_metered(price))
    others = Subscription.objects.for_company(company).live().with_contents()
    if but:
        others = others.exclude(pk=but.pk)
    for other in others if wanted else ():
        for place, (metric, product) in wanted.items():
            if place in _places(other):
                raise MeteredAlready(
                    _("%(metric)s of %(product)s are charged by %(plan)s already. Change that subscription, or end it.")
                    % {"metric": metric, "product": product, "plan": items.name_of(other.plan)},
                    field="plan",
                )


def _metered(price: PlanPrice) -> Iterator[tuple[tuple[int, int], tuple[Metric, Product]]]:
    """Each metric of each product that whoever begins with a price pays the use of."""
    products = list(price.plan.products.prefetch_related("metrics"))
    for component in advancing.live_components([price])[price.pk]:
        for product in products:
            if component.metric in product.metrics.all():
                yield (component.metric_id, product.pk), (component.metric, product)


def _places(subscription: Subscription) -> set[tuple[int, int]]:
    """What a subscription pays the use of now, and with its next period."""
    products = [product.pk for product in subscription.plan.products.all()]
    now = {(row.component.metric_id, pk) for row in subscription.components.all() for pk in products}
    price = subscription.next_price
    return now | ({place for place, _both in _metered(price)} if price else set())
