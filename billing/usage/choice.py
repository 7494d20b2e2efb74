"""What the address of the page asks for: days, one product or all, by the day or by the month."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from billing.catalog.models import Product
from billing.usage import registry
from billing.usage.series import MOST_DAYS, Span, Step
from portal.accounts.models import Company
from portal.core import periods


@dataclass(frozen=True, slots=True)
class Choice:
    """What is shown; `products` are all that the company has, `product` the one that was chosen."""

    preset: str
    span: Span
    products: list[Product]
    product: Product | None = None

    @classmethod
    def of(cls, company: Company, query: QueryDict, *, today: date) -> "Choice":
        """What a query string asks for; what makes no sense in it is left out."""
        preset, period = periods.chosen(query, today=today)
        found = {product.pk: product for read in registry.products.all() for product in read(company)}
        mine = sorted(found.values(), key=lambda product: (product.position, product.name))
        chosen = next((product for product in mine if product.slug == query.get("product")), None)
        return cls(preset, Span.of(period, query.get("by", "")), mine, chosen)

    @property
    def keys(self) -> list[int] | None:
        """The keys of the products to read; None for all."""
        return [self.product.pk] if self.product else None

    @property
    def days(self) -> list[tuple[str, str]]:
        """The days as parameters of an address."""
        if self.preset != "custom":
            return [("range", self.preset)]
        return [("from", f"{self.span.period.starts_on}"), ("to", f"{self.span.period.last_day}")]

    @property
    def narrowing(self) -> list[tuple[str, str]]:
        """Product and step, where they are not the usual ones, as parameters of an address."""
        usual = Span.of(self.span.period).step
        by = [("by", str(self.span.step))] if self.span.step != usual else []
        return [*([("product", self.product.slug)] if self.product else []), *by]

    @property
    def query(self) -> str:
        """All of it as a query string."""
        return urlencode([*self.days, *self.narrowing])

    def tabs(self) -> list[dict[str, Any]]:
        """All products and each as components/tabs.html takes them; none where there are not several."""
        if len(self.products) < 2:
            return []
        kept = [*self.days, *(pair for pair in self.narrowing if pair[0] == "by")]
        choices = [(None, "All products"), *((product, product.name) for product in self.products)]
        return [
            {
                "label": label,
                "url": "?" + urlencode([*kept, *([("product", product.slug)] if product else [])]),
                "active": product == self.product,
            }
            for product, label in choices
        ]

    def steps(self) -> list[dict[str, Any]]:
        """By the day or by the month, as components/segments.html takes them; none where only months are drawn."""
        if self.span.days > MOST_DAYS:
            return []
        kept = [*self.days, *(pair for pair in self.narrowing if pair[0] == "product")]
        return [
            {"label": label, "url": "?" + urlencode([*kept, ("by", str(step))]), "active": step == self.span.step}
            for step, label in ((Step.DAY, "Daily"), (Step.MONTH, "Monthly"))
        ]
