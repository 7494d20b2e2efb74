"""Nodes squeezed into lines of running text, for places that hold nothing else."""

from dataclasses import replace

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


def as_lines(nodes: Nodes, pictures: list[Image]) -> Spans:
    """The text of nodes line by line; pictures are put into the list given."""
    return join_paragraphs(spans for node in nodes for spans in _lines(node, pictures))


def _lines(node: Node, pictures: list[Image]) -> list[Spans]:
    match node:
        case Image():
            pictures.append(node)
        case Paragraph(spans=spans):
            return [spans]
        case Heading(spans=spans):
            return [embolden(spans)]
        case Code(code=code):
            return [tidy([Span(line, ("code",))]) for line in code.splitlines()]
        case ListNode():
            return [
                line for number, item in enumerate(node.items) for line in _item_lines(node, number, item, pictures)
            ]
        case Callout(title=title, nodes=inside) | Fold(title=title, nodes=inside):
            return [tidy([Span(title, ("b",))]), *(line for child in inside for line in _lines(child, pictures))]
        case Table():
            return [
                tidy([Span(" · ".join(heading for heading in node.headings if heading))]),
                *map(_row_line, node.rows),
            ]
        case Video(src=src, title=title) | Download(src=src, title=title):
            return [tidy([Span(title or src, (), src)])]
        case Related(title=title):
            return [tidy([Span(title)])]
    return []


def _item_lines(node: ListNode, number: int, item: Nodes, pictures: list[Image]) -> list[Spans]:
    lines = [line for child in item for line in _lines(child, pictures)]
    sign = f"{node.start + number}. " if node.ordered else "• "
    return [tidy([Span(sign), *lines[0]]), *lines[1:]] if lines else []


def _row_line(row: tuple[Spans, ...]) -> Spans:
    parts = [
        part
        for cell in row
        if cell
        for part in (Span(" · "), *(replace(s, text=" ") if s.text == "\n" else s for s in cell))
    ]
    return tidy(parts[1:])
