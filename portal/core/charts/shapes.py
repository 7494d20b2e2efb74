"""What the chart components draw."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Rect:
    """A bar, or the ground that the pointer hits; text is what it shows then."""

    x: float
    y: float
    width: float
    height: float
    text: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """One row of figures as shapes."""

    label: str
    tone: int
    line: str = ""
    area: str = ""
    bars: list[Rect] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the grid and its figure."""

    y: float
    label: str


@dataclass(frozen=True, slots=True)
class Table:
    """The figures for those who do not see the picture, or want them exactly."""

    head: list[str]
    rows: list[list[str]]


@dataclass(frozen=True, slots=True)
class Chart:
    """What components/chart.html draws for lines and bars; kind is line, bars or stacked."""

    kind: str
    title: str
    summary: str
    ticks: list[Tick]
    labels: list[str]
    series: list[Series]
    hits: list[Rect]
    table: Table
    before: Series | None = None


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of a donut; length, rest and offset in percent of the ring."""

    label: str
    shown: str
    tone: int
    length: float
    rest: float
    offset: float


@dataclass(frozen=True, slots=True)
class Donut:
    """What components/chart.html draws for a donut."""

    title: str
    summary: str
    total: str
    slices: list[Slice]
    table: Table
    kind: str = "donut"


@dataclass(frozen=True, slots=True)
class Spark:
    """What components/sparkline.html draws, in a box of 100 × 32."""

    line: str
    area: str
    label: str
