"""Figures on use for dashboards."""

from typing import Any

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from billing.usage.models import DailyTotal
from portal.accounts.desks import Kind
from portal.core.widgets import Figure, Scope, Statistic

# The metric that says how much data a product keeps for a company: a level.
DATA = "storage"


def data_used(scope: Scope) -> Figure | None:
    """How much data all products keep at the end of the period, of the one before, and on the way; one query.

    None where no product told in either. A product that tells nothing on a day keeps what it told last.
    """
    company, period = scope.request.company, scope.period
    if company is None:
        return None
    told = DailyTotal.objects.for_company(company).between(period.before.starts_on, period.ends_on)
    told = told.filter(metric__slug=DATA).order_by("used_on")
    rows = list(told.values_list("used_on", "product", "last", "metric__unit"))
    if not rows:
        return None
    levels: list[int] = []
    kept: dict[int, int] = {}
    unread = iter(rows)
    row = next(unread, None)
    for day in (period.starts_on, *period.points):
        while row and row[0] < day:
            kept[row[1]] = row[2]
            row = next(unread, None)
        levels.append(sum(kept.values()))
    return Figure(levels[-1], levels[0], tuple(levels[1:]), rows[-1][3])


def mark(scope: Scope) -> "QuerySet[Any] | None":
    """When the roll-up last found other figures of the company."""
    if scope.request.company is None:
        return None
    newest = DailyTotal.objects.for_company(scope.request.company).order_by("-changed_at")
    return newest.annotate(mark=Cast("changed_at", TextField()))[:1]


STATISTICS = {
    "data": Statistic(
        "Data used",
        "What your products keep for you, as each of them told last.",
        frozenset({Kind.COMPANY}),
        icon="database",
        reader=data_used,
        good="none",
        later=True,
        sample=Figure(184, 171, (171, 174, 175, 180, 184), "GB"),
    )
}
