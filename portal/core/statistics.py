"""Figures of dashboards: what they count, and what they show of it."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

import structlog
from django.contrib.postgres.fields import ArrayField
from django.db.models import Count, Func, IntegerField, Q, QuerySet, Value
from djmoney.money import Money

from portal.core.http import PortalRequest
from portal.core.money import words
from portal.core.page_cache import remembered
from portal.core.periods import Period, start_of
from portal.core.questions import answer_to, start_afresh, statement_of
from portal.core.registry import Registry

T = TypeVar("T")
log = structlog.get_logger(__name__)
# A number of things, a Decimal, or Money.
Amount = Any


@dataclass(frozen=True, slots=True)
class Scope:
    """For whom and for which days figures are read."""

    request: PortalRequest
    period: Period
    read: dict[Callable[["Scope"], Any], Any] = field(default_factory=dict, compare=False, repr=False)

    def once(self, reader: Callable[["Scope"], T]) -> T:
        """What a reader brings, read once however many widgets and figures need it."""
        if reader not in self.read:
            self.read[reader] = reader(self)
        found: T = self.read[reader]
        return found

    @property
    def viewer(self) -> tuple[object, ...]:
        """Who looks, and what decides what that person may see."""
        request, member = self.request, self.request.membership
        who = (request.user.pk, request.desk and request.desk.key)
        if member is None:
            return who
        flags = (member.can_approve_developers, member.can_sign_contracts, member.can_manage_billing)
        return (*who, member.pk, member.role, *flags)


class Failed:
    """Stands for the result of a reader that raised."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A statistic: its value now and in the period before, and its course in between.

    Money carries its currency; other values have a `unit` where they are not just a number of things.
    """

    value: Amount
    before: Amount | None = None
    trend: tuple[int | Decimal, ...] = ()
    unit: str = ""

    @property
    def change(self) -> float | None:
        """Change against the period before, in per cent; None where there is nothing to compare with."""
        now, before = self.value, self.before
        if isinstance(now, Money) and isinstance(before, Money):
            now, before = (now.amount, before.amount) if now.currency == before.currency else (now.amount, None)
        if not before or isinstance(now, Money) or isinstance(before, Money):
            return None
        return round(float((now - before) * 100 / before), 1)

    @property
    def direction(self) -> str:
        """Which way the figure went: "up", "down" or "flat"."""
        return "flat" if not self.change else "up" if self.change > 0 else "down"

    @property
    def change_text(self) -> str:
        """The change without its sign, in words for a card; empty where there is nothing to compare with."""
        return "" if self.change is None else f"{abs(self.change):g} %"

    @property
    def shown(self) -> str:
        """The value for people: thousands apart, money with its currency."""
        if isinstance(self.value, Money):
            return words(self.value)
        return f"{self.value.normalize():,f}" if isinstance(self.value, Decimal) else f"{self.value:,}"


@dataclass(frozen=True, slots=True)
class Counted:
    """What a statistic counts: the rows that fit `now`, and those that fit `before` where it is compared.

    `course` are those that fitted at points of the period, in order; the last is the end.
    """

    rows: QuerySet[Any]
    now: Q = field(default_factory=Q)
    before: Q | None = None
    course: tuple[Q, ...] = ()


def grown(rows: QuerySet[Any], scope: Scope, by: str = "created_at") -> Counted:
    """How many rows there were at the end of the period, of the one before, and on the way, by when they came."""

    def until(day: Any) -> Q:
        return Q(**{f"{by}__lt": start_of(day)})

    period = scope.period
    return Counted(rows, until(period.ends_on), until(period.starts_on), tuple(map(until, period.points)))


@dataclass(frozen=True, slots=True, eq=False)
class Statistic:
    """One figure that editors can put on a stat card; `kinds` names the desks that may see it.

    It is counted together with others in one query, or what `reader` brings, None where there is nothing to show. What
    is counted follows from the viewer, the days, and what `follows_from` names: the statement is put together once.
    `link` names the address where the same is told at length, `good` the welcome direction, `compared` with what the
    change compares. A statistic that reads much is `later`: asked for once the page is there.
    """

    label: str
    source: str
    kinds: frozenset[str]
    count: Callable[[Scope], Counted] | None = None
    icon: str = "chart-column"
    reader: Callable[[Scope], Figure | None] | None = None
    allows: Callable[[PortalRequest], bool] | None = None
    link: str = ""
    good: str = "up"
    compared: str = "against the period before"
    later: bool = False
    follows_from: Callable[[Scope], Hashable] | None = None
    sample: Figure = Figure(24, 20, (20, 21, 21, 23, 24))

    def read_figure(self, scope: Scope) -> Figure | None:
        """What its reader brings."""
        return self.reader(scope) if self.reader else None

    def may_see(self, request: PortalRequest) -> bool:
        """Whether the viewer may see it, at a desk where it is shown."""
        return self.allows is None or self.allows(request)


statistics: Registry[Statistic] = Registry("statistics")


def count_all(wanted: Sequence[Statistic], scope: Scope) -> dict[Any, Any]:
    """The figure of each in one query; where one of them cannot be counted, in a query for each of the others."""
    try:
        return figures_of(wanted, scope)
    except Exception:
        start_afresh()
        # Any of them may be the cause: alone, only that one fails.
        if len(wanted) > 1:
            return {one: figure for each in wanted for one, figure in count_all([each], scope).items()}
        log.exception("statistic_failed", statistic=wanted[0].label)
        return {wanted[0]: Failed}


def figures_of(wanted: Sequence[Statistic], scope: Scope) -> dict[Any, Any]:
    """Count them, by a statement that is put together once a generation: that takes longer than counting."""
    known = tuple(one.follows_from and one.follows_from(scope) for one in wanted)
    key = ("figures", scope.viewer, scope.period, tuple(wanted), known)
    statement, nothing = remembered(key, lambda: counting(wanted, scope))
    found = {place: counts for place, *counts in answer_to(statement)} if statement else {}
    figures: dict[Any, Any] = {}
    for place, statistic in enumerate(wanted):
        now, before, course = found.get(place, nothing[place])
        figures[statistic] = Figure(now, before, tuple(course))
    return figures


def counting(wanted: Sequence[Statistic], scope: Scope) -> tuple[str, list[tuple[Any, ...]]]:
    """The statement that counts them, and what each is where there are no rows at all."""
    counted = [statistic.count(scope) for statistic in wanted if statistic.count]
    first, *others = (_counting(one, place) for place, one in enumerate(counted))
    nothing = [(0, None if one.before is None else 0, [0] * len(one.course)) for one in counted]
    return statement_of(first.union(*others, all=True)), nothing


def _counting(one: Counted, place: int) -> QuerySet[Any]:
    numbers: ArrayField[Any, Any] = ArrayField(IntegerField())
    course: Any = Value([], output_field=numbers)
    if one.course:
        course = Func(*(Count("pk", filter=fits) for fits in one.course), template="ARRAY[%(expressions)s]")
        course.output_field = numbers
    rows = one.rows.order_by().annotate(place=Value(place)).values("place")
    before: Any = Value(None, output_field=IntegerField())
    if one.before is not None:
        before = Count("pk", filter=one.before or None)
    annotated = rows.annotate(now=Count("pk", filter=one.now or None), before=before, course=course)
    counts: QuerySet[Any] = annotated.values_list("place", "now", "before", "course")
    return counts
