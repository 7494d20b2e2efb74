"""Running text: elements within a paragraph to spans, and pictures that stand among them."""

from collections.abc import Iterable
from dataclasses import dataclass

from bs4.element import Comment, NavigableString, PageElement, Tag

from helpcenter.knowledge.markdown.inline import ordered_marks, tidy
from helpcenter.knowledge.markdown.nodes import LINE_BREAK, Image, Node, Paragraph, Span, Spans, plain
from helpcenter.knowledge.markdown.reading.surroundings import Surroundings

MARK_OF_TAG = {
    "strong": "b", "b": "b", "em": "i", "i": "i", "cite": "i", "dfn": "i", "var": "i", "del": "s", "s": "s",
    "strike": "s", "code": "code", "kbd": "code", "samp": "code", "tt": "code", "sup": "sup", "sub": "sub",
}  # fmt: skip


# A line feed of the source, told apart from a line break of the text.
SOFT = "\r"


@dataclass(frozen=True, slots=True)
class Style:
    """Marks and link that hold for the text inside an element."""

    marks: frozenset[str] = frozenset()
    href: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """An image within a paragraph."""

    src: str
    alt: str
    title: str
    href: str = ""

    @property
    def label(self) -> str:
        """What stands for the picture where it cannot be shown."""
        return (self.title or self.alt).strip().removesuffix(".")

    def as_nodes(self) -> list[Node]:
        """The picture on lines of its own, or its description when there is no picture, and where it links to."""
        nodes: list[Node] = []
        if self.src:
            nodes.append(Image(self.src, self.alt.strip(), self.title.strip()))
        elif self.label and not self.href:
            nodes.append(Paragraph((Span(self.label, ("i",)),)))
        if self.href:
            nodes.append(Paragraph((Span(self.label or self.href, (), self.href),)))
        return nodes


Inline = Span | Picture
Line = list[Inline]


def read_inlines(elements: Iterable[PageElement], around: Surroundings, style: Style | None = None) -> Line:
    """Spans and pictures of elements, with white space as it was in the source but for line feeds, which are SOFT."""
    style = style or Style()
    found: Line = []
    for element in elements:
        if isinstance(element, Comment):
            continue
        if isinstance(element, NavigableString):
            found.append(Span(str(element).replace("\n", SOFT), ordered_marks(style.marks), style.href))
        elif isinstance(element, Tag):
            found += _read_tag(element, around, style)
    return found


def _read_tag(tag: Tag, around: Surroundings, style: Style) -> Line:
    if tag.name == "br":
        return [Span(LINE_BREAK)]
    if tag.name == "img":
        return _read_image(tag, around, style)
    if tag.name == "a":
        address = stored_link(tag) or str(tag.get("href", ""))
        return read_inlines(tag.children, around, Style(style.marks, around.link(address) if address else ""))
    if tag.name == "q":
        return [Span("“"), *read_inlines(tag.children, around, style), Span("”")]
    mark = MARK_OF_TAG.get(tag.name)
    inner = Style(style.marks | {mark}, style.href) if mark else style
    return read_inlines(tag.children, around, inner)


def stored_link(tag: Tag) -> str:
    """The reference of a link to a page or file as Wagtail stores it; the cleaner leaves none in foreign text."""
    scheme = {"page": "page", "document": "file"}.get(str(tag.get("linktype", "")))
    if not scheme or not tag.get("id"):
        return ""
    place = f"#{tag['fragment']}" if tag.get("fragment") else ""
    return f"{scheme}:{tag['id']}{place}"


def _read_image(tag: Tag, around: Surroundings, style: Style) -> Line:
    source, alt, title = (str(tag.get(name, "")) for name in ("src", "alt", "title"))
    src = around.image(source)
    if src or not source.startswith(("http:", "https:", "//")):
        opens_itself = style.href.startswith("image:")
        return [Picture(src, alt, title, "" if opens_itself else style.href)]
    return [Span(title or alt or source, ordered_marks(style.marks), style.href or source)]


def read_paragraph(elements: Iterable[PageElement], around: Surroundings) -> list[Node]:
    """Paragraphs, and pictures that have a line of their own between them."""
    return paragraph_nodes(split_lines(read_inlines(elements, around)), around)


def split_lines(inlines: Line) -> list[tuple[bool, Line]]:
    """Lines as they were in the source, each with whether a line break, not just a line feed, precedes it."""
    lines: list[tuple[bool, Line]] = [(False, [])]
    for inline in inlines:
        if isinstance(inline, Picture):
            lines[-1][1].append(inline)
        elif inline.text == LINE_BREAK and not inline.marks:
            lines.append((True, []))
        else:
            first, *rest = inline.text.split(SOFT)
            lines[-1][1].append(Span(first, inline.marks, inline.href))
            lines += [(False, [Span(text, inline.marks, inline.href)]) for text in rest]
    return lines


def paragraph_nodes(lines: list[tuple[bool, Line]], around: Surroundings) -> list[Node]:
    """Join the lines of a paragraph again; pictures on lines of their own part it.

    A picture that is missing in the middle of a sentence leaves its description there.
    """
    nodes: list[Node] = []
    text: list[Span] = []
    large: list[Node] = []
    says = [_has_words(line) for _, line in lines]
    for number, (broken, line) in enumerate(lines):
        is_within = not _is_shown(line) and any(says[:number]) and any(says[number + 1 :])
        if _only_pictures(line) and not is_within:
            nodes += [*_paragraph(text), *large]
            text, large = [], []
            nodes += [node for picture in line if isinstance(picture, Picture) for node in picture.as_nodes()]
            continue
        spans, pictures = _line_spans(line, around)
        text += [Span(LINE_BREAK) if broken else _space_between(text, spans), *spans]
        large += pictures
    return [*nodes, *_paragraph(text), *large]


def _space_between(before: list[Span], after: list[Span]) -> Span:
    """What a line feed is read as: a space within what it parts."""
    if before and after and (before[-1].marks, before[-1].href) == (after[0].marks, after[0].href):
        return Span(" ", before[-1].marks, before[-1].href)
    return Span(" ")


def _paragraph(spans: list[Span]) -> list[Node]:
    tidied = tidy(spans)
    return [Paragraph(tidied)] if tidied else []


def _only_pictures(line: Line) -> bool:
    return any(isinstance(item, Picture) for item in line) and not _has_words(line)


def _has_words(line: Line) -> bool:
    return any(isinstance(item, Span) and item.text.strip() for item in line)


def _is_shown(line: Line) -> bool:
    return any(isinstance(item, Picture) and item.src for item in line)


def _line_spans(line: Line, around: Surroundings) -> tuple[list[Span], list[Node]]:
    spans: list[Span] = []
    large: list[Node] = []
    words = [bool(isinstance(item, Span) and item.text.strip()) for item in line]
    for number, item in enumerate(line):
        if isinstance(item, Span):
            spans.append(item)
            continue
        shown = bool(item.src) and around.is_large(item.src)
        if shown:
            large += item.as_nodes()
        if item.label and not (shown and not (any(words[:number]) and any(words[number + 1 :]))):
            spans.append(Span(item.label, ("i",), item.href))
    return spans, large


def read_spans(elements: Iterable[PageElement], around: Surroundings) -> Spans:
    """Running text where no picture can stand: labels stand for them."""
    inlines = read_inlines(elements, around)
    return tidy(item if isinstance(item, Span) else Span(item.label, (), item.href) for item in inlines)


def is_blank(spans: Spans) -> bool:
    """Whether nothing is to be read."""
    return not plain(spans)
