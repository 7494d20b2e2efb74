"""What a text is made of between its source and the blocks of a page: small frozen values, compared by content.

A reference to something outside the text (a page, an image, a file) is a string with a scheme: `page:`, `image:` or
`file:` followed by a path in the imported folder, or by a primary key once it is bound. Other addresses stand as they
are.
"""

from collections.abc import Iterator
from dataclasses import dataclass

MARKS = ("code", "b", "i", "s", "sup", "sub")
LINE_BREAK = "\n"


@dataclass(frozen=True, slots=True)
class Span:
    """Text with one set of marks and at most one link; a line break is a span of its own."""

    text: str
    marks: tuple[str, ...] = ()
    href: str = ""


Spans = tuple[Span, ...]


class Node:
    """Anything that stands on lines of its own."""

    __slots__ = ()


Nodes = tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Paragraph(Node):
    """Running text."""

    spans: Spans


@dataclass(frozen=True, slots=True)
class ListNode(Node):
    """A list; items hold any nodes."""

    ordered: bool
    items: tuple[Nodes, ...]
    start: int = 1
    as_steps: bool = False


@dataclass(frozen=True, slots=True)
class Rule(Node):
    """A line across the text."""


@dataclass(frozen=True, slots=True)
class Boundary(Node):
    """Where one block ends and another of the same type begins."""


@dataclass(frozen=True, slots=True)
class Heading(Node):
    """A heading of level 1 to 6."""

    level: int
    spans: Spans
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Image(Node):
    """A picture on lines of its own."""

    src: str
    alt: str = ""
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Video(Node):
    """A video, by address or as a file."""

    src: str
    title: str = ""
    transcript: Nodes = ()


@dataclass(frozen=True, slots=True)
class Code(Node):
    """Text kept as it was written."""

    code: str
    language: str = ""
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Table(Node):
    """A table; every row has as many cells as there are headings, and a cell holds paragraphs and pictures."""

    headings: tuple[str, ...]
    rows: tuple[tuple[Nodes, ...], ...]
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Callout(Node):
    """Nodes set apart."""

    kind: str
    title: str
    nodes: Nodes


@dataclass(frozen=True, slots=True)
class Fold(Node):
    """Nodes that a reader unfolds."""

    title: str
    nodes: Nodes


@dataclass(frozen=True, slots=True)
class Download(Node):
    """A file to keep."""

    src: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Related(Node):
    """Pages worth reading next."""

    title: str
    pages: tuple[str, ...]


def plain(spans: Spans) -> str:
    """The text without marks and links, on one line."""
    return " ".join("".join(span.text for span in spans).split())


def walk(nodes: Nodes) -> Iterator[Node]:
    """Every node, those inside others included, in reading order."""
    for node in nodes:
        yield node
        yield from walk(inner(node))


def inner(node: Node) -> Nodes:
    """The nodes that a node holds."""
    match node:
        case ListNode(items=items):
            return tuple(child for item in items for child in item)
        case Callout(nodes=nodes) | Fold(nodes=nodes) | Video(transcript=nodes):
            return nodes
        case Table(rows=rows):
            return tuple(child for row in rows for cell in row for child in cell)
    return ()
