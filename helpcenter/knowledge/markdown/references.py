"""What a text refers to."""

from collections.abc import Iterator

from helpcenter.knowledge.markdown.nodes import (
    Download,
    Heading,
    Image,
    Node,
    Nodes,
    Paragraph,
    Related,
    Spans,
    Video,
    walk,
)

SCHEMES = ("page:", "image:", "file:")


def references(nodes: Nodes) -> set[str]:
    """Every page, image and file, without the place in a page. An image that is linked to counts as a file."""
    return {target for node in walk(nodes) for target in _targets(node)}


def _targets(node: Node) -> Iterator[str]:
    match node:
        case Image(src=src):
            yield src
        case Video(src=src) | Download(src=src):
            yield from _known(src)
        case Related(pages=pages):
            yield from pages
        case Paragraph(spans=spans) | Heading(spans=spans):
            yield from _links(spans)


def _links(spans: Spans) -> Iterator[str]:
    for href in {span.href for span in spans if span.href}:
        yield from _known(href)


def _known(href: str) -> Iterator[str]:
    if href.startswith(SCHEMES):
        yield href.partition("#")[0].replace("image:", "file:", 1)
