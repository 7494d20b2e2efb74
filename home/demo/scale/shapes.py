"""Articles of a few shapes: each shape is rendered once as any page is, with a mark in place of each text."""

import json
from dataclasses import dataclass
from functools import cache
from random import Random
from string import Template
from typing import Any

from helpcenter.knowledge.models import ArticlePage, HelpDocument
from helpcenter.knowledge.models.rendering import reading_minutes
from home.demo.scale import words

MOST_SECTIONS = 4
# What the rendered document holds of the texts.
RENDERED = ("title", "summary", "keywords", "headings", "text", "body_html", "toc", "structured_data")


@dataclass(frozen=True, slots=True)
class Shape:
    """A body and what is rendered of it, both as JSON with marks."""

    body: Template
    document: Template


@cache
def shape(sections: int) -> Shape:
    """An article of an introduction and some sections."""
    body: list[dict[str, Any]] = [block("text", "<p>$text0</p>", 0)]
    for number in range(1, sections + 1):
        heading = {"text": f"$heading{number}", "level": "2", "anchor": f"section-{number}"}
        body += [block("heading", heading, number), block("text", f"<p>$text{number}</p>", number)]
    page = ArticlePage(pk=0, title="$title", summary="$summary", keywords="$keywords", body=json.dumps(body))
    document = page.to_document()
    rendered = {name: getattr(document, name) for name in RENDERED}
    return Shape(Template(json.dumps(body)), Template(json.dumps(rendered)))


def block(kind: str, value: Any, number: int) -> dict[str, Any]:
    """A block as a stream keeps it."""
    return {"type": kind, "value": value, "id": f"00000000-0000-4000-8000-{number:06}{len(kind):06}"}


@dataclass(frozen=True, slots=True)
class Text:
    """An article: fields of the page, and the document to be placed."""

    title: str
    summary: str
    keywords: str
    body: list[dict[str, Any]]
    rendered: dict[str, Any]

    def document(self, **values: Any) -> HelpDocument:
        """The document of the article, unsaved."""
        return HelpDocument(
            kind=ArticlePage.kind, minutes=reading_minutes(self.rendered["text"]), **self.rendered, **values
        )


def text(random: Random) -> Text:
    """An article of its own words: letters, spaces and full stops only, which neither JSON nor HTML changes."""
    sections = random.randint(0, MOST_SECTIONS)
    marks = {
        "title": words.title(random),
        "summary": words.sentence(random),
        "keywords": ", ".join(words.telling(random, 3)),
        **{f"text{number}": words.paragraph(random) for number in range(sections + 1)},
        **{f"heading{number}": words.title(random) for number in range(1, sections + 1)},
    }
    found = shape(sections)
    body, rendered = json.loads(found.body.substitute(marks)), json.loads(found.document.substitute(marks))
    return Text(marks["title"], marks["summary"], marks["keywords"], body, rendered)
