"""One source as a document: what is known of the page, and its text as nodes."""

import re
from dataclasses import dataclass, replace

from helpcenter.knowledge.markdown.decoding import decode
from helpcenter.knowledge.markdown.dialects import to_plain_markdown
from helpcenter.knowledge.markdown.errors import EmptySource
from helpcenter.knowledge.markdown.folder import SourceFolder, stem_of
from helpcenter.knowledge.markdown.frontmatter import split
from helpcenter.knowledge.markdown.mending import mend, name_videos, take_title
from helpcenter.knowledge.markdown.metadata import Metadata, read_metadata
from helpcenter.knowledge.markdown.nodes import Node, Nodes, Paragraph, Span
from helpcenter.knowledge.markdown.parser import has_active_content, markdown_to_html, parse_html
from helpcenter.knowledge.markdown.reading import Surroundings, read_elements
from helpcenter.knowledge.markdown.shaping import clip
from helpcenter.knowledge.markdown.surroundings import FolderSurroundings

NUMBERED = re.compile(r"^\d+[-_. ]+(?=\D)")
TITLE, SUMMARY, KEYWORDS = 255, 300, 500


@dataclass(frozen=True, slots=True)
class Document:
    """A page to be, known by its path in the folder (of a topic: that of its folder); references are by path too."""

    path: str
    meta: Metadata
    nodes: Nodes = ()
    warnings: tuple[str, ...] = ()


def read_document(folder: SourceFolder, path: str) -> Document:
    """Read a Markdown file. Raises UnreadableSource, EmptySource."""
    text, encoding = decode(folder.read(path))
    around = FolderSurroundings(folder, path)
    if not encoding.startswith("utf-8"):
        around.warn(f"It is not UTF-8; it was read as {encoding}.")
    fields, body = split(text)
    meta, remarks = read_metadata(fields)
    for remark in remarks:
        around.warn(remark)
    # Where code is always fenced, an indented line is a slip of the writer.
    is_docfx = any(name.startswith("ms.") for name in fields)
    html = markdown_to_html(to_plain_markdown(body, around, has_fields=bool(fields)), indented_code=not is_docfx)
    return compose(folder.topic_of(path), meta, html, around)


def compose(path: str, meta: Metadata, html: str, around: Surroundings, *, heading_wins: bool = True) -> Document:
    """A document of a text in HTML. Raises EmptySource when there is neither title nor text.

    Where the text has a heading for a title, a title that was given besides is that for search engines, as DocFX and
    Docusaurus have it.
    """
    if has_active_content(html):
        around.warn("Scripts, plug-ins and event handlers in the text were left out.")
    nodes = read_elements(parse_html(html).children, around)
    title, nodes = take_title(nodes, meta.title, heading_wins=heading_wins and not meta.seo_title)
    if not title and not nodes:
        raise EmptySource("It has neither a title nor a text.")
    seo_title = meta.seo_title or (meta.title if meta.title != title else "")
    meta, overflow = _fitted(replace(meta, title=title or title_of_path(path), seo_title=seo_title), around)
    nodes = name_videos(mend(nodes), meta.title)
    related = tuple(target for target in map(around.link, meta.related) if target.startswith("page:"))
    return Document(path, replace(meta, related=related), (*overflow, *nodes), tuple(around.warnings))


def _fitted(meta: Metadata, around: Surroundings) -> tuple[Metadata, list[Node]]:
    """Metadata as short as the fields of a page are; what is longer goes on in the text."""
    fields = ((meta.title, TITLE), (meta.seo_title, TITLE), (meta.summary, SUMMARY))
    long = [text for text, length in fields if len(text) > length]
    keywords = meta.keywords
    while len(keywords) > KEYWORDS:
        keywords, _, dropped = (
            keywords.rpartition(",") if "," in keywords else (keywords[:KEYWORDS], "", keywords[KEYWORDS:])
        )
        around.warn(f"The keyword {dropped.strip()} is left out; the keywords are longer than {KEYWORDS} characters.")
    title, seo_title, summary = (clip(text, length) for text, length in fields)
    fitted = replace(meta, title=title, seo_title=seo_title, summary=summary, keywords=keywords)
    return fitted, [Paragraph((Span(text),)) for text in long]


def title_of_path(path: str) -> str:
    """A title from the name of a file or folder."""
    words = re.sub(r"[-_\s]+", " ", NUMBERED.sub("", stem_of(path))).strip()
    return words[:1].upper() + words[1:] or "Untitled"


def slug_source(document: Document) -> str:
    """What the address of the page is made of."""
    return document.meta.slug or NUMBERED.sub("", stem_of(document.path)) or document.meta.title
