"""The kinds of chart."""

from collections.abc import Sequence
from itertools import accumulate

from portal.core.charts.figures import Figures, Number, Written, plain
from portal.core.charts.scale import Scale, path_of
from portal.core.charts.shapes import Chart, Donut, Series, Slice, Spark, Table

TONES = 5
BEFORE = "Period before"


def sparkline(values: Sequence[Number], *, label: str) -> Spark | None:
    """A small line that says no more than up or down; None for fewer than two figures."""
    if len(values) < 2:
        return None
    figures = [float(value) for value in values]
    low = min(figures)
    spread = max(figures) - low or 1.0
    gap = 100 / (len(values) - 1)
    path = path_of([(i * gap, 30 - 28 * (figure - low) / spread) for i, figure in enumerate(figures)])
    return Spark(path, f"{path}L100 32L0 32Z", label)


def line(
    title: str,
    labels: Sequence[str],
    rows: dict[str, Sequence[Number]],
    *,
    before: Sequence[Number] = (),
    written: Written = plain,
) -> Chart:
    """Lines over time; `before` is the same row in the period before, dashed."""
    figures = Figures(labels, {**rows, BEFORE: before} if before else rows, written)
    scale = Scale.over(figures.all())
    alone = len(rows) == 1 and len(labels) > 1
    series = [
        Series(name, tone(place), scale.path(row), scale.area(row) if alone else "")
        for place, (name, row) in enumerate(rows.items())
    ]
    earlier = Series(BEFORE, 0, scale.path(before)) if before else None
    return chart("line", title, figures, scale, series, earlier)


def bars(title: str, labels: Sequence[str], rows: dict[str, Sequence[Number]], *, written: Written = plain) -> Chart:
    """Bars side by side, one group a label."""
    figures = Figures(labels, rows, written)
    scale = Scale.over(figures.all())
    band = figures.band()
    width = band * 0.7 / max(1, len(rows))
    series = []
    for place, (name, row) in enumerate(rows.items()):
        left = band * 0.15 + place * width
        drawn = [scale.bar(i * band + left, width * 0.94, 0.0, float(value)) for i, value in enumerate(row)]
        series.append(Series(name, tone(place), bars=drawn))
    return chart("bars", title, figures, scale, series)


def stacked(title: str, labels: Sequence[str], rows: dict[str, Sequence[Number]], *, written: Written = plain) -> Chart:
    """Bars upon one another, one pile a label; figures below zero are not for piles."""
    figures = Figures(labels, rows, written)
    scale = Scale.over([sum(pile) for pile in figures.piles()])
    band = figures.band()
    heights = [list(accumulate(map(float, pile), initial=0.0)) for pile in figures.piles()]
    series = []
    for place, name in enumerate(rows):
        left, width = band * 0.18, band * 0.64
        drawn = [scale.bar(i * band + left, width, pile[place], pile[place + 1]) for i, pile in enumerate(heights)]
        series.append(Series(name, tone(place), bars=drawn))
    return chart("stacked", title, figures, scale, series)


def donut(title: str, parts: dict[str, Number], *, written: Written = plain) -> Donut:
    """Shares of a whole, in the order given; five parts at most can be told apart."""
    total = sum(parts.values())
    shares = [100 * float(value) / float(total or 1) for value in parts.values()]
    starts = accumulate(shares, initial=0.0)
    slices = [
        Slice(name, written(value), tone(place), round(share, 3), round(100 - share, 3), round(-start, 3))
        for place, ((name, value), share, start) in enumerate(zip(parts.items(), shares, starts, strict=False))
    ]
    said = ", ".join(f"{part.label} {part.shown}" for part in slices)
    rows = [[part.label, part.shown, f"{part.length:.0f} %"] for part in slices]
    return Donut(title, f"{said}.", written(total), slices, Table(["Part", "Value", "Share"], rows))


def chart(
    kind: str, title: str, figures: Figures, scale: Scale, series: list[Series], before: Series | None = None
) -> Chart:
    """A chart of lines or bars from its parts."""
    banded = kind != "line"
    return Chart(
        kind=kind,
        title=title,
        summary=figures.summary(),
        ticks=scale.ticks(figures.written),
        labels=figures.thinned(banded=banded),
        series=series,
        hits=figures.hits(banded=banded),
        table=figures.table(),
        before=before,
    )


def tone(place: int) -> int:
    """The colour of a row by its place, 1 to 5."""
    return place % TONES + 1
