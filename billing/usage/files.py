"""The figures of the page as files."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase

from billing.usage import pages, papers
from billing.usage.choice import Choice
from billing.usage.figures import Report
from billing.usage.series import Kind, Series
from portal.activity import services as activity
from portal.core import sheets, workbooks
from portal.core.http import MemberRequest

HEAD = ["from", "product", "metric", "kind", "figure", "unit", "events", "highest", "figure_before"]


def answer(kind: str, request: MemberRequest, choice: Choice) -> HttpResponseBase:
    """Make a file of what was chosen, and write down that somebody took it."""
    if request.method == "GET":
        data = {"format": pages.FILES[kind]}
        activity.record(verb="usage.exported", actor=request.user, company=request.company, label="", data=data)
    return KINDS[kind](request, choice, pages.read(request.company, choice))


def name(request: MemberRequest, choice: Choice) -> str:
    """What the file is called, without its ending."""
    period, product = choice.span.period, f"-{choice.product.slug}" if choice.product else ""
    return f"usage-{request.company.slug}{product}-{period.starts_on}-{period.last_day}"


def rows(report: Report, choice: Choice) -> Iterator[list[Any]]:
    """A line for each day or month of each metric of each product, then those of active members."""
    yield HEAD
    starts = choice.span.starts
    for one in report.series:
        for place, start in enumerate(starts):
            yield line(one, place, [start, one.product.name, one.metric.name])
    product = choice.product.name if choice.product else ""
    active = report.members
    for start, count, before in zip(starts, active.counts, active.before, strict=True) if active else ():
        yield [start, product, "Active members", "members", count, "member", "", "", before]


def line(one: Series, place: int, named: list[Any]) -> list[Any]:
    """One figure; the highest is told where it says something."""
    metric, sums = one.metric, one.sums[place]
    unit = "ms" if metric.kind == Kind.DURATION else metric.unit
    highest = sums.highest if metric.kind == Kind.DURATION else ""
    return [*named, metric.kind, one.values[place], unit, sums.events, highest, one.before[place]]


def csv(request: MemberRequest, choice: Choice, report: Report) -> HttpResponseBase:
    """A sheet as plain text."""
    return sheets.answer(rows(report, choice), name=name(request, choice))


def xlsx(request: MemberRequest, choice: Choice, report: Report) -> HttpResponseBase:
    """A workbook: what it is of and in short, then every figure."""
    period = choice.span.period
    named: list[list[Any]] = [
        ["company", request.company.name],
        ["product", choice.product.name if choice.product else "all"],
        ["from", period.starts_on],
        ["to", period.last_day],
    ]
    short = [[card["label"], card["value"], card["direction"], card["change"]] for card in pages.cards(report)]
    book: dict[str, Iterable[list[Any]]] = {"In short": [*named, [], *short], "Figures": rows(report, choice)}
    return workbooks.answer(book, name=name(request, choice))


def pdf(request: MemberRequest, choice: Choice, report: Report) -> HttpResponseBase:
    """The charts of the page and the figures of the whole period on paper."""
    response = HttpResponse(papers.pdf(request.company, choice, report), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name(request, choice)}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


KINDS: dict[str, Callable[[MemberRequest, Choice, Report], HttpResponseBase]] = {
    "csv": csv,
    "xlsx": xlsx,
    "pdf": pdf,
}
