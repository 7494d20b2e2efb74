"""What dashboards are made of: blocks that store layout, and readers that bring the figures.

A widget block names the readers it needs. The dashboard collects the needs of all widgets that its viewer may see and
runs each reader once; a reader that fails leaves only its own widgets without figures.
"""

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

import structlog
from django.db.models import QuerySet
from django.urls import reverse
from wagtail import blocks

from portal.core.http import PortalRequest
from portal.core.periods import Period
from portal.core.questions import start_afresh
from portal.core.registry import Registry
from portal.core.statistics import (
    Counted,
    Failed,
    Figure,
    Scope,
    Statistic,
    count_all,
    grown,
    statistics,
)

__all__ = [
    "Counted",
    "Failed",
    "Figure",
    "LaterWidgetBlock",
    "Need",
    "Period",
    "Reader",
    "Scope",
    "Statistic",
    "WidgetBlock",
    "grown",
    "marks",
    "read_all",
    "statistics",
]
log = structlog.get_logger(__name__)
Reader = Callable[[Scope], Any]
Need = Reader | Statistic


def read_all(needs: Iterable[Need], scope: Scope) -> dict[Need, Any]:
    """Run each reader once, and count all statistics in one query.

    A failure is logged and shown in its place alone, since widgets are an edge of the process.
    """
    wanted = list(dict.fromkeys(needs))
    counted = [need for need in wanted if isinstance(need, Statistic) and need.count]
    results: dict[Need, Any] = {**count_all(counted, scope)} if counted else {}
    for need in wanted:
        if need not in results:
            results[need] = read_one(need, scope)
    return results


def may_read(need: Need, request: PortalRequest) -> bool:
    """Whether the viewer may see what it brings; what is read for a widget alone, the widget itself decides."""
    return not isinstance(need, Statistic) or need.may_see(request)


def read_one(need: Need, scope: Scope) -> Any:
    """What one reader brings, `Failed` where it raises."""
    try:
        return need.read_figure(scope) if isinstance(need, Statistic) else need(scope)
    except Exception:
        # Whatever goes wrong in one widget, the others are shown.
        log.exception("widget_reader_failed", reader=name_of(need))
        start_afresh()
        return Failed


def name_of(need: Need) -> str:
    """What a reader or statistic is called in the log."""
    return need.label if isinstance(need, Statistic) else getattr(need, "__qualname__", repr(need))


WAITING = "core/widgets/waiting.html"
# What dashboards show changes with these: each gives rows annotated with `mark`, a text, for a scope, or None where it
# has none. All are asked in one query, so that a dashboard on which nothing changed is not made anew.
Mark = Callable[[Scope], "QuerySet[Any] | None"]
marks: Registry[Mark] = Registry("marks of what dashboards show")


class WidgetBlock(blocks.StructBlock):
    """A block of a dashboard. Subclasses name the readers they need and, if not all, the desks that may see them.

    `samples` are made-up results in the order of `needs`: previews show them in place of anybody's figures. What a
    widget `is_live` shows is read again while the dashboard is open. One that `is_later` is only held its place by the
    page, and read once the page is there.
    """

    needs: ClassVar[tuple[Need, ...]] = ()
    samples: ClassVar[tuple[Any, ...]] = ()
    kinds: ClassVar[frozenset[str] | None] = None
    is_live: ClassVar[bool] = False
    is_later: ClassVar[bool] = False

    def readers(self, value: Any, kind: str) -> tuple[Need, ...]:
        """The readers and statistics that this placing of the widget needs with the page at a desk of this kind."""
        return () if self.is_later else self.needs

    def later_readers(self, value: Any, kind: str) -> tuple[Need, ...]:
        """Those that it needs once the page is there: it shows skeletons until then."""
        return self.needs if self.is_later else ()

    def waits(self, context: dict[str, Any] | None) -> bool:
        """Whether it still waits for what it needs, which it never does in a preview."""
        read = context.get("results") if context else None
        return read is not None and any(need not in read for need in self.needs)

    def get_template(self, value: Any = None, context: dict[str, Any] | None = None) -> str:
        """Its own template, or while it waits a skeleton under its title."""
        return WAITING if self.waits(context) else str(super().get_template(value, context=context))

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

    `body_template` shows `data`, or that reading `failed`; `link`, a name of an address and its label, leads to where
    the same can be read at length.
    """

    title = blocks.CharBlock(max_length=80)
    body_template: ClassVar[str]
    link: ClassVar[tuple[str, str]]
    is_live = True
    is_later = True

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Add the template of its body, and the link."""
        context = super().get_context(value, parent_context)
        name, label = self.link
        return {**context, "body_template": self.body_template, "link": reverse(name), "label": label}

    class Meta:
        template = "core/widgets/later.html"
