"""Figures to draw: rows of numbers under common labels, and how they are written."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from portal.core.charts.shapes import Rect, Table

WIDTH = 600.0
HEIGHT = 200.0
MOST_LABELS = 7
Number = int | float | Decimal
Written = Callable[[Number], str]


def plain(value: Number) -> str:
    """A figure with thousands apart and at most two decimals."""
    return f"{value:,.2f}".rstrip("0").rstrip(".") if value % 1 else f"{int(value):,}"


@dataclass(frozen=True, slots=True)
class Figures:
    """Rows of figures by name, each as long as the labels."""

    labels: Sequence[str]
    rows: dict[str, Sequence[Number]]
    written: Written = plain

    def all(self) -> list[Number]:
        """Every figure."""
        return [value for row in self.rows.values() for value in row]

    def band(self) -> float:
        """Width that one label has in a chart of bars."""
        return WIDTH / max(1, len(self.labels))

    def piles(self) -> list[tuple[Number, ...]]:
        """The figures of each label."""
        return list(zip(*self.rows.values(), strict=True))

    def table(self) -> Table:
        """The figures, a row for each label."""
        rows = [[label, *map(self.written, pile)] for label, pile in zip(self.labels, self.piles(), strict=True)]
        return Table(["", *self.rows], rows)

    def summary(self) -> str:
        """Where each row begins and ends, in words."""
        if not self.labels:
            return "No figures."
        first, last = self.labels[0], self.labels[-1]
        ends = ((name, self.written(row[0]), self.written(row[-1])) for name, row in self.rows.items())
        return " ".join(f"{name} from {start} ({first}) to {end} ({last})." for name, start, end in ends)

    def hits(self, *, banded: bool) -> list[Rect]:
        """A column for each label that shows its figures under the pointer."""
        width = self.band() if banded else WIDTH / max(1, len(self.labels) - 1)
        shift = 0.0 if banded else width / 2
        texts = [self.words(label, pile) for label, pile in zip(self.labels, self.piles(), strict=True)]
        return [Rect(round(i * width - shift, 2), 0, round(width, 2), HEIGHT, text) for i, text in enumerate(texts)]

    def words(self, label: str, pile: Sequence[Number]) -> str:
        """The figures of one label."""
        return f"{label}: " + ", ".join(
            f"{name} {self.written(value)}" for name, value in zip(self.rows, pile, strict=True)
        )

    def thinned(self, *, banded: bool) -> list[str]:
        """As many labels as have room, evenly apart: from end to end, or from the middle of each group of bars."""
        count = len(self.labels)
        if count <= MOST_LABELS:
            return list(self.labels)
        shown = MOST_LABELS - 1
        if banded:
            return [self.labels[int((i + 0.5) * count / shown)] for i in range(shown)]
        return [self.labels[round(i * (count - 1) / (shown - 1))] for i in range(shown)]
