"""What apps above tell of companies: which products they have, what their plans allow, and what would save money."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date

from djmoney.money import Money

from billing.catalog.models import Metric, Product
from portal.accounts.models import Company
from portal.core.registry import Registry


@dataclass(frozen=True, slots=True)
class Consumption:
    """One limit of a plan, and what is used of it from `starts_on` up to, not including, `ends_on`.

    `metric` is None for seats, `limit` where there is none, `used` where nobody counts it; `products` are the keys of
    those whose use counts.
    """

    plan: str
    label: str
    metric: Metric | None
    products: frozenset[int]
    limit: int | None
    used: int | None
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A change that would save `saving` each period (`per`: "a month", "a year"), without tax.

    `reckoning` are lines of what it was reckoned from and their sums or figures, in words; `notes` say what else would
    be different; `url` leads to the change, filled in.
    """

    title: str
    text: str
    saving: Money
    per: str
    reckoning: Sequence[tuple[str, str]]
    url: str
    notes: Sequence[str] = ()


# The products that a company has, in order.
products: Registry[Callable[[Company], Sequence[Product]]] = Registry("products of a company")
consumptions: Registry[Callable[[Company], Sequence[Consumption]]] = Registry("limits and what is used of them")
# What would save money by what is known on a day; each is reckoned on its own.
suggestions: Registry[Callable[[Company, date], Sequence[Suggestion]]] = Registry("suggestions that save money")
# Which of these companies, by their keys, have the product, or had it once: events may be late.
Holders = Callable[[Product, Collection[int]], Collection[int]]
holders: Registry[Holders] = Registry("who has which product")


def holding(product: Product, companies: Collection[int]) -> set[int]:
    """Those of these companies that have the product, or had it once."""
    return set().union(*(read(product, companies) for read in holders.all())) if companies else set()
