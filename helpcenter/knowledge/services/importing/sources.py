"""The documents of a folder in the order in which pages are made: a topic before what stands in it."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from helpcenter.knowledge.markdown import zendesk
from helpcenter.knowledge.markdown.document import Document, read_document, title_of_path
from helpcenter.knowledge.markdown.errors import EmptySource, UnreadableSource
from helpcenter.knowledge.markdown.folder import SourceFolder, folder_of, is_article
from helpcenter.knowledge.markdown.metadata import Metadata, text
from helpcenter.knowledge.services.importing.report import Outcome, Report, Result

Progress = Callable[[str, int, int], None]
"""Told the stage, how much of it is done, and how much there is."""


@dataclass(slots=True)
class Collection:
    """What was read: documents by the path of their page, and each one's file ("" for a bare folder)."""

    folder: SourceFolder
    documents: dict[str, Document] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    report: Report = field(default_factory=Report)
    closed: dict[str, Result] = field(default_factory=dict)

    def add(self, document: Document, file: str) -> None:
        """Keep a document that was read."""
        self.documents[document.path] = document
        self.files[document.path] = file

    def leave(self, path: str, result: Result, reason: str) -> None:
        """Keep what became of a file that is no page."""
        self.report.files.append(Outcome(path, result, reason))

    def close(self, path: str, result: Result, reason: str) -> None:
        """Leave a file, and with it what stands in the folder that it describes: who may read that is not known."""
        self.leave(path, result, reason)
        topic = self.folder.topic_of(path)
        if topic != path:
            self.closed[topic] = result

    def warn(self, path: str, message: str) -> None:
        """Add a warning to a document."""
        document = self.documents[path]
        self.documents[path] = replace(document, warnings=(*document.warnings, message))

    def drop(self, path: str, reason: str) -> None:
        """Leave a document that failed, and those below it when it is a topic."""
        for below in [below for below in self.documents if below == path or _is_below(below, path)]:
            del self.documents[below]
            file = self.files.pop(below) or below
            self.leave(file, Result.FAILED, reason if below == path else "The page above it failed.")


def _is_below(path: str, topic: str) -> bool:
    return topic.endswith("/") and path.startswith(topic)


def parent_of(path: str) -> str:
    """Path of the topic that a page stands in; "" for the page that the import goes under."""
    return folder_of(path.rstrip("/"))


def read(root: Path, kind: str, progress: Progress) -> Collection:
    """Read a folder. Raises UnreadableSource when it is none."""
    collection = Collection(SourceFolder.scan(root))
    for path, reason in collection.folder.refused.items():
        collection.leave(path, Result.FAILED, reason)
    if kind == "zendesk":
        _read_zendesk(collection)
    else:
        _read_markdown(collection, progress)
    if not collection.documents and not collection.report.files:
        collection.report.notes.append(f"There is nothing to import in {root}.")
    _drop_closed(collection)
    _drop_outer_folders(collection)
    collection.documents = _in_order(collection)
    return collection


def _read_markdown(collection: Collection, progress: Progress) -> None:
    folder = collection.folder
    for path in folder.pieces:
        collection.leave(path, Result.SKIPPED, "It is a piece that articles include.")
    for number, path in enumerate(folder.articles):
        progress("Reading", number, len(folder.articles))
        _read_article(collection, path)
    for topic in folder.topics:
        if topic not in collection.documents and topic not in collection.closed:
            collection.add(_bare_topic(folder, topic), "")


def _read_article(collection: Collection, path: str) -> None:
    try:
        document = read_document(collection.folder, path)
    except EmptySource as error:
        collection.leave(path, Result.SKIPPED, error.message)
        return
    except UnreadableSource as error:
        collection.close(path, Result.FAILED, error.message)
        return
    if document.meta.is_draft:
        collection.close(path, Result.SKIPPED, "It is a draft.")
    elif collection.folder.indexes.get("") == path and document.meta.kind == "topic":
        collection.leave(
            path, Result.SKIPPED, "It describes the page that the import goes under, which stays as it is."
        )
    else:
        collection.add(document, path)


def _bare_topic(folder: SourceFolder, path: str) -> Document:
    """A topic for a folder that no article describes; Docusaurus keeps its name beside the articles."""
    fields: dict[str, Any] = {}
    if f"{path}_category_.json" in folder.files:
        try:
            found = json.loads(folder.read(f"{path}_category_.json"))
            fields = found if isinstance(found, dict) else {}
        except (UnreadableSource, ValueError):
            fields = {}
    link = fields.get("link")
    summary = text(link.get("description")) if isinstance(link, dict) else ""
    position = fields.get("position")
    order = float(position) if isinstance(position, int | float) else None
    meta = Metadata(title=text(fields.get("label"))[:255] or title_of_path(path), summary=summary[:300], order=order)
    return Document(path, meta)


def _read_zendesk(collection: Collection) -> None:
    for found in zendesk.read(collection.folder):
        if isinstance(found, Document):
            collection.add(found, found.path.rstrip("/"))
        else:
            collection.leave(found.path, Result.SKIPPED if found.is_harmless else Result.FAILED, found.reason)


def _drop_closed(collection: Collection) -> None:
    """Leave out what stands in folders whose describing file was left."""
    for topic, result in collection.closed.items():
        reason = "Its folder is a draft." if result == Result.SKIPPED else "The file that describes its folder failed."
        for path in [path for path in collection.documents if path.startswith(topic)]:
            del collection.documents[path]
            file = collection.files.pop(path)
            if file:
                collection.leave(file, result, reason)


def _drop_outer_folders(collection: Collection) -> None:
    """Make no topics of folders that all articles lie in, such as docs/en/, unless an article describes them."""
    place = ""
    while True:
        inside = [path for path in collection.documents if parent_of(path) == place]
        if len(inside) != 1 or not inside[0].endswith("/") or collection.files[inside[0]]:
            return
        place = inside[0]
        del collection.documents[place]
        del collection.files[place]


def _in_order(collection: Collection) -> dict[str, Document]:
    """Documents sorted as a reader should find them, those above first."""
    below: dict[str, list[Document]] = {}
    for document in collection.documents.values():
        below.setdefault(_nearest_topic(collection, document.path), []).append(document)
    ordered: dict[str, Document] = {}

    def add(place: str) -> None:
        listed = _listing(collection.folder, place)
        for document in sorted(below.get(place, []), key=lambda found: _rank(found, listed)):
            ordered[document.path] = document
            add(document.path)

    add("")
    return ordered


def _nearest_topic(collection: Collection, path: str) -> str:
    place = parent_of(path)
    while place and place not in collection.documents:
        place = parent_of(place)
    return place


def _listing(folder: SourceFolder, place: str) -> list[str]:
    """Names in the order of the folder's index.txt, as Frappe keeps it."""
    if f"{place}index.txt" not in folder.files:
        return []
    return folder.read(f"{place}index.txt").decode("utf-8", "replace").split()


def _rank(document: Document, listed: list[str]) -> tuple[float, float, str]:
    path = document.path.rstrip("/")
    name = path.rsplit("/", 1)[-1]
    stem = name.rsplit(".", 1)[0] if is_article(name) else name
    order = document.meta.order if document.meta.order is not None else float("inf")
    return order, listed.index(stem) if stem in listed else float("inf"), path.lower()
