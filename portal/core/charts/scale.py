"""From figures to heights."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from portal.core.charts.figures import HEIGHT, WIDTH, Number, Written
from portal.core.charts.shapes import Rect, Tick

ROUND_STEPS = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True, slots=True)
class Scale:
    """Lowest and highest figure of a chart and the step of its grid, all round."""

    low: float
    high: float
    step: float

    @classmethod
    def over(cls, values: Sequence[Number]) -> "Scale":
        """The scale that holds all figures and zero, in about four steps."""
        low = min([0.0, *map(float, values)])
        high = max([0.0, *map(float, values)])
        rough = (high - low) / 4 or 0.25
        size = 10.0 ** math.floor(math.log10(rough))
        step = next(size * nice for nice in ROUND_STEPS if size * nice >= rough * 0.999999)
        bottom, top = math.floor(low / step) * step, math.ceil(high / step) * step
        return cls(bottom, top if top > bottom else bottom + step, step)

    def y(self, value: float) -> float:
        """Height of a figure, from the top."""
        return HEIGHT * (self.high - value) / (self.high - self.low)

    def path(self, row: Sequence[Number]) -> str:
        """A line through a row of figures, evenly over the width."""
        gap = WIDTH / max(1, len(row) - 1)
        return path_of([(i * gap, self.y(float(value))) for i, value in enumerate(row)])

    def area(self, row: Sequence[Number]) -> str:
        """What lies between that line and zero."""
        base = short(self.y(0))
        return f"{self.path(row)}L{short(WIDTH)} {base}L0 {base}Z"

    def bar(self, x: float, width: float, start: float, end: float) -> Rect:
        """A bar from one figure to another."""
        top, bottom = self.y(max(start, end)), self.y(min(start, end))
        return Rect(round(x, 2), round(top, 2), round(width, 2), round(bottom - top, 2))

    def ticks(self, written: Written) -> list[Tick]:
        """Lines of the grid, from the top."""
        count = round((self.high - self.low) / self.step)
        values = [round(self.high - i * self.step, 10) for i in range(count + 1)]
        return [Tick(round(self.y(value), 2), written(value)) for value in values]


def path_of(points: Sequence[tuple[float, float]]) -> str:
    """Path data of a line through points."""
    return "".join(f"{'L' if i else 'M'}{short(x)} {short(y)}" for i, (x, y) in enumerate(points))


def short(value: float) -> str:
    """A coordinate with at most two decimals."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
