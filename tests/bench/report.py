"""Figures, as a table and as JSON."""

import json
import os
import platform
import sys
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

WIDTH = 64


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure; `least` or `most` is its target, where it has one."""

    part: str
    name: str
    value: float
    unit: str = ""
    least: float | None = None
    most: float | None = None

    @property
    def verdict(self) -> str:
        """Whether the target is reached."""
        if self.least is None and self.most is None:
            return ""
        missed = (self.least is not None and self.value < self.least) or (
            self.most is not None and self.value > self.most
        )
        return "missed" if missed else "reached"

    def line(self) -> str:
        """The figure as one line of the table."""
        target = f"≥ {self.least:g}" if self.least is not None else f"≤ {self.most:g}" if self.most is not None else ""
        return f"  {self.name:<{WIDTH}} {shown(self.value):>9} {self.unit:<10} {target:<8} {self.verdict}".rstrip()


def shown(value: float) -> str:
    """A number with as many digits as matter."""
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.2f}"


def progress(text: str) -> None:
    """Tell what is going on, beside the table."""
    sys.stderr.write(f"  … {text.strip()}\n")


class Report:
    """All figures of a run, printed as they come."""

    def __init__(self, sizes: tuple[int, ...]) -> None:
        self.sizes = sizes
        self.figures: list[Figure] = []
        self.current = ""
        self.started = time.monotonic()

    def part(self, name: str) -> None:
        """Begin a part of the table."""
        self.current = name
        sys.stdout.write(f"{name}\n")

    def add(
        self, name: str, value: float, unit: str = "", *, least: float | None = None, most: float | None = None
    ) -> None:
        """Take up a figure and print it."""
        figure = Figure(self.current, name, value, unit, least, most)
        self.figures.append(figure)
        sys.stdout.write(f"{figure.line()}\n")
        sys.stdout.flush()

    def finish(self, folder: Path) -> None:
        """Say how many targets were reached, and write everything as JSON."""
        verdicts = [figure.verdict for figure in self.figures if figure.verdict]
        seconds = round(time.monotonic() - self.started)
        now = datetime.now(tz=UTC)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{now:%Y%m%d-%H%M%S}.json"
        about = {
            "at": now.isoformat(timespec="seconds"),
            "seconds": seconds,
            "python": platform.python_version(),
            "machine": platform.machine(),
            "processors": os.cpu_count(),
            "load": os.getloadavg()[0],
            "thousands_of_articles": list(self.sizes),
        }
        rows = [{**asdict(figure), "verdict": figure.verdict} for figure in self.figures]
        path.write_text(json.dumps({**about, "figures": rows}, indent=2) + "\n", encoding="utf-8")
        reached = verdicts.count("reached")
        sys.stdout.write(f"{reached} of {len(verdicts)} targets reached in {seconds} s; written to {path}\n")
