"""What may follow what: nodes in the forms that a body, a step or a callout can hold, every text kept."""

from collections.abc import Iterator
from itertools import groupby, takewhile

from helpcenter.knowledge.markdown.inline import join_paragraphs, tidy
from helpcenter.knowledge.markdown.nodes import (
    Boundary,
    Callout,
    Download,
    Fold,
    Heading,
    Image,
    ListNode,
    Node,
    Nodes,
    Paragraph,
    Related,
    Rule,
    Span,
    Table,
    Video,
    plain,
)
from helpcenter.knowledge.markdown.reading.headings import embolden
from helpcenter.knowledge.markdown.reading.lines import as_cell
from helpcenter.knowledge.markdown.targets import Targets

RICH = (Paragraph, ListNode, Rule)
LONGEST_HEADING = 250


def flow(nodes: Nodes, targets: Targets, *, simple: bool) -> Iterator[Node]:
    """Nodes that blocks can be made of one by one: links bound, what has no place turned into text.

    A simple place holds no headings, folds, steps, downloads and lists of pages. Lists come out with items of rich
    text, unless they are steps; lists of bullets that touch are one.
    """
    before: Node | None = None
    for node in _placed(nodes, targets, simple=simple):
        if isinstance(before, ListNode) and isinstance(node, ListNode) and not (before.ordered or node.ordered):
            before = ListNode(False, (*before.items, *node.items))
            continue
        if before is not None:
            yield before
        before = node
    if before is not None:
        yield before


def _placed(nodes: Nodes, targets: Targets, *, simple: bool) -> Iterator[Node]:
    for node in nodes:
        match node:
            case Paragraph(spans=spans):
                yield Paragraph(targets.bind(spans))
            case ListNode():
                yield from _list(node, targets, simple=simple)
            case Callout():
                yield from _callout(node, targets)
            case Table(rows=rows):
                bound = tuple(tuple(_cell(cell, targets) for cell in row) for row in rows)
                yield Table(node.headings, bound, node.caption)
            case Image() | Video():
                yield from _medium(node, targets)
            case _:
                yield from _outermost(node, targets, simple=simple)


def _cell(cell: Nodes, targets: Targets) -> Nodes:
    return as_cell(tuple(_placed(cell, targets, simple=True)))


def _outermost(node: Node, targets: Targets, *, simple: bool) -> Iterator[Node]:
    """Nodes that have a place in a page's own body only."""
    match node:
        case Heading(spans=spans) if simple or len(plain(spans)) > LONGEST_HEADING:
            yield Paragraph(targets.bind(embolden(spans)))
        case Fold(title=title, nodes=inside) if simple:
            yield Paragraph((Span(title, ("b",)),))
            yield from flow(inside, targets, simple=True)
        case Download(src=src, title=title) if simple or targets.file(src) is None:
            yield Paragraph(targets.label(title, src))
        case Related() if simple:
            yield from _related(node, targets)
        case _:
            yield node


def _medium(node: Image | Video, targets: Targets) -> Iterator[Node]:
    """A picture or video, or what is said of it when it was not taken."""
    if isinstance(node, Image):
        yield from [node] if targets.image(node.src) is not None else _words(node.caption or node.alt)
    else:
        yield from [node] if is_playable(node.src, targets) else _lost_video(node, targets)


def is_playable(src: str, targets: Targets) -> bool:
    """Whether a video has an address or a file."""
    return src.startswith(("http://", "https://")) or (src.startswith("file:") and targets.file(src) is not None)


def _lost_video(node: Video, targets: Targets) -> Iterator[Node]:
    if node.title or node.src:
        yield Paragraph(targets.label(node.title or node.src, node.src))
    yield from flow(node.transcript, targets, simple=True)


def _words(text: str) -> Iterator[Node]:
    if text:
        yield Paragraph((Span(text, ("i",)),))


def _bold(text: str) -> Iterator[Node]:
    if text:
        yield Paragraph((Span(text, ("b",)),))


def _related(node: Related, targets: Targets) -> Iterator[Node]:
    yield from _bold(node.title)
    for page in node.pages:
        yield Paragraph(targets.label(page.partition(":")[2], page))


def _callout(node: Callout, targets: Targets) -> Iterator[Node]:
    """A callout for each run of rich text in it; what else it holds stands between."""
    title = node.title
    for is_rich, run in groupby(flow(node.nodes, targets, simple=True), key=lambda inner: isinstance(inner, RICH)):
        if is_rich:
            yield Callout(node.kind, title, tuple(run))
            title = ""
        else:
            yield from _bold(title)
            title = ""
            yield from (inner for inner in run if not isinstance(inner, Boundary))


def is_steps(node: ListNode, targets: Targets) -> bool:
    """Whether a numbered list needs more than rich text."""
    return node.as_steps or (
        node.ordered and node.start == 1 and any(_rich_item(item, targets) is None for item in node.items)
    )


def _list(node: ListNode, targets: Targets, *, simple: bool) -> Iterator[Node]:
    if not simple and is_steps(node, targets):
        yield ListNode(True, node.items, as_steps=True)
        return
    items = [_rich_item(item, targets) for item in node.items]
    rich = tuple(item for item in items if item is not None)
    if len(rich) == len(items) and (not node.ordered or node.start == 1):
        yield ListNode(node.ordered, rich)
    else:
        yield from (_spilled_numbers(node, targets) if node.ordered else _spilled_bullets(node, items, targets))


def _rich_item(item: Nodes, targets: Targets) -> Nodes | None:
    """An item as one paragraph and the lists below it; None when it holds anything else, or text behind a list."""
    found = [node for node in flow(item, targets, simple=True) if not isinstance(node, Boundary)]
    texts = [node.spans for node in found if isinstance(node, Paragraph)]
    lists = [node for node in found if isinstance(node, ListNode)]
    if len(texts) + len(lists) < len(found) or any(isinstance(node, ListNode) for node in found[: len(texts)]):
        return None
    return (*((Paragraph(join_paragraphs(texts)),) if texts else ()), *lists)


def _spilled_bullets(node: ListNode, items: list[Nodes | None], targets: Targets) -> Iterator[Node]:
    """A list cut where an item holds more than a list can."""
    kept: list[Nodes] = []
    for item, rich in zip(node.items, items, strict=True):
        if rich is not None:
            kept.append(rich)
            continue
        head, rest = _rich_beginning(item, targets)
        kept += [head] if head else []
        yield from [ListNode(False, tuple(kept))] if kept else []
        kept = []
        yield from rest
    if kept:
        yield ListNode(False, tuple(kept))


def _spilled_numbers(node: ListNode, targets: Targets) -> Iterator[Node]:
    """A numbered list as paragraphs that say their numbers."""
    for number, item in enumerate(node.items, node.start):
        head, rest = _head(item, targets)
        spans = head[0].spans if head and isinstance(head[0], Paragraph) else ()
        yield Paragraph(tidy([Span(f"{number}. "), *spans]))
        yield from rest


def _head(item: Nodes, targets: Targets) -> tuple[Nodes, Nodes]:
    found = tuple(flow(item, targets, simple=True))
    return (found[:1], found[1:]) if found and isinstance(found[0], Paragraph) else ((), found)


def _rich_beginning(item: Nodes, targets: Targets) -> tuple[Nodes, Nodes]:
    """The paragraphs that an item begins with and the lists right below them, and what is left."""
    found = tuple(flow(item, targets, simple=True))
    texts = [
        node.spans for node in takewhile(lambda node: isinstance(node, Paragraph), found) if isinstance(node, Paragraph)
    ]
    lists = tuple(takewhile(lambda node: isinstance(node, ListNode), found[len(texts) :]))
    head = (Paragraph(join_paragraphs(texts)),) if texts else ()
    return (*head, *lists), found[len(texts) + len(lists) :]
