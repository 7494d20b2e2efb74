"""What the page of plans shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from billing.catalog import comparison
from billing.catalog.models import Plan, PlanPrice
from billing.catalog.registry import Standing, standings
from portal.accounts import roles
from portal.core.http import MemberRequest

Interval = PlanPrice.Interval


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody chose to see: prices by month or by year, of all products or of one."""

    interval: str
    product: str

    def address(self, **other: str) -> str:
        """The page with something else chosen."""
        wanted = {"interval": self.interval, "product": self.product, **other}
        return "?" + urlencode({name: value for name, value in wanted.items() if value})


def chosen(query: Mapping[str, str]) -> Choice:
    """Read the choice from an address; what makes no sense is a month, and all products."""
    interval = query.get("interval", "")
    return Choice(interval if interval in Interval.values else Interval.MONTH.value, query.get("product", ""))


def plans(request: MemberRequest, found: Sequence[Plan], choice: Choice) -> dict[str, Any]:
    """The context of the page; `found` are all plans that the company may have."""
    products = {product for plan in found for product in plan.products.all()}
    shown = [plan for plan in found if any(row.slug == choice.product for row in plan.products.all())] or found
    currency = request.company.currency
    sections = comparison.of(
        shown, interval=choice.interval, currency=currency, standings=standing(request, shown, choice.interval)
    )
    return {
        "sections": sections,
        "currency": currency,
        "interval": choice.interval,
        "may_choose": roles.allows(request.membership, roles.Permission.MANAGE_BILLING),
        "intervals": [
            {"label": label, "url": choice.address(interval=value), "active": value == choice.interval}
            for value, label in Interval.choices
        ],
        "products": [
            {"label": "All products", "url": choice.address(product=""), "active": shown is found},
            *(
                {"label": row.name, "url": choice.address(product=row.slug), "active": row.slug == choice.product}
                for row in sorted(products, key=lambda product: (product.position, product.name))
            ),
        ],
    }


def standing(request: MemberRequest, shown: Sequence[Plan], interval: str) -> dict[int, Standing]:
    """How each plan stands to the company, as the apps above say."""
    found: dict[int, Standing] = {}
    for read in standings.all():
        found |= read(request.company, request.membership, shown, interval)
    return found
