"""Articles a second of `import_help`: a thousand Markdown files with pictures, into a copy of the smallest world."""

import logging
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from PIL import Image, ImageDraw

from helpcenter.knowledge.services import importing
from helpcenter.knowledge.services.importing import Result
from home.demo.scale import words
from tests.bench.report import Report, progress
from tests.bench.worlds import Worlds

ARTICLES, TOPICS, PICTURES = 1000, 20, 200
MOST_SECONDS = 60.0


def measure(report: Report, worlds: Worlds) -> None:
    """The first import, and the second, which finds everything as it was."""
    with TemporaryDirectory() as name, worlds.scratch():
        progress(f"writing {ARTICLES:,} articles with {PICTURES} pictures …")
        write(Path(name))
        logging.getLogger("wagtail").setLevel(logging.WARNING)
        for run, result in (("first import", Result.CREATED), ("import of the same again", Result.UNCHANGED)):
            started, busy = time.perf_counter(), time.process_time()
            found = importing.import_folder(root=Path(name), under="bench")
            seconds, busy = time.perf_counter() - started, time.process_time() - busy
            taken = found.counts()[result]
            if taken < ARTICLES:
                raise SystemExit(f"{run}: only {taken} of {ARTICLES} articles: {found.failures[:3]}")
            report.add(f"{run} of {ARTICLES:,} articles", seconds, "s", most=MOST_SECONDS)
            report.add(f"{run}", ARTICLES / seconds, "articles/s")
            # What the machine's other work does not change.
            report.add(f"{run}: processor time, without the database's", busy, "s")


def write(folder: Path) -> None:
    """Twenty topics of fifty articles; each article names a picture, one before it and one after it."""
    random = Random(3)
    (folder / "images").mkdir()
    for number in range(PICTURES):
        picture(number, random).save(folder / "images" / f"picture-{number}.png")
    for topic in range(TOPICS):
        place = folder / f"topic-{topic:02}"
        place.mkdir()
        (place / "index.md").write_text(f"---\ntitle: {words.title(random)} {topic}\n---\n", encoding="utf-8")
        for number in range(ARTICLES // TOPICS):
            text = article(random, number, topic * (ARTICLES // TOPICS) + number)
            (place / f"article-{number:02}.md").write_text(text, encoding="utf-8")


def picture(number: int, random: Random) -> Image.Image:
    """A picture as large as a screenshot, none like another."""
    image = Image.new("RGB", (960, 600), (240, 244, 250))
    draw: Callable[..., None] = ImageDraw.Draw(image).rectangle
    for _ in range(30):
        left, top = random.randrange(800), random.randrange(500)
        draw((left, top, left + 120, top + 60), fill=tuple(random.randrange(256) for _ in range(3)))
    return image


def article(random: Random, number: int, position: int) -> str:
    """An article as editors write it: front matter, sections, a list, a table, code, a link and a picture."""
    sections = "\n\n".join(f"## {words.title(random)}\n\n{words.paragraph(random)}" for _ in range(3))
    neighbour = (number + 1) % (ARTICLES // TOPICS)
    return (
        f"---\ntitle: {words.title(random)} {position}\nsummary: {words.sentence(random)}\n---\n\n"
        f"{words.paragraph(random)} See [the next one](article-{neighbour:02}.md).\n\n{sections}\n\n"
        f"![{words.title(random)}](../images/picture-{position % PICTURES}.png)\n\n"
        f"- {words.sentence(random)}\n- {words.sentence(random)}\n\n"
        f"| Field | Meaning |\n|---|---|\n| {words.title(random)} | {words.sentence(random)} |\n\n"
        f"```\n{words.sentence(random)}\n```\n"
    )
