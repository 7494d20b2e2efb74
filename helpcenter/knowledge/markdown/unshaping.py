"""From raw StreamField values back to nodes; the surroundings turn primary keys into paths."""

from collections.abc import Iterable
from typing import Any

from bs4 import BeautifulSoup

from helpcenter.knowledge.markdown.nodes import (
    Boundary,
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
    Table,
    Video,
)
from helpcenter.knowledge.markdown.reading import Surroundings, read_elements
from helpcenter.knowledge.markdown.reading.lines import as_cell

Raw = dict[str, Any]


def nodes_of_blocks(blocks: Iterable[Raw], around: Surroundings) -> Nodes:
    """Nodes of a body, with a boundary where a text or an accordion follows another."""
    nodes: list[Node] = []
    before = ""
    for block in blocks:
        kind = block["type"]
        if kind == before and kind in ("text", "accordion"):
            nodes.append(Boundary())
        nodes += _nodes_of(kind, block["value"], around)
        before = kind
    return tuple(nodes)


def _nodes_of(kind: str, value: Any, around: Surroundings) -> Nodes:
    match kind:
        case "text":
            return rich_nodes(value, around)
        case "heading":
            return (Heading(int(value["level"]), (Span(value["text"]),), value.get("anchor", "")),)
        case "callout":
            return (Callout(value["kind"], value.get("title", ""), rich_nodes(value["text"], around)),)
        case "code":
            return (Code(value["code"].strip("\n").rstrip(), value.get("language", ""), value.get("caption", "")),)
        case "steps":
            return (ListNode(True, tuple(_step(step, around) for step in item_values(value)), as_steps=True),)
        case "accordion":
            folds = item_values(value["items"])
            return tuple(Fold(fold["title"], nodes_of_blocks(fold["body"], around)) for fold in folds)
        case "table":
            return (_table(value, around),)
    return _reference(kind, value, around)


def _reference(kind: str, value: Any, around: Surroundings) -> Nodes:
    match kind:
        case "image":
            image = value["image"]
            alt = "" if image.get("decorative") else image.get("alt_text", "")
            return (Image(around.image(f"image:{image['image']}"), alt, value.get("caption", "")),)
        case "video":
            src = around.link(f"file:{value['file']}") if value.get("file") else value["url"]
            return (Video(src, value["title"], rich_nodes(value.get("transcript", ""), around)),)
        case "download":
            src = around.link(f"file:{value['document']}")
            return (Download(src, value.get("title") or src.rsplit("/", 1)[-1]),)
        case "related":
            pages = tuple(around.link(f"page:{page}") for page in item_values(value["pages"]))
            return (Related(value.get("title", ""), pages),)
    around.warn(f"A block of the type {kind} cannot be written as Markdown and is left out.")
    return ()


def item_values(items: Iterable[Any]) -> list[Any]:
    """Values of a ListBlock, with or without ids."""
    return [item["value"] if isinstance(item, dict) and item.get("type") == "item" else item for item in items]


def _step(value: Raw, around: Surroundings) -> Nodes:
    title = value.get("title", "")
    body = nodes_of_blocks(value["body"], around)
    return (Paragraph((Span(title, ("b",)),)), *body) if title else body


def rich_nodes(html: str, around: Surroundings) -> Nodes:
    """Nodes of rich text as Wagtail stores it."""
    return read_elements(BeautifulSoup(html or "", "html.parser").children, around)


def _table(value: Raw, around: Surroundings) -> Table:
    rows = tuple(tuple(_cell(cell, around) for cell in row["values"]) for row in value["rows"])
    return Table(tuple(column["heading"] for column in value["columns"]), rows, value.get("caption", ""))


def _cell(html: str, around: Surroundings) -> Nodes:
    return as_cell(rich_nodes(html, around))
