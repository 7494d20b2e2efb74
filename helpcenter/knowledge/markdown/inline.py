"""Runs of text in their one canonical form, so that equal texts compare equal however they were written."""

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby

from helpcenter.knowledge.markdown.nodes import LINE_BREAK, MARKS, Span, Spans

SPACE = re.compile(r"[ \t\r\n\f\v]+")
# Within a line a no-break space is meant; at its ends it is a leftover.
BLANK = " \xa0"


def ordered_marks(marks: Iterable[str]) -> tuple[str, ...]:
    """Marks in the order in which they nest, the outermost last."""
    held = set(marks)
    return tuple(mark for mark in MARKS if mark in held)


def tidy(spans: Iterable[Span]) -> Spans:
    """Collapse white space, keep it out of marks and links, join what is alike, drop what is empty."""
    lines: list[list[Span]] = [[]]
    for span in spans:
        if span.text == LINE_BREAK:
            lines.append([])
        else:
            lines[-1].append(span)
    done = [_tidy_line(line) for line in lines]
    while done and not done[0]:
        done.pop(0)
    while done and not done[-1]:
        done.pop()
    return _join_lines(done)


def _join_lines(lines: list[list[Span]]) -> Spans:
    joined: list[Span] = []
    for number, line in enumerate(lines):
        joined += ([Span(LINE_BREAK)] if number else []) + line
    return tuple(joined)


def _tidy_line(spans: list[Span]) -> list[Span]:
    parts = [part for span in _joined(spans) for part in _spaces_apart(span)]
    found: list[Span] = []
    for part in _joined(parts):
        text = part.text.lstrip(" ") if found and found[-1].text.endswith(" ") else part.text
        text = text if found else text.lstrip(BLANK)
        if text:
            found.append(replace(part, text=text))
    while found and not found[-1].text.rstrip(BLANK):
        found.pop()
    if found:
        found[-1] = replace(found[-1], text=found[-1].text.rstrip(BLANK))
    return _joined(found)


def _spaces_apart(span: Span) -> list[Span]:
    if not (span.marks or span.href):
        return [span]
    core = span.text.strip(" ")
    if not core:
        return [Span(" ")] if span.text else []
    before = [Span(" ")] if span.text.startswith(" ") else []
    after = [Span(" ")] if span.text.endswith(" ") else []
    return [*before, replace(span, text=core), *after]


def _joined(spans: Iterable[Span]) -> list[Span]:
    kept = [span for span in spans if span.text]
    groups = groupby(kept, key=lambda span: (span.marks, span.href))
    return [Span(SPACE.sub(" ", "".join(span.text for span in group)), marks, href) for (marks, href), group in groups]


def join_paragraphs(paragraphs: Iterable[Spans]) -> Spans:
    """Several paragraphs as lines of one."""
    joined: list[Span] = []
    for spans in paragraphs:
        if spans:
            joined += ([Span(LINE_BREAK)] if joined else []) + list(spans)
    return tuple(joined)
