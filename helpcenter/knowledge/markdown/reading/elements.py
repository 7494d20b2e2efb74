"""Elements that stand on lines of their own to nodes."""

from collections.abc import Callable, Iterable

from bs4.element import Comment, NavigableString, PageElement, Tag

from helpcenter.knowledge.markdown.nodes import Code, Fold, ListNode, Node, Nodes, Rule, plain
from helpcenter.knowledge.markdown.reading.headings import read_heading, read_term
from helpcenter.knowledge.markdown.reading.inlines import read_paragraph, read_spans
from helpcenter.knowledge.markdown.reading.media import read_embed, read_figure, read_frame, read_video, recognise
from helpcenter.knowledge.markdown.reading.pending import anchors_in, comment_nodes, settle
from helpcenter.knowledge.markdown.reading.quotes import read_quote
from helpcenter.knowledge.markdown.reading.surroundings import Surroundings
from helpcenter.knowledge.markdown.reading.tables import read_table

CONTAINERS = frozenset({
    "address", "article", "aside", "body", "center", "dd", "dl", "figcaption", "footer", "header", "html", "li",
    "main", "nav", "picture", "section", "tbody", "td", "tfoot", "th", "thead", "tr",
})  # fmt: skip
Handler = Callable[[Tag, Surroundings], list[Node]]


def read_elements(elements: Iterable[PageElement], around: Surroundings) -> Nodes:
    """Nodes for elements in their order; text between them becomes paragraphs."""
    nodes: list[Node] = []
    running: list[PageElement] = []
    for element in elements:
        if not _stands_alone(element):
            running.append(element)
            continue
        nodes += _running_text(running, around)
        running = []
        nodes += _read_alone(element, around)
    return settle([*nodes, *_running_text(running, around)])


def _stands_alone(element: PageElement) -> bool:
    if isinstance(element, Comment):
        return True
    if not isinstance(element, Tag):
        return False
    return element.name in BLOCKS or any(
        isinstance(inner, Tag) and inner.name in BLOCKS for inner in element.descendants
    )


def _read_alone(element: PageElement, around: Surroundings) -> list[Node]:
    if not isinstance(element, Tag):
        return comment_nodes(str(element))
    handler = HANDLERS.get(element.name, _read_container)
    return handler(element, around)


def _running_text(elements: list[PageElement], around: Surroundings) -> list[Node]:
    if all(isinstance(element, NavigableString) and not element.strip() for element in elements):
        return []
    nodes = [node for found in read_paragraph(elements, around) for node in recognise(found, around)]
    return [*nodes, *anchors_in(elements)]


def _read_container(tag: Tag, around: Surroundings) -> list[Node]:
    return list(read_elements(tag.children, around))


def _read_paragraph(tag: Tag, around: Surroundings) -> list[Node]:
    return _running_text(list(tag.children), around)


def _read_list(tag: Tag, around: Surroundings) -> list[Node]:
    items = [read_elements(item.children, around) for item in tag.find_all("li", recursive=False)]
    start = str(tag.get("start", "1"))
    number = int(start) if start.isdecimal() and len(start) < 6 else 1
    strays = [child for child in tag.children if not (isinstance(child, Tag) and child.name == "li")]
    kept = tuple(item for item in items if item)
    found: list[Node] = [ListNode(tag.name == "ol", kept, number)] if kept else []
    return [*found, *read_elements(strays, around)]


def _read_code(tag: Tag, around: Surroundings) -> list[Node]:
    for line_break in tag.find_all("br"):
        line_break.replace_with("\n")
    inside = tag.find("code")
    classes = [*(tag.get("class") or []), *((inside.get("class") or []) if isinstance(inside, Tag) else [])]
    language = next((name.removeprefix("language-") for name in classes if name.startswith("language-")), "")
    code = tag.get_text().strip("\n").rstrip()
    return [Code(code, language, str(tag.get("title", "")))] if code.strip() else []


def _read_rule(tag: Tag, around: Surroundings) -> list[Node]:
    return [Rule()]


def _read_fold(tag: Tag, around: Surroundings) -> list[Node]:
    summary = tag.find("summary", recursive=False)
    title = plain(read_spans(summary.children, around)) if isinstance(summary, Tag) else ""
    rest = [child for child in tag.children if child is not summary]
    return [Fold(title or "Details", read_elements(rest, around))]


def _read_quote(tag: Tag, around: Surroundings) -> list[Node]:
    return read_quote(tag, around, read_elements)


def _read_division(tag: Tag, around: Surroundings) -> list[Node]:
    # Bootstrap's inset box, in manuals of its time what a callout is now.
    return _read_quote(tag, around) if "well" in (tag.get("class") or []) else _read_container(tag, around)


def _read_table(tag: Tag, around: Surroundings) -> list[Node]:
    return read_table(tag, around, read_elements)


def _read_figure(tag: Tag, around: Surroundings) -> list[Node]:
    return read_figure(tag, around, read_elements)


HANDLERS: dict[str, Handler] = {
    "p": _read_paragraph,
    "ul": _read_list,
    "ol": _read_list,
    "dt": read_term,
    "summary": read_term,
    "pre": _read_code,
    "hr": _read_rule,
    "div": _read_division,
    "details": _read_fold,
    "blockquote": _read_quote,
    "table": _read_table,
    "figure": _read_figure,
    "iframe": read_frame,
    "embed": read_embed,
    "video": read_video,
    **{f"h{level}": read_heading for level in range(1, 7)},
}
BLOCKS = CONTAINERS | HANDLERS.keys()
