"""Headings and what serves as one."""

import re
from dataclasses import replace

from bs4.element import Tag

from helpcenter.knowledge.markdown.inline import tidy
from helpcenter.knowledge.markdown.nodes import Heading, Node, Paragraph, Span, Spans, plain
from helpcenter.knowledge.markdown.reading.inlines import read_paragraph, read_spans
from helpcenter.knowledge.markdown.reading.surroundings import Surroundings

ANCHOR = re.compile(r"\s*\{#([^\s{}]+)\}\s*$")


def read_heading(tag: Tag, around: Surroundings) -> list[Node]:
    """A heading with its anchor: `{#anchor}` at its end, a named place in it, or its id. Pictures in it follow it."""
    spans = read_spans(tag.children, around)
    named = tag.find("a", attrs={"id": True}) or tag.find("a", attrs={"name": True})
    anchor = str(named.get("id") or named.get("name")) if isinstance(named, Tag) else str(tag.get("id", ""))
    asked = ANCHOR.search(plain(spans))
    if asked and asked.start():
        anchor = asked[1]
        spans = _without_end(spans, len(asked[0].rstrip()))
    pictures = [node for node in read_paragraph(tag.children, around) if not isinstance(node, Paragraph)]
    heading: list[Node] = [Heading(int(tag.name[1]), spans, anchor)] if plain(spans) else []
    return [*heading, *pictures]


def _without_end(spans: Spans, length: int) -> Spans:
    kept: list[Span] = []
    for span in reversed(spans):
        text = span.text[: max(0, len(span.text) - length)]
        length = max(0, length - len(span.text))
        kept.insert(0, replace(span, text=text))
    return tidy(kept)


def read_term(tag: Tag, around: Surroundings) -> list[Node]:
    """A term of a list of definitions, or a summary that stands astray: a line in bold."""
    spans = embolden(read_spans(tag.children, around))
    return [Paragraph(spans)] if spans else []


def embolden(spans: Spans) -> Spans:
    """The text as a heading stands among running text."""
    return tidy(span if span.text == "\n" or "b" in span.marks else replace(span, marks=_bold(span)) for span in spans)


def _bold(span: Span) -> tuple[str, ...]:
    return (*(mark for mark in span.marks if mark == "code"), "b", *(mark for mark in span.marks if mark != "code"))
