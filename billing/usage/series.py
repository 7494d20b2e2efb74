"""Daily figures of one company as series: day by day or month by month, beside the period before.

Everything is added up by the database, in as many queries for three years as for a week. What all members did together
is read of its totals, so that it costs the same for one member as for ten thousand.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Case, Count, DateField, F, Max, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Cast, TruncMonth
from django.utils.formats import date_format

from billing.catalog.models import Metric, Product
from billing.usage.models import DailyTotal, DailyUsage
from billing.usage.models.daily import DailyQuerySet, Row
from portal.accounts.models import Company
from portal.core.widgets import Figure, Period

Kind = Metric.Kind
# More days than these are drawn by the month, so that a page weighs the same for a week and for three years.
MOST_DAYS = 92
# A level that nobody reported for so long is not known any more.
CARRIED = timedelta(days=92)


class Step(StrEnum):
    """How a period is cut."""

    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Sums:
    """What some daily figures add up to; `last` is the level at their end, None where none was reported."""

    total: int = 0
    events: int = 0
    highest: int = 0
    last: int | None = None

    def __add__(self, later: "Sums") -> "Sums":
        last = self.last if later.last is None else later.last
        highest = max(self.highest, later.highest)
        return Sums(self.total + later.total, self.events + later.events, highest, last)

    def value(self, kind: str) -> int:
        """The figure that the kind of metric asks for: a sum, a level, or a mean in milliseconds rounded half up."""
        if kind == Kind.LEVEL:
            return self.last or 0
        if kind == Kind.DURATION:
            return (2 * self.total + self.events) // (2 * self.events) if self.events else 0
        return self.total


@dataclass(frozen=True, slots=True)
class Span:
    """A period cut into days or months, `starts`; the days of the period before are laid upon its own, in order."""

    period: Period
    step: Step = Step.DAY

    @classmethod
    def of(cls, period: Period, wanted: str = "") -> "Span":
        """As wanted ("day" or "month"); what is too long for days, and what is not asked for, by its length."""
        is_long = (period.ends_on - period.starts_on).days > MOST_DAYS
        return cls(period, Step.MONTH if is_long or wanted == Step.MONTH else Step.DAY)

    @property
    def days(self) -> int:
        """How long the period is."""
        return (self.period.ends_on - self.period.starts_on).days

    @property
    def starts(self) -> list[date]:
        """The days, or the first of each month, in order."""
        days = (self.period.starts_on + timedelta(days=number) for number in range(self.days))
        return list(dict.fromkeys(day if self.step == Step.DAY else day.replace(day=1) for day in days))

    @property
    def labels(self) -> list[str]:
        """The same in words: "5 Nov", "Nov 2026"."""
        return [date_format(start, "j M" if self.step == Step.DAY else "M Y") for start in self.starts]

    @property
    def bucket(self) -> Any:
        """To which of `starts` a daily figure belongs, as an expression for queries."""
        length = timedelta(days=self.days)
        moved = Cast(F("used_on") + Value(length), DateField())
        day = Case(When(used_on__gte=self.period.starts_on, then=F("used_on")), default=moved)
        return day if self.step == Step.DAY else TruncMonth(day)

    @property
    def is_now(self) -> Q:
        """Whether a daily figure belongs to the period itself."""
        return Q(used_on__gte=self.period.starts_on)


@dataclass(frozen=True, slots=True)
class Series:
    """What was used of one metric of one product: sums for each of a span's `starts`, and the same before."""

    product: Product
    metric: Metric
    sums: list[Sums]
    sums_before: list[Sums]

    @property
    def values(self) -> list[int]:
        """The figures of the period; nothing is 0."""
        return [one.value(self.metric.kind) for one in self.sums]

    @property
    def before(self) -> list[int]:
        """The figures of the period before."""
        return [one.value(self.metric.kind) for one in self.sums_before]

    @property
    def whole(self) -> Sums:
        """The whole period."""
        return sum(self.sums, Sums())

    @property
    def whole_before(self) -> Sums:
        """The whole period before."""
        return sum(self.sums_before, Sums())

    @property
    def figure(self) -> Figure:
        """The figure of the whole period against the one before."""
        kind = self.metric.kind
        return Figure(self.whole.value(kind), self.whole_before.value(kind))


@dataclass(frozen=True, slots=True)
class Members:
    """How many members used anything: for each of a span's `starts`, and in all."""

    counts: list[int]
    before: list[int]
    figure: Figure


def totals(company: Company, period: Period, *, products: Collection[int] | None = None) -> DailyQuerySet[DailyTotal]:
    """What all of a company used together on each day of a period, of these products alone."""
    return _of(DailyTotal.objects.all(), company, period, products)


def figures(company: Company, period: Period, *, products: Collection[int] | None = None) -> DailyQuerySet[DailyUsage]:
    """The same member by member."""
    return _of(DailyUsage.objects.all(), company, period, products)


def _of(
    rows: DailyQuerySet[Row], company: Company, period: Period, products: Collection[int] | None
) -> DailyQuerySet[Row]:
    found = rows.for_company(company).between(period.starts_on, period.ends_on)
    return found if products is None else found.filter(product__in=products)


def read(company: Company, span: Span, *, products: Collection[int] | None = None) -> list[Series]:
    """What was used of each metric in the period or the one before, in the order of products and metrics; 4 queries."""
    both = Period(span.period.before.starts_on, span.period.ends_on)
    rows = totals(company, both, products=products)
    levels = totals(company, replace(both, starts_on=both.starts_on - CARRIED), products=products)
    found = _sums(rows, span)
    for place, last in _levels(levels, span).items():
        found[place] = replace(found[place], last=last)
    known = {(product, metric) for product, metric, _now, _start in found}
    of_product = Product.objects.in_bulk({product for product, _metric in known})
    of_metric = Metric.objects.in_bulk({metric for _product, metric in known})
    series = [
        Series(of_product[product], of_metric[metric], *_laid_out(found, span, (product, metric)))
        for product, metric in known
    ]
    used = (one for one in series if _is_known(one))
    return sorted(used, key=lambda one: (one.product.position, one.product.name, one.metric.position, one.metric.name))


def members(company: Company, span: Span, *, products: Collection[int] | None = None) -> Members:
    """How many members used anything, in 2 queries."""
    rows = figures(company, Period(span.period.before.starts_on, span.period.ends_on), products=products)
    people = Count("user", distinct=True)
    counted = rows.order_by().annotate(start=span.bucket, now=_now(span)).values_list("now", "start")
    found = {(is_now, day_of(start)): count for is_now, start, count in counted.annotate(people=people)}
    whole = rows.aggregate(
        now=Count("user", distinct=True, filter=span.is_now), before=Count("user", distinct=True, filter=~span.is_now)
    )
    return Members(
        [found.get((True, start), 0) for start in span.starts],
        [found.get((False, start), 0) for start in span.starts],
        Figure(whole["now"], whole["before"]),
    )


Place = tuple[int, int, bool, date]


def _sums(rows: QuerySet[DailyTotal], span: Span) -> dict[Place, Sums]:
    grouped = rows.order_by().annotate(start=span.bucket, now=_now(span))
    added = grouped.values_list("product", "metric", "now", "start").annotate(
        all=Sum("total"), number=Sum("events"), most=Max("highest")
    )
    found: dict[Place, Sums] = defaultdict(Sums)
    for product, metric, is_now, start, total, events, highest in added:
        found[product, metric, is_now, day_of(start)] = Sums(int(total), int(events), highest)
    return found


def _levels(rows: QuerySet[DailyTotal], span: Span) -> dict[Place, int]:
    """The last level in each place; what was reported before the span stands in places before its first."""
    placed = rows.filter(metric__kind=Kind.LEVEL).annotate(start=span.bucket, now=_now(span))
    latest = placed.order_by("product", "metric", "now", "start", "-used_on")
    last = latest.distinct("product", "metric", "now", "start")
    return {
        (product, metric, is_now, day_of(start)): level
        for product, metric, is_now, start, level in last.values_list("product", "metric", "now", "start", "last")
    }


def _laid_out(found: dict[Place, Sums], span: Span, of: tuple[int, int]) -> tuple[list[Sums], list[Sums]]:
    """The sums of each start, now and before; a level goes on until another is reported."""
    first = span.starts[0]
    opening = max(
        (
            (start, sums.last)
            for (*place, now, start), sums in found.items()
            if place == [*of] and not now and start < first
        ),
        default=(None, None),
    )[1]
    before = list(_carried((found.get((*of, False, start), Sums()) for start in span.starts), opening))
    now = _carried((found.get((*of, True, start), Sums()) for start in span.starts), before[-1].last)
    return list(now), before


def _carried(sums: Iterable[Sums], level: int | None) -> Iterator[Sums]:
    for one in sums:
        level = level if one.last is None else one.last
        yield replace(one, last=level)


def _is_known(series: Series) -> bool:
    """Whether anything was reported, or a level still holds."""
    ends = (series.whole, series.whole_before)
    return any(one.events or one.last is not None for one in ends)


def _now(span: Span) -> Any:
    return Case(When(span.is_now, then=Value(True)), default=Value(False))


def day_of(start: date | datetime) -> date:
    """A bucket of a span as the database gives it, as a day."""
    return start.date() if isinstance(start, datetime) else start
