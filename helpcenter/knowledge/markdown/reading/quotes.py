"""Quotations, and the callouts that are written as such."""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from bs4.element import NavigableString, PageElement, Tag

from helpcenter.knowledge.markdown.inline import tidy
from helpcenter.knowledge.markdown.nodes import (
    Callout,
    ListNode,
    Node,
    Nodes,
    Paragraph,
    Related,
    Span,
    Spans,
    Video,
    plain,
)
from helpcenter.knowledge.markdown.reading.surroundings import Surroundings

Read = Callable[[Iterable[PageElement], Surroundings], Nodes]
KIND_OF_MARK = {
    "note": "note", "info": "note", "information": "note", "secondary": "note", "tip": "tip", "hint": "tip",
    "success": "tip", "important": "important", "attention": "important", "warning": "warning", "warn": "warning",
    "caution": "caution", "danger": "caution", "error": "caution",
}  # fmt: skip
MARK = re.compile(r"\s*\[!(\w+)(?:\s[^\]\n]*)?\](?P<more>[ \t]*[^\n]*)(?P<rest>.*)", re.DOTALL)
LAYOUT_MARKS = {"div", "selector"}
SPOKEN = re.compile(r"(note|tip|important|warning|caution)\s*:\s*", re.IGNORECASE)
LONGEST_TITLE = 80


def read_quote(tag: Tag, around: Surroundings, read: Read) -> list[Node]:
    """A callout when its first words say so, else what it holds."""
    first = tag.find("p", recursive=False)
    start = next(iter(first.children), None) if isinstance(first, Tag) else None
    marked = MARK.fullmatch(start) if type(start) is NavigableString else None
    if marked is None or isinstance(start, Tag | None) or not isinstance(first, Tag):
        return spoken_callout(read(tag.children, around))
    mark = marked[1].lower()
    if mark not in {*KIND_OF_MARK, *LAYOUT_MARKS, "transcript", "related"}:
        return list(read(tag.children, around))
    title = _take_title(tag, first, start, marked)
    return _callout(mark, title, read(tag.children, around))


def _take_title(quote: Tag, paragraph: Tag, start: PageElement, marked: re.Match[str]) -> str:
    """Cut the mark away, and with it the words behind it on its line when they are a title."""
    more, rest = marked["more"].strip(), marked["rest"]
    line_ends = bool(rest) or start.next_sibling is None or _is_break(start.next_sibling)
    follows = bool(rest.strip()) or len(quote.find_all(True, recursive=False)) > 1 or start.next_sibling is not None
    is_title = line_ends and follows and reads_as_title(more)
    start.replace_with(NavigableString(rest if is_title else f"{more} {rest}"))
    return more if is_title else ""


def reads_as_title(text: str) -> bool:
    """Whether words behind the mark of a callout are its title, not the beginning of its text."""
    return 0 < len(text) <= LONGEST_TITLE and text[-1] not in ".:;,!?…"


def _is_break(element: PageElement) -> bool:
    return isinstance(element, Tag) and element.name == "br"


def _callout(mark: str, title: str, nodes: Nodes) -> list[Node]:
    if mark in LAYOUT_MARKS:
        return list(nodes)
    if mark == "transcript":
        return [Video("", title, nodes)]
    if mark == "related":
        return [Related(title, links_in(nodes))]
    title, nodes = (title, nodes) if title else bold_title(nodes)
    return [Callout(KIND_OF_MARK[mark], title, nodes)] if nodes else []


def bold_title(nodes: Nodes) -> tuple[str, Nodes]:
    """The title that a first line all in bold is, and the rest."""
    match nodes:
        case (Paragraph(spans=spans), _, *_) if _all_bold(spans):
            return plain(spans), nodes[1:]
    return "", nodes


def _all_bold(spans: Spans) -> bool:
    return (
        bool(spans)
        and all("b" in span.marks and not span.href for span in spans)
        and len(plain(spans)) <= LONGEST_TITLE
    )


def links_in(nodes: Nodes) -> tuple[str, ...]:
    """Where the links of a list lead."""
    items = [item for node in nodes if isinstance(node, ListNode) for item in node.items]
    spans = [span for item in items for node in item if isinstance(node, Paragraph) for span in node.spans]
    return tuple(dict.fromkeys(span.href for span in spans if span.href))


def spoken_callout(nodes: Nodes) -> list[Node]:
    """A quotation that begins with "Note:" and the like is that callout; without the word, which its kind says."""
    match nodes:
        case (Paragraph(spans=(Span(text=text) as first, *others)), *rest):
            spoken = SPOKEN.match(text) or SPOKEN.fullmatch(f"{text}:")
            if spoken and not first.href:
                spans = tidy([replace(first, text=text[spoken.end() :]), *others])
                start: list[Node] = [Paragraph(spans)] if spans else []
                return [Callout(spoken[1].lower(), "", (*start, *rest))]
    return list(nodes)
