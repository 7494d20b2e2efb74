"""`make bench`."""

import logging
import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from tests.bench import (
    approvals,
    counting,
    dashboards,
    http,
    importing,
    invoicing,
    pages,
    papers,
    report,
    repositories,
    sealing,
    searches,
    signing,
    worlds,
)

MEASURES = {
    "http": http.measure,
    "pages": pages.measure,
    "dashboard": dashboards.measure,
    "search": searches.measure,
    "import": importing.measure,
    "approvals": approvals.measure,
    "invoicing": invoicing.measure,
    "papers": papers.measure,
    "counting": counting.measure,
    "repositories": repositories.measure,
    "sealing": sealing.measure,
    "signing": signing.measure,
}


class Command(BaseCommand):
    """Measure, print, write."""

    help = "Measures how fast the portal is, as ratios side by side."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take names of parts, and sizes."""
        sizes = os.environ.get("BENCH_SCALE", "1,10,100")
        parser.add_argument("parts", nargs="*", choices=[*MEASURES, []], help="parts to measure; without, all")
        parser.add_argument("--sizes", default=sizes, help="thousands of articles, as in 1,10,100")

    def handle(self, *args: Any, parts: list[str], sizes: str, **options: Any) -> None:
        """Run the parts one after the other."""
        logging.disable(logging.WARNING)
        thousands = tuple(int(size) for size in sizes.split(","))
        figures = report.Report(thousands)
        call_command("collectstatic", verbosity=0, interactive=False)
        for name, measure in MEASURES.items():
            if not parts or name in parts:
                figures.part(name)
                measure(figures, worlds.Worlds(thousands, say=report.progress))
        figures.finish(Path(settings.BASE_DIR) / "var" / "bench")
