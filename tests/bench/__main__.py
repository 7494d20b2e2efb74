"""Runs all measures: `python -m tests.bench`, or with names of some of them."""

import logging
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SIZES = tuple(int(size) for size in os.environ.get("BENCH_SCALE", "1,10,100").split(","))


def prepare() -> None:
    """Bring up Django with servers and a folder of the benchmarks' own, as it runs behind a web server."""
    os.environ.setdefault("PORTAL_VAR", str(ROOT / "var" / "bench" / "world"))
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings.development"
    from tests.bench import worlds

    worlds.own_redis()
    import django

    django.setup()
    logging.disable(logging.WARNING)


def main(names: list[str]) -> None:
    """Measure, print, write."""
    prepare()
    from tests.bench import http, importing, pages, report, searches, worlds

    measures = {"http": http.measure, "pages": pages.measure, "search": searches.measure, "import": importing.measure}
    figures = report.Report(SIZES)
    for name, measure in measures.items():
        if not names or name in names:
            figures.part(name)
            measure(figures, worlds.Worlds(SIZES, say=report.progress))
    figures.finish(ROOT / "var" / "bench")


if __name__ == "__main__":
    main(sys.argv[1:])
