"""A help center as Zendesk's API gives it: JSON files of categories, sections and articles with HTML bodies.

Fields by https://developer.zendesk.com/api-reference/help_center/help-center-api/articles/.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from helpcenter.knowledge.markdown.decoding import decode, printable
from helpcenter.knowledge.markdown.document import Document, compose
from helpcenter.knowledge.markdown.errors import EmptySource, UnreadableSource
from helpcenter.knowledge.markdown.folder import SourceFolder, is_image
from helpcenter.knowledge.markdown.metadata import Metadata, text, texts
from helpcenter.knowledge.markdown.parser import escape_placeholders
from helpcenter.knowledge.markdown.surroundings import FolderSurroundings

KINDS = ("categories", "sections", "articles", "user_segments")
LARGEST = 200_000_000
# Built-in segments: https://developer.zendesk.com/api-reference/help_center/help-center-api/user_segments/
AUDIENCES = {"signed_in_users": ("customers",), "staff": ("staff",)}
ARTICLE_LINK = re.compile(r"/hc/(?:[\w-]+/)?articles/(\d+)")
KEY = re.compile(r"[\w-]{1,40}", re.ASCII)
Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Left:
    """A record or file that is no page, and why."""

    path: str
    reason: str
    is_harmless: bool = False


def read(folder: SourceFolder) -> Iterator[Document | Left]:
    """Topics for categories and sections, and the articles in them."""
    records: dict[str, dict[str, Record]] = {kind: {} for kind in KINDS}
    for path in [path for path in folder.files if path.lower().endswith(".json")]:
        try:
            _collect(json.loads(decode(folder.read(path, LARGEST))[0]), path, records)
        except (UnreadableSource, ValueError, RecursionError) as error:
            yield Left(path, f"It is no JSON of a help center: {error}.")
    places = {f"sections/{key}": section_path(key, records) for key in records["sections"]}
    for key, record in records["categories"].items():
        yield _topic(f"category-{key}/", record)
    for key, record in records["sections"].items():
        yield _topic(places[f"sections/{key}"], record)
    paths = {key: _article_path(key, record, places) for key, record in records["articles"].items()}
    for key, record in records["articles"].items():
        yield _article(folder, key, record, paths, records["user_segments"])


def _collect(found: Any, path: str, records: dict[str, dict[str, Record]]) -> None:
    """Sort the records of a file by kind: a list under the name of the kind, or a bare list in a file of that name."""
    name = path.rsplit("/", 1)[-1].lower()
    lists = found if isinstance(found, dict) else {kind: found for kind in KINDS if name.startswith(kind)}
    for kind in KINDS:
        entries = lists.get(kind)
        for record in entries if isinstance(entries, list) else []:
            if isinstance(record, dict) and KEY.fullmatch(str(record.get("id"))):
                records[kind][str(record["id"])] = record


def section_path(key: str, records: dict[str, dict[str, Record]], depth: int = 0) -> str:
    """Path of a section: that of its category, and of the section above where there is one."""
    record = records["sections"][key]
    above = str(record.get("parent_section_id") or "")
    if above in records["sections"] and depth < 10:
        return f"{section_path(above, records, depth + 1)}section-{key}/"
    category = str(record.get("category_id") or "")
    return f"category-{category}/section-{key}/" if category in records["categories"] else f"section-{key}/"


def _topic(path: str, record: Record) -> Document:
    title = text(record.get("name") or record.get("title"))[:255] or "Untitled"
    summary = text(record.get("description"))
    return Document(path, Metadata(title=title, summary=summary[:300], order=_order(record), slug=_slug(title)))


def _article_path(key: str, record: Record, places: dict[str, str]) -> str:
    return places.get(f"sections/{record.get('section_id')}", "") + f"article-{key}"


def _article(
    folder: SourceFolder, key: str, record: Record, paths: dict[str, str], segments: dict[str, Record]
) -> Document | Left:
    if record.get("draft") is True:
        return Left(f"articles/{key}", "It is a draft.", is_harmless=True)
    around = ZendeskSurroundings(folder, paths)
    title = text(record.get("title") or record.get("name"))
    meta = Metadata(
        title=title,
        keywords=", ".join(texts(record.get("label_names"))),
        audience=_audience(record, segments, around),
        order=_order(record),
        slug=_slug(title),
    )
    try:
        return compose(
            paths[key], meta, escape_placeholders(printable(str(record.get("body") or ""))), around, heading_wins=False
        )
    except EmptySource as error:
        return Left(f"articles/{key}", error.message, is_harmless=True)
    except UnreadableSource as error:
        return Left(f"articles/{key}", error.message)


def _audience(record: Record, segments: dict[str, Record], around: FolderSurroundings) -> tuple[str, ...]:
    segment = record.get("user_segment_id")
    if segment is None:
        return ()
    kind = text(segments.get(str(segment), {}).get("user_type"))
    if kind not in AUDIENCES:
        around.warn(f"Who belongs to the user segment {segment} is not known; the page is kept for staff.")
    return AUDIENCES.get(kind, ("staff",))


def _order(record: Record) -> float | None:
    position = record.get("position")
    return float(position) if isinstance(position, int | float) else None


def _slug(title: str) -> str:
    return title.replace("/", " ")


class ZendeskSurroundings(FolderSurroundings):
    """Finds articles by their number, and attachments by their name, wherever they lie in the folder."""

    def __init__(self, folder: SourceFolder, paths: dict[str, str]) -> None:
        super().__init__(folder, "")
        self.paths = paths
        self._names = {path.rsplit("/", 1)[-1].lower(): path for path in folder.files}

    def link(self, href: str) -> str:
        """An article of the same help center as a page; anything else as in any folder."""
        article = ARTICLE_LINK.search(urlsplit(href).path)
        if article and article[1] in self.paths:
            fragment = urlsplit(href).fragment
            return f"page:{self.paths[article[1]]}" + (f"#{fragment}" if fragment else "")
        return super().link(href)

    def image(self, src: str) -> str:
        """An attachment by its name."""
        name = unquote(urlsplit(src).path).rsplit("/", 1)[-1].lower()
        if name in self._names and is_image(name):
            return f"image:{self._names[name]}"
        return super().image(src)
