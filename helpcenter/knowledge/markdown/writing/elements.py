"""Nodes as Markdown, block by block."""

import re
from html import escape as escape_html

from helpcenter.knowledge.markdown.anchors import needs_writing, written_anchor
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
    Rule,
    Span,
    Table,
    Video,
    plain,
)
from helpcenter.knowledge.markdown.reading.quotes import reads_as_title
from helpcenter.knowledge.markdown.writing.inlines import ADDRESS, escape, quote_spaces, write_spans, write_target

COMMENT = "<!-- -->"


def write_nodes(nodes: Nodes) -> str:
    """Markdown of nodes, blocks parted by blank lines, without a line feed at the end."""
    return "\n\n".join(text for text in _write_each(nodes) if text)


def _write_each(nodes: Nodes) -> list[str]:
    """Each node; of two lists of one kind that touch the second has another sign."""
    written: list[str] = []
    other_delimiter = False
    for before, node in zip((None, *nodes), nodes, strict=False):
        follows_list = isinstance(before, ListNode) and isinstance(node, ListNode) and before.ordered == node.ordered
        other_delimiter = follows_list and not other_delimiter
        written.append(_write(node, other_delimiter=other_delimiter))
    return written


def _write(node: Node, *, other_delimiter: bool = False) -> str:
    match node:
        case Paragraph(spans=spans):
            return write_spans(spans)
        case ListNode():
            return _write_list(node, other_delimiter=other_delimiter)
        case Heading():
            return _write_heading(node)
        case Rule():
            return "---"
        case Boundary():
            return COMMENT
        case Code():
            return _write_code(node)
        case Table():
            return _write_table(node)
        case Callout(kind=kind, title=title, nodes=nodes):
            return _write_callout(kind, title, nodes)
        case Fold(title=title, nodes=nodes):
            summary = escape_html(title, quote=False).replace("{", "&#123;").replace("[", "&#91;")
            return f"<details>\n<summary>{summary}</summary>\n\n{write_nodes(nodes)}\n\n</details>"
    return _write_reference(node)


def _write_callout(kind: str, title: str, nodes: Nodes) -> str:
    mark = f"[!{kind.upper()}]"
    if reads_as_title(title) and not ADDRESS.search(title):
        return _quote(f"{mark} {escape(title)}", write_nodes(nodes))
    bold = (Paragraph((Span(title, ("b",)),)),) if title else ()
    return _quote(mark, write_nodes((*bold, *nodes)))


def _write_reference(node: Node) -> str:
    match node:
        case Image(src=src, alt=alt, caption=caption):
            return f"![{escape(alt)}]({write_target(src)}{_title(caption)})"
        case Video(src=src, title=title, transcript=transcript):
            mark = f"[!VIDEO {quote_spaces(src)}{_spoken(title)}]"
            return f"{mark}\n\n{_quote('[!TRANSCRIPT]', write_nodes(transcript))}" if transcript else mark
        case Download(src=src, title=title):
            return f"[{escape(title)}]({write_target(src)})"
        case Related(title=title, pages=pages):
            links = "\n".join(f"- [{escape(page)}]({write_target(page)})" for page in pages)
            return _quote(f"[!RELATED] {escape(title)}".strip(), links)
    raise TypeError(f"{type(node).__name__} has no Markdown")


def _title(text: str) -> str:
    return ' "{}"'.format(re.sub(r'([\\"&])', r"\\\1", text)) if text else ""


def _spoken(title: str) -> str:
    return f' "{escape(title)}"' if title else ""


def _write_heading(node: Heading) -> str:
    text = plain(node.spans)
    written = re.sub(r"#$", r"\#", write_spans(node.spans))
    anchor = f" {{#{written_anchor(text, node.anchor)}}}" if needs_writing(text, node.anchor) else ""
    return f"{'#' * node.level} {written}{anchor}"


def _quote(mark: str, text: str) -> str:
    return "\n".join([f"> {mark}", *(f"> {line}".rstrip() for line in text.split("\n"))])


def _write_list(node: ListNode, *, other_delimiter: bool) -> str:
    blocks = [
        _write_item(node, number, item, other_delimiter=other_delimiter) for number, item in enumerate(node.items)
    ]
    is_loose = any("\n\n" in block for block in blocks)
    mark = "<!-- steps -->\n\n" if node.as_steps and all(map(_is_plain_item, node.items)) else ""
    return mark + ("\n\n" if is_loose else "\n").join(blocks)


def _is_plain_item(item: Nodes) -> bool:
    """Whether an item would be read as one of an ordinary list: paragraphs, and lists below them."""
    texts = [node for node in item if isinstance(node, Paragraph)]
    return all(isinstance(node, Paragraph | ListNode) for node in item) and list(item[: len(texts)]) == texts


def _write_item(node: ListNode, number: int, item: Nodes, *, other_delimiter: bool) -> str:
    sign = (
        f"{node.start + number}{')' if other_delimiter else '.'}" if node.ordered else ("*" if other_delimiter else "-")
    )
    is_tight = all(isinstance(child, ListNode) for child in item[1:])
    text = "\n".join(_write_each(item)) if is_tight else write_nodes(item)
    indent = " " * (len(sign) + 1)
    first, *rest = text.split("\n")
    return "\n".join([f"{sign} {first}".rstrip(), *(f"{indent}{line}" if line else "" for line in rest)])


def _write_code(node: Code) -> str:
    longest = max((len(run) for run in re.findall(r"`{3,}", node.code)), default=2)
    fence = "`" * (longest + 1)
    caption = escape_html(node.caption).replace("`", "&#96;").replace("\\", "&#92;")
    info = node.language + (f' title="{caption}"' if caption else "")
    return f"{fence}{info}\n{node.code}\n{fence}"


def _write_table(node: Table) -> str:
    head = tuple((Paragraph((Span(heading),)),) if heading else () for heading in node.headings)
    lines = [_write_row(head), "|" + " --- |" * len(node.headings), *map(_write_row, node.rows)]
    return "\n".join(lines) + (f"\n\nTable: {escape(node.caption)}" if node.caption else "")


def _write_row(row: tuple[Nodes, ...]) -> str:
    return "|" + "".join(f" {_write_cell(cell)} |" for cell in row)


def _write_cell(cell: Nodes) -> str:
    lines = [write_spans(n.spans, line_break="<br>") if isinstance(n, Paragraph) else _write_reference(n) for n in cell]
    # A pipe ends a cell even within code, unless a backslash stands before it.
    return re.sub(r"(?<!\\)\|", r"\\|", "<br>".join(lines))
