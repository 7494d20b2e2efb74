"""What the page of use shows at once; what takes longer is in parts.py."""

from typing import Any

from django.urls import reverse

from billing.usage import drawing, figures, series
from billing.usage.choice import Choice
from billing.usage.figures import Report
from portal.accounts.models import Company
from portal.core import periods
from portal.core.widgets import Figure

MOST_FEATURES = 10
PARTS = {
    "active": "Active members",
    "limits": "Plan limits",
    "suggestions": "Save money",
    "peers": "Companies of your size",
    "members": "Member activity",
}
FILES = {"csv": "CSV", "xlsx": "Excel", "pdf": "PDF"}


def read(company: Company, choice: Choice) -> Report:
    """The figures of what was chosen and who was active: 6 queries, whatever there is."""
    found = series.read(company, choice.span, products=choice.keys)
    return Report(found, series.members(company, choice.span, products=choice.keys))


def active(company: Company, choice: Choice) -> dict[str, Any]:
    """How many members used anything: all rows of members are read for it, so that it comes later."""
    found = series.members(company, choice.span, products=choice.keys)
    return {"card": active_members(found), "chart": drawing.members(found, choice.span)}


def page(company: Company, choice: Choice) -> dict[str, Any]:
    """The page: what was chosen, its figures and charts, and where its slow parts come from."""
    report = Report(series.read(company, choice.span, products=choice.keys))
    return {
        **frame(choice),
        "tabs": choice.tabs(),
        "steps": choice.steps(),
        "has_products": bool(choice.products),
        "report": report,
        "cards": cards(report),
        "charts": drawing.metrics(report, choice.span),
        "active_part": part("active", choice),
        "activity_chart": None if choice.product else drawing.activity(report, choice.span),
        "features": [feature(one) for one in figures.ranked(report.series)[:MOST_FEATURES]],
        "times": [time(one) for one in figures.of_kind(report.series, series.Kind.DURATION)],
        "times_chart": drawing.times(report, choice.span),
        "compared": products(report, choice),
        "parts": [part(name, choice) for name in PARTS if name != "active"] if choice.products else [],
        "files": [{"label": label, "url": file_url(name, choice)} for name, label in FILES.items()],
    }


def frame(choice: Choice) -> dict[str, Any]:
    """The chosen days as components/date_range.html takes them."""
    shown_as = periods.shown_as(choice.preset, choice.span.period)
    return {**shown_as, "hidden": choice.narrowing, "choice": choice, "days": choice.span.days}


def part(name: str, choice: Choice) -> dict[str, str]:
    """Where a slow part comes from."""
    url = f"{reverse('usage-part', args=[name])}?{choice.query}"
    return {"name": name, "title": PARTS[name], "url": url, "template": f"usage/parts/{name}.html"}


def file_url(kind: str, choice: Choice) -> str:
    """Where the same figures come as a file."""
    return f"{reverse('usage-file', args=[kind])}?{choice.query}"


def cards(report: Report) -> list[dict[str, Any]]:
    """The first row of figures as components/stat_card.html takes them."""
    used = figures.ranked(report.series)
    before = [one for one in figures.of_kind(report.series, series.Kind.FEATURE) if one.whole_before.total]
    response = figures.response_time(report.series)
    done = figures.activity(report.series)
    found = [
        *([active_members(report.members)] if report.members else []),
        card("Activity", done, "Features used and things counted, all together.", unit="uses"),
        card("Features used", Figure(len(used), len(before)), "Features that were used at least once."),
    ]
    if figures.of_kind(report.series, series.Kind.DURATION):
        text = figures.milliseconds(response.value)
        found.append(card("Response time", response, "The mean of everything timed.", value=text, good="down"))
    return found


def active_members(members: series.Members) -> dict[str, Any]:
    """How many members there were of whom anything was reported."""
    return card("Active members", members.figure, "Members of whom a product reported anything.")


def card(
    label: str, figure: Figure, source: str, *, value: str = "", unit: str = "", good: str = "up"
) -> dict[str, Any]:
    """One figure against the period before."""
    return {
        "label": label,
        "value": value or f"{figure.value:,}",
        "unit": unit,
        "source": source,
        "good": good,
        **change(figure),
    }


def change(figure: Figure) -> dict[str, str]:
    """A change as components/change.html takes it."""
    return {"change": figure.change_text, "direction": figure.direction}


def feature(one: figures.Ranked) -> dict[str, Any]:
    """A feature in the ranked list."""
    return {
        "name": one.series.metric.name,
        "product": one.series.product.name,
        "uses": f"{one.figure.value:,}",
        "percent": one.percent,
        **change(one.figure),
    }


def time(one: series.Series) -> dict[str, Any]:
    """How long something took."""
    return {
        "name": one.metric.name,
        "product": one.product.name,
        "mean": figures.milliseconds(one.figure.value),
        "highest": figures.milliseconds(one.whole.highest),
        **change(one.figure),
    }


def products(report: Report, choice: Choice) -> list[dict[str, Any]]:
    """The own products beside one another; none where one was chosen, or there is only one."""
    found = figures.compared(report.series)
    if choice.product or len(found) < 2:
        return []
    return [
        {
            "name": one.product.name,
            "uses": f"{one.activity.value:,}",
            "features": one.features,
            "share": one.share,
            **change(one.activity),
        }
        for one in found
    ]
