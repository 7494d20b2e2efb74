"""Puts nodes right that are written in a way that reads well in the source and badly on a page."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from helpcenter.knowledge.markdown.nodes import (
    Boundary,
    Callout,
    Fold,
    Heading,
    ListNode,
    Node,
    Nodes,
    Paragraph,
    Rule,
    Table,
    Video,
    plain,
)

# As far apart as the items of one list may be: a note, a picture, a table and some words.
WIDEST_GAP = 4
DEEPEST_HEADING = 4


def mend(nodes: Nodes) -> Nodes:
    """Apply every rule, inside lists, callouts and folds too."""
    return outline(add_captions(join_lists(gather_tabs(nodes))))


def add_captions(nodes: Nodes) -> Nodes:
    """Give a transcript to the video before it, and a paragraph that begins with "Table:" to the table before it."""
    added: list[Node] = []
    for node in (_within(node, add_captions) for node in nodes):
        match added[-1:], node:
            case [Video(src=src, transcript=()) as video], Video(src="") if src:
                added[-1] = replace(video, transcript=node.transcript)
            case [Table(caption="") as table], Paragraph(spans=spans) if plain(spans).startswith("Table: "):
                added[-1] = replace(table, caption=plain(spans).removeprefix("Table: "))
            case _:
                added.append(node)
    return tuple(added)


def gather_tabs(nodes: Nodes) -> Nodes:
    """Turn tabs of DocFX, headings that link to `#tab/name`, into folds; a rule or another heading ends them."""
    gathered: list[Node] = []
    title, level = "", 0
    inside: list[Node] = []
    for node in (_within(node, gather_tabs) for node in nodes):
        if isinstance(node, Heading) and _is_tab(node):
            gathered += [Fold(title, tuple(inside))] if title else []
            title, level, inside = plain(node.spans), node.level, []
        elif title and _ends_tabs(node, level):
            gathered += [Fold(title, tuple(inside)), *([] if isinstance(node, Rule) else [node])]
            title, inside = "", []
        else:
            (inside if title else gathered).append(node)
    return (*gathered, *([Fold(title, tuple(inside))] if title else []))


def _is_tab(heading: Heading) -> bool:
    return any("#tab/" in span.href for span in heading.spans)


def _ends_tabs(node: Node, level: int) -> bool:
    return isinstance(node, Rule) or (isinstance(node, Heading) and node.level <= level)


def join_lists(nodes: Nodes) -> Nodes:
    """Join lists of bullets that touch, and a numbered list that goes on behind something not indented."""
    joined: list[Node] = []
    open_at = -1
    for node in (_within(node, join_lists) for node in nodes):
        match joined[-1:], node:
            case [ListNode(ordered=False) as before], ListNode(ordered=False):
                joined[-1] = replace(before, items=(*before.items, *node.items))
                continue
            case _, ListNode(ordered=True):
                first = joined[open_at] if open_at >= 0 else None
                if isinstance(first, ListNode) and _continues(first, node, apart=len(joined) - open_at - 1):
                    joined[open_at:] = [_continued(first, joined[open_at + 1 :], node)]
                    continue
                open_at = len(joined)
            case _, Heading() | Rule() | Fold() | Boundary():
                open_at = -1
        joined.append(node)
    return tuple(joined)


def _continues(first: ListNode, later: ListNode, *, apart: int) -> bool:
    return 0 < apart <= WIDEST_GAP and later.start > 1 and later.start == first.start + len(first.items)


def _continued(first: ListNode, between: list[Node], later: ListNode) -> ListNode:
    last = (*first.items[-1], *between)
    return replace(first, items=(*first.items[:-1], last, *later.items))


def _within(node: Node, rule: Callable[[Nodes], Nodes]) -> Node:
    match node:
        case ListNode(items=items):
            return replace(node, items=tuple(rule(item) for item in items))
        case Callout(nodes=inside) | Fold(nodes=inside):
            return replace(node, nodes=rule(inside))
    return node


def outline(nodes: Nodes) -> Nodes:
    """Give headings the levels 2 to 4 without a gap; those that were equal beneath the same heading stay so."""
    above: list[int] = []
    outlined: list[Node] = []
    for node in nodes:
        if not isinstance(node, Heading):
            outlined.append(node)
            continue
        while above and above[-1] >= node.level:
            above.pop()
        above.append(node.level)
        outlined.append(replace(node, level=min(len(above) + 1, DEEPEST_HEADING)))
    return tuple(outlined)


def name_videos(nodes: Nodes, title: str) -> Nodes:
    """Call a video without a title by the heading above it, or by the title of the page."""
    named: list[Node] = []
    name = title
    for node in nodes:
        match node:
            case Heading(spans=spans):
                name = plain(spans)
            case Video(title=""):
                named.append(replace(node, title=name))
                continue
        named.append(_within(node, partial(name_videos, title=name)))
    return tuple(named)


def take_title(nodes: Nodes, title: str, *, heading_wins: bool = False) -> tuple[str, Nodes]:
    """The title and the nodes without the heading that says it.

    Without a title it is the first heading of level 1, or any heading that comes first; "" when there is none. Of a
    title that is given and a heading that says something else, readers see the heading where `heading_wins` and the
    text calls itself so; else the heading stays in the text.
    """
    first = next((node for node in nodes if isinstance(node, Heading)), None)
    if first is None or (first.level > 1 and first is not nodes[0]):
        return title, nodes
    heading, rest = plain(first.spans), tuple(node for node in nodes if node is not first)
    if not title or _says(first, title):
        # Some say it twice, as the title and above the first section.
        again = first is nodes[0] and rest and isinstance(rest[0], Heading) and _says(rest[0], title or heading)
        return title or heading, rest[1:] if again else rest
    return (heading, rest) if heading_wins and _names_the_text(first, nodes, title) else (title, nodes)


def _names_the_text(heading: Heading, nodes: Nodes, title: str) -> bool:
    """Whether a heading is what the text calls itself: at its very beginning, and alone of its level or like the title.

    Several of level 1 are sections.
    """
    letters = _letters(plain(heading.spans))
    alone = sum(isinstance(node, Heading) and node.level == 1 for node in nodes) == 1
    return (
        heading is nodes[0] and heading.level == 1 and letters != "" and (alone or _letters(title).startswith(letters))
    )


def _says(heading: Heading, title: str) -> bool:
    return _letters(plain(heading.spans)) == _letters(title)


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()
