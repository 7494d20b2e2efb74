"""Bodies of pages: nodes to the raw values of StreamField blocks, with the lengths of `helpcenter.knowledge.blocks`."""

import json
import uuid
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from helpcenter.knowledge.markdown.anchors import anchor_of
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
    Table,
    Video,
    plain,
)
from helpcenter.knowledge.markdown.reading.quotes import bold_title
from helpcenter.knowledge.markdown.richtext import embed_html, rich_text
from helpcenter.knowledge.markdown.shaping.flow import RICH, flow
from helpcenter.knowledge.markdown.targets import Targets

Block = dict[str, Any]
TITLE, SHORT, CAPTION, LANGUAGE = 250, 200, 500, 40


def shape(nodes: Nodes, targets: Targets, *, simple: bool = False) -> list[Block]:
    """Blocks of a body, or, when `simple`, of a step, an answer or a fold."""
    runs = groupby(flow(nodes, targets, simple=simple), key=_run)
    return [block for kind, run in runs for block in _blocks(kind, tuple(run), targets)]


def _run(node: Node) -> str:
    if isinstance(node, RICH) and not (isinstance(node, ListNode) and node.as_steps):
        return "text"
    return "accordion" if isinstance(node, Fold) else "single"


def _blocks(kind: str, run: Nodes, targets: Targets) -> Iterator[Block]:
    if kind == "text":
        yield block("text", rich_text(run))
    elif kind == "accordion":
        folds = [_fold(node, targets) for node in run if isinstance(node, Fold)]
        yield block("accordion", {"items": items(folds)})
    else:
        for node in run:
            yield from _single(node, targets)


def block(kind: str, value: Any) -> Block:
    """A block of a stream as StreamField stores it."""
    return {"type": kind, "value": value}


def items(values: list[Any]) -> list[Block]:
    """Values of a ListBlock as StreamField stores them; without ids it would take the items for bare values."""
    return [{**block("item", value), "id": identity(number, value)} for number, value in enumerate(values)]


def identity(number: int, value: Any) -> str:
    """An id that is the same each time for the same item in the same place, so that unchanged texts stay unchanged."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{number} {json.dumps(value, sort_keys=True, default=str)}"))


def _fold(node: Fold, targets: Targets) -> dict[str, Any]:
    inside = (Paragraph((Span(node.title, ("b",)),)), *node.nodes) if len(node.title) > TITLE else node.nodes
    return {"title": clip(node.title, TITLE), "body": shape(inside, targets, simple=True)}


def _single(node: Node, targets: Targets) -> Iterator[Block]:
    match node:
        case Heading(level=level, spans=spans, anchor=anchor):
            text = plain(spans)
            yield block(
                "heading",
                {"text": text, "level": str(min(max(level, 2), 4)), "anchor": anchor_of(text, anchor)[:TITLE]},
            )
        case ListNode(items=steps):
            yield block("steps", items([_step(step, targets) for step in steps]))
        case Callout(kind=kind, title=title, nodes=nodes):
            yield block("callout", {"kind": kind, "title": clip(title, SHORT), "text": rich_text(nodes)})
        case Image():
            yield from _image(node, targets)
        case Video():
            yield _video(node, targets)
        case Code():
            yield from _code(node)
        case Table():
            yield block("table", _table(node, targets))
        case _:
            yield from _reference(node, targets)


def _reference(node: Node, targets: Targets) -> Iterator[Block]:
    match node:
        case Download(src=src, title=title):
            yield block("download", {"document": targets.file(src), "title": clip(title, SHORT)})
        case Related(title=title, pages=pages):
            keys = [key for page in pages if (key := targets.page(page))]
            yield from [block("related", {"title": clip(title, SHORT), "pages": items(keys)})] if keys else []


def _step(nodes: Nodes, targets: Targets) -> dict[str, Any]:
    title, rest = bold_title(nodes)
    return {"title": title, "body": shape(rest, targets, simple=True)}


def _image(node: Image, targets: Targets) -> Iterator[Block]:
    caption, over = _fit(node.caption, CAPTION)
    image = {"image": targets.image(node.src), "alt_text": node.alt, "decorative": not node.alt}
    yield block("image", {"image": image, "caption": caption})
    yield from over


def _code(node: Code) -> Iterator[Block]:
    language, caption = node.language, node.caption
    if len(language) > LANGUAGE:
        language, caption = "", f"{language} {caption}".strip()
    kept, over = _fit(caption, SHORT)
    yield block("code", {"language": language, "code": node.code, "caption": kept})
    yield from over


def _video(node: Video, targets: Targets) -> Block:
    is_file = node.src.startswith("file:")
    transcript = rich_text(found for found in flow(node.transcript, targets, simple=True) if isinstance(found, RICH))
    value = {
        "title": clip(node.title or "Video", SHORT),
        "url": "" if is_file else node.src,
        "file": targets.file(node.src) if is_file else None,
        "transcript": transcript,
    }
    return block("video", value)


def _table(node: Table, targets: Targets) -> dict[str, Any]:
    rows = [{"values": ["".join(_cell(node, targets) for node in cell) for cell in row]} for row in node.rows]
    return {
        "columns": [{"type": "text", "heading": heading} for heading in node.headings],
        "rows": rows,
        "caption": node.caption,
    }


def _cell(node: Node, targets: Targets) -> str:
    if isinstance(node, Image):
        return embed_html(targets.image(node.src), node.alt)
    return rich_text([node])


def _fit(text: str, length: int) -> tuple[str, list[Block]]:
    """A caption, or, when it is too long for one, a paragraph in its place."""
    if len(text) <= length:
        return text, []
    return "", [block("text", rich_text([Paragraph((Span(text, ("i",)),))]))]


def clip(text: str, length: int) -> str:
    """A text that fits, cut at a word."""
    return text if len(text) <= length else text[: length - 1].rsplit(" ", 1)[0] + "…"
