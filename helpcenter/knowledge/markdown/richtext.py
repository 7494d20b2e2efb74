"""Nodes as the rich text that Wagtail stores: paragraphs, lists, rules, and links by primary key."""

from collections.abc import Iterable, Sequence
from html import escape
from itertools import groupby

from helpcenter.knowledge.markdown.nodes import LINE_BREAK, ListNode, Node, Paragraph, Rule, Span, Spans


def rich_text(nodes: Iterable[Node]) -> str:
    """HTML of paragraphs, rules and lists that hold nothing but paragraphs and lists."""
    return "".join(_block_html(node) for node in nodes)


def _block_html(node: Node) -> str:
    match node:
        case Paragraph(spans=spans):
            return f"<p>{inline_html(spans)}</p>"
        case Rule():
            return "<hr/>"
        case ListNode(ordered=ordered, items=items):
            tag = "ol" if ordered else "ul"
            return f"<{tag}>{''.join(_item_html(item) for item in items)}</{tag}>"
    raise TypeError(f"{type(node).__name__} is no rich text")


def _item_html(item: Sequence[Node]) -> str:
    inside = [inline_html(node.spans) if isinstance(node, Paragraph) else _block_html(node) for node in item]
    return f"<li>{''.join(inside)}</li>"


def inline_html(spans: Spans) -> str:
    """HTML of running text."""
    return "".join(_link_html(href, list(group)) for href, group in groupby(spans, key=lambda span: span.href))


def _link_html(href: str, spans: list[Span]) -> str:
    text = "".join(_marked_html(span) for span in spans)
    return f"<a {link_attributes(href)}>{text}</a>" if href else text


def _marked_html(span: Span) -> str:
    if span.text == LINE_BREAK:
        return "<br/>"
    text = escape(span.text, quote=False)
    for mark in span.marks:
        text = f"<{mark}>{text}</{mark}>"
    return text


def embed_html(key: int | None, alt: str) -> str:
    """A picture as Wagtail stores it, in the format that `helpcenter.knowledge.image_formats` keeps for cells."""
    words = escape(alt, quote=False).replace('"', "&quot;")
    return f'<embed embedtype="image" format="cell" id="{key}" alt="{words}"/>'


def link_attributes(href: str) -> str:
    """Attributes of a link as Wagtail stores them; a page link keeps the place in the page beside its key."""
    scheme, _, target = href.partition(":")
    target, _, fragment = target.partition("#")
    if scheme == "page":
        place = f' fragment="{escape(fragment)}"' if fragment else ""
        return f'linktype="page" id="{escape(target)}"{place}'
    if scheme == "file":
        return f'linktype="document" id="{escape(target)}"'
    return f'href="{escape(href)}"'
