"""Which document is which page: found by its source, or by its content where a file has moved."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from posixpath import normpath

from wagtail.models import Page

from helpcenter.knowledge.markdown.document import Document
from helpcenter.knowledge.markdown.folder import folder_of
from helpcenter.knowledge.markdown.references import references
from helpcenter.knowledge.models import HelpPage
from helpcenter.knowledge.services.importing.filling import model_of
from helpcenter.knowledge.services.importing.report import Outcome, Result
from helpcenter.knowledge.services.importing.sources import Collection

# Raised when the same text is to be turned into other blocks than before: every page is then updated once.
VERSION = 2
SHOWN = 20


@dataclass(slots=True)
class Entry:
    """A document and the page that it is, or will be."""

    document: Document
    file: str
    digest: str
    page_id: int | None = None
    kept_digest: str = ""
    moved: bool = False
    outcome: Outcome | None = None

    @property
    def result(self) -> Result:
        """What is to be done. A page that was made but never filled counts as new."""
        if self.page_id is None or not self.kept_digest:
            return Result.CREATED
        return Result.UPDATED if self.moved or self.kept_digest != self.digest else Result.UNCHANGED


@dataclass(frozen=True, slots=True)
class Known:
    """A page of an earlier import."""

    pk: int
    path: str
    digest: str
    address: str
    title: str
    kind: str


def source_of(target_id: int, path: str) -> str:
    """What a page keeps of where it came from: the page that the import went under, and the path in the folder."""
    return f"{target_id}:{path}"


def plan(collection: Collection, target: Page | None, hashes: Mapping[str, str]) -> list[Entry]:
    """An entry for each document, in the order of the documents; `hashes` are those of images and files by path."""
    known = {page.path: page for page in _known_pages(target)} if target else {}
    entries = [
        _entry(collection, document, known.get(document.path), hashes) for document in collection.documents.values()
    ]
    vanished = [page for path, page in known.items() if path not in collection.documents]
    moved = _find_moved([entry for entry in entries if entry.page_id is None], vanished)
    left = [page.path for page in vanished if page.pk not in moved]
    if left:
        shown = ", ".join(left[:SHOWN]) + (", …" if len(left) > SHOWN else "")
        collection.report.notes.append(f"Pages of earlier imports without a file here ({len(left)}) stay: {shown}")
    return entries


def _known_pages(target: Page) -> Iterable[Known]:
    start = source_of(target.pk, "")
    fields = ("pk", "source", "source_hash", "url_path", "title", "content_type__model")
    rows = HelpPage.objects.filter(source__startswith=start).values_list(*fields)
    return [Known(pk, source.removeprefix(start), *rest) for pk, source, *rest in rows]


def _entry(collection: Collection, document: Document, known: Known | None, hashes: Mapping[str, str]) -> Entry:
    digest = digest_of(document, collection.documents, hashes)
    entry = Entry(document, collection.files[document.path], digest)
    if known:
        entry.page_id, entry.kept_digest = known.pk, known.digest
    return entry


def digest_of(document: Document, documents: Mapping[str, Document], hashes: Mapping[str, str]) -> str:
    """A hash of all that the page is made of: text, what is known of it, and the content of what it refers to."""
    found = sorted(references(document.nodes)) + sorted(document.meta.related)
    paths = [(reference, reference.partition(":")[2]) for reference in found]
    states = [(reference, hashes.get(path) or str(path in documents)) for reference, path in paths]
    meta = replace(document.meta, order=None)
    return sha256(repr((VERSION, meta, document.nodes, states)).encode()).hexdigest()


def _find_moved(fresh: list[Entry], vanished: list[Known]) -> set[int]:
    """Give entries without a page one whose file is gone; the keys of those pages.

    It is the one named in `redirect_from`, else that of the same content, else, as links within a text change with its
    place, that of the same title and kind.
    """
    taken: set[int] = set()
    for entry in fresh:
        found = next((page for page in vanished if page.pk not in taken and _is_named(entry.document, page)), None)
        if found:
            _take(entry, found, taken)
    _pair(fresh, vanished, taken, lambda entry: entry.digest, lambda page: page.digest)
    _pair(fresh, vanished, taken, _name_of, lambda page: f"{page.kind} {page.title}")
    return taken


def _name_of(entry: Entry) -> str:
    return f"{model_of(entry.document)._meta.model_name} {entry.document.meta.title}"


def _pair(
    fresh: list[Entry],
    vanished: list[Known],
    taken: set[int],
    sign: Callable[[Entry], str],
    sign_of_page: Callable[[Known], str],
) -> None:
    """Match entries without a page with pages that no entry has taken, where one of each bears the same sign."""
    pages = [page for page in vanished if page.pk not in taken]
    new = Counter(sign(entry) for entry in fresh if entry.page_id is None)
    old = Counter(sign_of_page(page) for page in pages)
    by_sign = {sign_of_page(page): page for page in pages}
    for entry in fresh:
        if entry.page_id is None and new[sign(entry)] == old[sign(entry)] == 1:
            _take(entry, by_sign[sign(entry)], taken)


def _take(entry: Entry, page: Known, taken: set[int]) -> None:
    entry.page_id, entry.kept_digest, entry.moved = page.pk, page.digest, True
    taken.add(page.pk)


def _is_named(document: Document, page: Known) -> bool:
    place = folder_of(document.path)
    names = {normpath(f"{place}{name}") for name in document.meta.redirects} | set(document.meta.redirects)
    addresses = {f"/{name.strip('/')}/" for name in document.meta.redirects}
    return page.path in names or page.path.rstrip("/") in names or any(page.address.endswith(a) for a in addresses)
