"""Series as charts: the same pictures on the page and on paper."""

from collections.abc import Sequence

from billing.usage import figures
from billing.usage.figures import Report
from billing.usage.series import Kind, Members, Series, Span, Step
from portal.core import charts
from portal.core.charts import Chart, Number

# A chart tells five rows apart, and a page holds so many charts of metrics.
MOST_ROWS = 5
MOST_CHARTS = 8


def metrics(report: Report, span: Span) -> list[Chart]:
    """A chart for each metric that is counted or measured, the one reported most first: a row for each product."""
    known = figures.by_metric(figures.of_kind(report.series, Kind.COUNT, Kind.LEVEL))
    return [metric(rows[:MOST_ROWS], span) for rows in known[:MOST_CHARTS]]


def metric(rows: Sequence[Series], span: Span) -> Chart:
    """One metric; where one product reports it, beside the period before. Months that were counted are bars."""
    of, values = rows[0].metric, _by_product(rows)
    if span.step == Step.MONTH and of.kind == Kind.COUNT:
        return charts.bars(of.name, span.labels, values)
    return charts.line(of.name, span.labels, values, before=rows[0].before if len(rows) == 1 else ())


def members(counted: Members, span: Span) -> Chart:
    """How many members were active."""
    return charts.line("Active members", span.labels, {"Active members": counted.counts}, before=counted.before)


def times(report: Report, span: Span) -> Chart | None:
    """How long things took, in milliseconds; None where nothing is timed."""
    timed = figures.of_kind(report.series, Kind.DURATION)[:MOST_ROWS]
    if not timed:
        return None
    rows: dict[str, Sequence[Number]] = {f"{one.metric.name}, {one.product.name}": one.values for one in timed}
    return charts.bars("Mean response time", span.labels, rows, written=figures.milliseconds)


def activity(report: Report, span: Span) -> Chart | None:
    """What was done in each product upon one another; None where there are not several products."""
    compared = figures.compared(report.series)[:MOST_ROWS]
    if len(compared) < 2:
        return None
    return charts.stacked("Activity by product", span.labels, {one.product.name: one.values for one in compared})


def _by_product(rows: Sequence[Series]) -> dict[str, Sequence[Number]]:
    return {one.product.name: one.values for one in rows}
