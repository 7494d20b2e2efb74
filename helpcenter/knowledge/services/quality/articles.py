"""Reads the articles of a folder as an import reads them, without importing them."""

from dataclasses import dataclass
from pathlib import Path

from helpcenter.knowledge.markdown.document import read_document
from helpcenter.knowledge.markdown.errors import UnreadableSource
from helpcenter.knowledge.markdown.folder import SourceFolder
from helpcenter.knowledge.markdown.nodes import Callout, Code, Fold, Heading, Paragraph, Table, plain, walk


@dataclass(frozen=True, slots=True)
class Article:
    """A file of the folder."""

    name: str
    title: str
    seo_title: str
    summary: str
    headings: str
    text: str
    keywords: tuple[str, ...]


def read_articles(root: Path) -> list[Article]:
    """Articles of a folder; files that cannot be read are left out. Raises UnreadableSource when there is no folder."""
    folder, found = SourceFolder.scan(root), []
    for path in folder.articles:
        try:
            document = read_document(folder, path)
        except UnreadableSource:
            continue
        headings = [plain(node.spans) for node in walk(document.nodes) if isinstance(node, Heading)]
        meta = document.meta
        keywords = tuple(filter(None, (keyword.strip() for keyword in meta.keywords.split(","))))
        text = " ".join(text_of(node) for node in walk(document.nodes))
        found.append(Article(path, meta.title, meta.seo_title, meta.summary, "\n".join(headings), text, keywords))
    return found


def text_of(node: object) -> str:
    """The text that a node adds to those of the nodes in it."""
    match node:
        case Paragraph(spans=spans) | Heading(spans=spans):
            return plain(spans)
        case Table(headings=headings):
            return " ".join(headings)
        case Code(code=code):
            return code
        case Callout(title=title) | Fold(title=title):
            return title
    return ""
