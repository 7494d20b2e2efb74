"""A company's use beside the median of others of its size, which tells of none of them.

The median is of other companies alone, so that nobody learns anything by changing their own figures; of ten at least;
of one whole month that is over, whatever days the page shows, so that nobody learns anything by choosing days; and
rounded to two digits, since a median is otherwise the very figure of somebody.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from statistics import median_low
from typing import Any

from django.core.cache import cache
from django.db.models import Max, Sum
from django.utils.formats import date_format

from billing.catalog.models import Metric
from billing.usage import figures, series
from billing.usage.choice import Choice
from billing.usage.models import DailyTotal
from billing.usage.series import Kind, Series, Span, Sums
from portal.accounts.models import Company
from portal.core.widgets import Figure, Period

FEWEST_OTHERS = 10
KEPT_SECONDS = 24 * 60 * 60
COMPARED = (Kind.COUNT, Kind.LEVEL, Kind.DURATION)
COLUMNS = [
    {"label": "What"},
    {"label": "You", "number": True},
    {"label": "Median of others", "number": True},
    {"label": "You against it", "number": True},
]
NOTHING = {
    "icon": "users",
    "title": "Nothing to compare with",
    "text": "A comparison needs ten other companies of your size with the same product, so that it tells of none.",
}
# The figures of a group by product and metric, then by company.
Group = Mapping[tuple[int, int], Mapping[int, int]]


def page(company: Company, choice: Choice, *, today: date) -> dict[str, Any]:
    """The last whole month beside the others, as components/table.html takes it."""
    month = last_month(today)
    own = series.read(company, Span(month), products=choice.keys) if company.size else []
    mine = [one for one in figures.of_kind(own, *COMPARED) if one.whole.events or one.whole.last is not None]
    group = of_size(company.size, month) if mine else {}
    return {
        "columns": COLUMNS,
        "rows": list(rows(mine, group, company.pk)),
        "empty": NOTHING,
        "has_size": bool(company.size),
        "size": company.get_size_display(),
        "month": date_format(month.starts_on, "F Y"),
        "fewest": FEWEST_OTHERS,
    }


def rows(mine: Iterable[Series], group: Group, company: int) -> Iterable[dict[str, Any]]:
    """What has a median, with the own figure beside it."""
    for one in mine:
        kind, value = one.metric.kind, one.whole.value(one.metric.kind)
        middle = median_of_others(group.get((one.product.pk, one.metric.pk), {}), company)
        if middle is not None:
            yield {
                "cells": [
                    {"value": one.metric.name, "sub": one.product.name},
                    {"value": figures.written(value, kind)},
                    {"value": f"about {figures.written(middle, kind)}"},
                    {"value": against(value, middle)},
                ]
            }


def median_of_others(values: Mapping[int, int], company: int) -> int | None:
    """The rounded median of what other companies have; None where there are fewer than ten of them."""
    others = [value for other, value in values.items() if other != company]
    return rounded(median_low(others)) if len(others) >= FEWEST_OTHERS else None


def rounded(value: int) -> int:
    """Two digits and noughts, half up."""
    unit = 10 ** max(len(str(value)) - 2, 0)
    return (value + unit // 2) // unit * unit


def against(value: int, middle: int) -> str:
    """How much more or less than the median, in words."""
    change = Figure(value, middle).change
    if change is None:
        return "–"
    return "the same" if round(change) == 0 else f"{abs(round(change)):,} % {'more' if change > 0 else 'less'}"


def last_month(today: date) -> Period:
    """The last month that is over."""
    first = today.replace(day=1)
    return Period((first - timedelta(days=1)).replace(day=1), first)


def of_size(size: str, month: Period) -> Group:
    """What companies of this size used in a month; kept for a day, in a place that no page shows."""
    key = f"usage-of-size:{size}:{month.starts_on}"
    found: Group | None = cache.get(key)
    if found is None:
        found = _read(size, month)
        cache.set(key, found, KEPT_SECONDS)
    return found


def _read(size: str, month: Period) -> Group:
    rows = DailyTotal.objects.between(month.starts_on, month.ends_on).filter(
        company__size=size, company__is_active=True, company__erased_at=None, metric__kind__in=COMPARED
    )
    kinds = dict(Metric.objects.values_list("pk", "kind"))
    place = ("product", "metric", "company")
    found: dict[tuple[int, int], dict[int, int]] = defaultdict(dict)
    summed = rows.order_by().values_list(*place).annotate(all=Sum("total"), number=Sum("events"), most=Max("highest"))
    for product, metric, company, total, events, highest in summed:
        found[product, metric][company] = Sums(int(total), int(events), highest).value(kinds[metric])
    levels = rows.filter(metric__kind=Kind.LEVEL).order_by(*place, "-used_on").distinct(*place)
    for product, metric, company, last in levels.values_list(*place, "last"):
        found[product, metric][company] = last
    return dict(found)
