"""What series say in figures: totals, shares, changes, ranks; and how figures are written."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from billing.catalog.models import Metric, Product
from billing.usage.series import Members, Series, Sums
from portal.core.charts import Number, plain
from portal.core.widgets import Figure

Kind = Metric.Kind
SECOND = 1000
# What adds up to what was done.
DONE = (Kind.COUNT, Kind.FEATURE)


def milliseconds(value: Number) -> str:
    """How long something took: "340 ms", "1.24 s"."""
    return f"{int(value):,} ms" if value < SECOND else f"{float(value) / SECOND:,.2f} s"


def written(value: Number, kind: str) -> str:
    """A figure of a metric of this kind."""
    return milliseconds(value) if kind == Kind.DURATION else plain(value)


def of_kind(series: Iterable[Series], *kinds: str) -> list[Series]:
    """Those of certain kinds of metric."""
    return [one for one in series if one.metric.kind in kinds]


def whole(series: Iterable[Series]) -> tuple[Sums, Sums]:
    """All of them together, in the period and in the one before."""
    rows = list(series)
    return sum((one.whole for one in rows), Sums()), sum((one.whole_before for one in rows), Sums())


def activity(series: Iterable[Series]) -> Figure:
    """How much was done: features used and things counted, however many of them a product puts into one event."""
    now, before = whole(of_kind(series, *DONE))
    return Figure(now.total, before.total)


def response_time(series: Iterable[Series]) -> Figure:
    """The mean of everything that says how long it took, in milliseconds."""
    now, before = whole(of_kind(series, Kind.DURATION))
    return Figure(now.value(Kind.DURATION), before.value(Kind.DURATION))


@dataclass(frozen=True, slots=True)
class Ranked:
    """A feature, how often it was used, and its share in whole per cent of the one used most."""

    series: Series
    percent: int

    @property
    def figure(self) -> Figure:
        """Uses, against the period before."""
        return self.series.figure


def ranked(series: Iterable[Series]) -> list[Ranked]:
    """Features that were used, the one used most first."""
    used = [one for one in of_kind(series, Kind.FEATURE) if one.whole.total]
    used.sort(key=lambda one: (-one.whole.total, one.metric.name))
    return [Ranked(one, one.whole.total * 100 // used[0].whole.total) for one in used]


def by_metric(series: Sequence[Series]) -> list[list[Series]]:
    """Series of the same metric together, the metric reported most first."""
    found: dict[int, list[Series]] = {}
    for one in series:
        found.setdefault(one.metric.pk, []).append(one)
    return sorted(found.values(), key=lambda rows: -whole(rows)[0].events)


@dataclass(frozen=True, slots=True)
class Compared:
    """One product among the company's own."""

    product: Product
    activity: Figure
    features: int
    share: int
    values: list[int]


def compared(series: Sequence[Series]) -> list[Compared]:
    """The products in their order, by what was done; `share` in whole per cent of all of it."""
    found: dict[int, list[Series]] = {}
    for one in series:
        found.setdefault(one.product.pk, []).append(one)
    everything = activity(series).value or 1
    return [
        Compared(
            rows[0].product,
            activity(rows),
            len(ranked(rows)),
            activity(rows).value * 100 // everything,
            [sum(one.sums[place].total for one in of_kind(rows, *DONE)) for place in range(len(rows[0].sums))],
        )
        for rows in found.values()
    ]


@dataclass(frozen=True, slots=True)
class Report:
    """What was used in the chosen days; the page reads who was active later, its files at once."""

    series: list[Series]
    members: Members | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known of the period or the one before."""
        return not self.series
