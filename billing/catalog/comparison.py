"""Plans side by side, as templates/catalog/families.html shows them: nothing here asks the database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from djmoney.money import Money

from portal.core import money

if TYPE_CHECKING:
    from billing.catalog.models import Plan, PlanFamily, PlanPrice
    from billing.catalog.registry import Standing

YEAR, MONTHS = "year", 12
INCLUDED = "included"
NO_LIMIT = "No limit"


@dataclass(frozen=True, slots=True)
class Column:
    """One plan; `monthly` is what a yearly price comes to a month, `saving` what it costs less than twelve months.

    Both are for a seat where the price is.
    """

    plan: "Plan"
    currency: str
    price: "PlanPrice | None"
    monthly: Money | None
    saving: Money | None
    metered: list[str]
    standing: "Standing | None"

    @property
    def seats(self) -> str:
        """How many seats a subscription has, in words; nothing where any number will do."""
        fewest, most = self.plan.seats_min, self.plan.seats_max
        if most is None:
            return f"From {fewest:,} seats" if fewest > 1 else ""
        if fewest == most:
            return "1 seat" if most == 1 else f"{most:,} seats"
        return f"{fewest:,} to {most:,} seats" if fewest > 1 else f"Up to {most:,} seats"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the comparison. A cell is a word; "" is not included, and INCLUDED a tick."""

    label: str
    cells: list[str]


@dataclass(slots=True)
class Section:
    """One family: its plans, and groups of lines by heading."""

    family: "PlanFamily"
    columns: list[Column]
    groups: dict[str, list[Line]] = field(default_factory=dict)


def of(
    plans: Iterable["Plan"], *, interval: str, currency: str, standings: Mapping[int, "Standing"] | None = None
) -> list[Section]:
    """Lay plans out by family, in their order; they have been read `with_prices` and `with_contents`."""
    return [
        _section(family, [_column(plan, interval, currency, standings or {}) for plan in members])
        for family, members in groupby(plans, key=lambda plan: plan.family)
    ]


def by_month(price: "PlanPrice") -> Money:
    """What a yearly price comes to a month."""
    return money.round_half_up(price.amount / MONTHS)


def _column(plan: "Plan", interval: str, currency: str, standings: Mapping[int, "Standing"]) -> Column:
    price = plan.price(interval, currency)
    return Column(
        plan=plan,
        currency=currency,
        price=price,
        monthly=by_month(price) if price and interval == YEAR else None,
        saving=plan.yearly_saving(currency) if interval == YEAR else None,
        metered=[str(row) for row in plan.metered(currency)],
        standing=standings.get(plan.pk),
    )


def _section(family: "PlanFamily", columns: list[Column]) -> Section:
    section = Section(family, columns)
    features = [{(row.group, row.label): row.value or INCLUDED for row in c.plan.features.all()} for c in columns]
    for group, label in dict.fromkeys(key for plan in features for key in plan):
        section.groups.setdefault(group, []).append(Line(label, [plan.get((group, label), "") for plan in features]))
    section.groups |= {heading: lines for heading, lines in (_limits(columns), _charges(columns)) if lines}
    return section


def _limits(columns: list[Column]) -> tuple[str, list[Line]]:
    """What is limited on one of the plans."""
    limits = [{row.metric: f"{row.quantity:,}" for row in column.plan.limits.all()} for column in columns]
    metrics = sorted({metric for plan in limits for metric in plan}, key=lambda metric: (metric.position, metric.name))
    return "Limits", [Line(metric.name, [plan.get(metric, NO_LIMIT) for plan in limits]) for metric in metrics]


def _charges(columns: list[Column]) -> tuple[str, list[Line]]:
    """What use costs beyond the price."""
    charged = [{row.metric: str(row) for row in column.plan.metered(column.currency)} for column in columns]
    metrics = dict.fromkeys(metric for plan in charged for metric in plan)
    return "Charged by use", [Line(metric.name, [plan.get(metric, "") for plan in charged]) for metric in metrics]
