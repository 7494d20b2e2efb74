"""Nodes squeezed into what a cell of a table holds: lines of running text, and pictures between them."""

from dataclasses import replace
from itertools import groupby

from helpcenter.knowledge.markdown.inline import join_paragraphs, tidy
from helpcenter.knowledge.markdown.nodes import (
    Callout,
    Code,
    Download,
    Fold,
    Heading,
    Image,
    ListNode,
    Node,
    Nodes,
    Paragraph,
    Related,
    Span,
    Spans,
    Table,
    Video,
)
from helpcenter.knowledge.markdown.reading.headings import embolden

Line = Spans | Image


def as_cell(nodes: Nodes) -> Nodes:
    """Paragraphs, each the lines up to the next picture, and pictures with captions that say more below them."""
    cell: list[Node] = []
    lines = [line for node in nodes for line in _lines(node)]
    for _, run in groupby(lines, key=lambda line: isinstance(line, Image)):
        found = list(run)
        cell += [line for line in found if isinstance(line, Image)]
        spans = join_paragraphs(line for line in found if not isinstance(line, Image))
        cell += [Paragraph(spans)] if spans else []
    return tuple(cell)


def _lines(node: Node) -> list[Line]:
    match node:
        case Image(alt=alt, caption=caption):
            # Below a tick in a cell, "tick" would only be noise.
            is_said = caption.casefold() in alt.casefold()
            return [replace(node, caption=""), *([] if is_said else [tidy([Span(caption, ("i",))])])]
        case Paragraph(spans=spans):
            return [spans]
        case Heading(spans=spans):
            return [embolden(spans)]
        case Code(code=code):
            return [tidy([Span(line, ("code",))]) for line in code.splitlines()]
        case ListNode():
            return [line for number, item in enumerate(node.items) for line in _item_lines(node, number, item)]
        case Callout(title=title, nodes=inside) | Fold(title=title, nodes=inside):
            return [tidy([Span(title, ("b",))]), *(line for child in inside for line in _lines(child))]
        case Table():
            return [
                tidy([Span(" · ".join(heading for heading in node.headings if heading))]),
                *(line for row in node.rows for line in _row_lines(row)),
            ]
        case Video(src=src, title=title) | Download(src=src, title=title):
            return [tidy([Span(title or src, (), src)])]
        case Related(title=title):
            return [tidy([Span(title)])]
    return []


def _item_lines(node: ListNode, number: int, item: Nodes) -> list[Line]:
    lines = [line for child in item for line in _lines(child)]
    sign = f"{node.start + number}. " if node.ordered else "• "
    first = next((place for place, line in enumerate(lines) if not isinstance(line, Image)), None)
    if first is not None:
        text = lines[first]
        lines[first] = tidy([Span(sign), *(text if isinstance(text, tuple) else ())])
    return lines


def _row_lines(row: tuple[Nodes, ...]) -> list[Line]:
    """The text of a row of a table on one line, and its pictures below."""
    texts = [node.spans for cell in row for node in cell if isinstance(node, Paragraph)]
    parts = [
        part
        for spans in texts
        for part in (Span(" · "), *(replace(s, text=" ") if s.text == "\n" else s for s in spans))
    ]
    return [tidy(parts[1:]), *(node for cell in row for node in cell if isinstance(node, Image))]
