"""The figures of the page on paper."""

from typing import Any

from django.template.loader import render_to_string

from billing.usage import drawing, figures, pages
from billing.usage.choice import Choice
from billing.usage.figures import Report
from billing.usage.series import Kind, Series
from portal.accounts.models import Company
from portal.core import typesetting

STYLE = "css/report.css"
# A sheet of paper is set in memory: what is longer is for files of rows.
MOST_ROWS = 300
HEADS = ["Metric", "Product", "Figure", "Highest", "Events", "Before"]


def pdf(company: Company, choice: Choice, report: Report) -> bytes:
    """Set it; reads nothing from the database."""
    period = choice.span.period
    drawn = [
        drawing.members(report.members, choice.span) if report.members else None,
        None if choice.product else drawing.activity(report, choice.span),
        *drawing.metrics(report, choice.span),
        drawing.times(report, choice.span),
    ]
    context = {
        "company": company,
        "choice": choice,
        "first": period.starts_on,
        "last": period.last_day,
        "days": choice.span.days,
        "report": report,
        "cards": pages.cards(report),
        "charts": [chart for chart in drawn if chart],
        "features": [pages.feature(one) for one in figures.ranked(report.series)[: pages.MOST_FEATURES]],
        "heads": HEADS,
        "rows": [row(one) for one in report.series[:MOST_ROWS]],
        "is_cut": len(report.series) > MOST_ROWS,
    }
    return typesetting.typeset(render_to_string("usage/report.html", context), style_sheet=STYLE)


def row(one: Series) -> list[Any]:
    """One metric over the whole period."""
    kind, now, before = one.metric.kind, one.whole, one.whole_before
    highest = figures.milliseconds(now.highest) if kind == Kind.DURATION else "–"
    named = [one.metric.name, one.product.name]
    figure, earlier = figures.written(now.value(kind), kind), figures.written(before.value(kind), kind)
    return [*named, figure, highest, f"{now.events:,}", earlier]
