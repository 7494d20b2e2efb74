"""What dashboards are made of: blocks that store layout, and readers that bring the figures.

A widget block names the readers it needs. The dashboard collects the needs of all widgets that its viewer may see and
runs each reader once; a reader that fails leaves only its own widgets without figures.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, ClassVar

import structlog
from django.db.models import Count, Q, QuerySet, Value
from django.urls import reverse
from wagtail import blocks

from portal.core.http import PortalRequest
from portal.core.registry import Registry

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `starts_on` up to, not including, `ends_on`."""

    starts_on: date
    ends_on: date

    @property
    def before(self) -> "Period":
        """The period of the same length that ends where this one starts."""
        return Period(self.starts_on - (self.ends_on - self.starts_on), self.starts_on)

    @property
    def last_day(self) -> date:
        """The last day that belongs to the period."""
        return self.ends_on - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Scope:
    """For whom and for which days figures are read."""

    request: PortalRequest
    period: Period


Reader = Callable[[Scope], Any]


class Failed:
    """Stands for the result of a reader that raised."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A statistic: its value now and in the period before."""

    value: int
    before: int | None = None

    @property
    def change(self) -> float | None:
        """Change against the period before, in per cent; None where there is nothing to compare with."""
        if not self.before:
            return None
        return round((self.value - self.before) * 100 / self.before, 1)

    @property
    def direction(self) -> str:
        """Which way the figure went: "up", "down" or "flat"."""
        return "flat" if not self.change else "up" if self.change > 0 else "down"

    @property
    def change_text(self) -> str:
        """The change without its sign, in words for a card; empty where there is nothing to compare with."""
        return "" if self.change is None else f"{abs(self.change):g} %"


@dataclass(frozen=True, slots=True)
class Counted:
    """What a statistic counts: the rows that fit `now`, and those that fit `before` where it is compared."""

    rows: QuerySet[Any]
    now: Q = field(default_factory=Q)
    before: Q | None = None


@dataclass(frozen=True, slots=True)
class Statistic:
    """One figure that editors can put on a stat card; `kinds` names the desks that may see it."""

    label: str
    source: str
    kinds: frozenset[str]
    count: Callable[[Scope], Counted]
    icon: str = "chart-column"


statistics: Registry[Statistic] = Registry("statistics")
Need = Reader | Statistic


def read_all(needs: Iterable[Need], scope: Scope) -> dict[Need, Any]:
    """Run each reader once, and count all statistics in one query.

    A failure is logged and shown in its place alone, since widgets are an edge of the process.
    """
    wanted = list(dict.fromkeys(needs))
    figures = [need for need in wanted if isinstance(need, Statistic)]
    results: dict[Need, Any] = {**count_all(figures, scope)} if figures else {}
    for reader in wanted:
        if isinstance(reader, Statistic):
            continue
        try:
            results[reader] = reader(scope)
        except Exception:
            # Whatever goes wrong in one widget, the others are shown.
            log.exception("widget_reader_failed", reader=reader.__qualname__)
            results[reader] = Failed
    return results


def count_all(wanted: Sequence[Statistic], scope: Scope) -> dict[Need, Any]:
    """The figure of each in one query; where one of them cannot be counted, in a query for each of the others."""
    try:
        return figures_of(wanted, scope)
    except Exception:
        # Any of them may be the cause: alone, only that one fails.
        if len(wanted) > 1:
            return {one: figure for each in wanted for one, figure in count_all([each], scope).items()}
        log.exception("statistic_failed", statistic=wanted[0].label)
        return {wanted[0]: Failed}


def figures_of(wanted: Sequence[Statistic], scope: Scope) -> dict[Need, Any]:
    """Count them."""
    counted = [statistic.count(scope) for statistic in wanted]
    first, *others = (_counting(one, place) for place, one in enumerate(counted))
    found = {place: (now, before) for place, now, before in first.union(*others, all=True)}
    figures: dict[Need, Any] = {}
    for place, (statistic, one) in enumerate(zip(wanted, counted, strict=True)):
        now, before = found.get(place, (0, 0))
        figures[statistic] = Figure(now, None if one.before is None else before)
    return figures


def _counting(one: Counted, place: int) -> QuerySet[Any]:
    before = one.now if one.before is None else one.before
    rows = one.rows.order_by().annotate(place=Value(place)).values("place")
    now_count, before_count = (Count("pk", filter=fits or None) for fits in (one.now, before))
    counts: QuerySet[Any] = rows.annotate(now=now_count, before=before_count).values_list("place", "now", "before")
    return counts


class WidgetBlock(blocks.StructBlock):
    """A block of a dashboard. Subclasses name the readers they need and, if not all, the desks that may see them.

    `samples` are made-up results in the order of `needs`: previews show them in place of anybody's figures.
    """

    needs: ClassVar[tuple[Need, ...]] = ()
    samples: ClassVar[tuple[Any, ...]] = ()
    kinds: ClassVar[frozenset[str] | None] = None

    def readers(self, value: Any, kind: str) -> tuple[Need, ...]:
        """The readers and statistics that this placing of the widget needs at a desk of this kind."""
        return self.needs

    def shown_at(self, kind: str) -> bool:
        """Whether the widget may be seen at a desk of this kind."""
        return self.kinds is None or kind in self.kinds

    def may_see(self, request: PortalRequest) -> bool:
        """Whether the viewer may, at the desk that the request acts for."""
        return True

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Add `data`, results of the needed readers in their order, and `failed`; samples where nothing was read."""
        context: dict[str, Any] = super().get_context(value, parent_context)
        read = context.get("results")
        results = list(self.samples) if read is None else [read.get(reader) for reader in self.needs]
        context["failed"] = Failed in results
        context["data"] = results[0] if len(results) == 1 else results
        return context


class LaterWidgetBlock(WidgetBlock):
    """A widget that reads much: the page holds its place, and the browser asks for it once the page is there.

    `body_template` shows `data`, or that reading `failed`; until then `link`, a name of an address and its label, leads
    to where the same can be read.
    """

    title = blocks.CharBlock(max_length=80)
    body_template: ClassVar[str]
    link: ClassVar[tuple[str, str]]

    def readers(self, value: Any, kind: str) -> tuple[Need, ...]:
        """None with the page."""
        return ()

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Add where the body comes from: nowhere in a preview, which shows samples."""
        context = super().get_context(value, parent_context)
        name, label = self.link
        asked = "" if context.get("results") is None else reverse("dashboard-widget", args=[self.name])
        return {**context, "body_template": self.body_template, "asked": asked, "link": reverse(name), "label": label}

    class Meta:
        template = "core/widgets/later.html"
