"""Writes help pages as a folder of Markdown that an import reads back as the same pages."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from posixpath import relpath
from typing import Any

from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page

from helpcenter.knowledge.markdown.document import NUMBERED
from helpcenter.knowledge.markdown.folder import INDEXES, PIECES, folder_of
from helpcenter.knowledge.markdown.frontmatter import join
from helpcenter.knowledge.markdown.mending import take_title
from helpcenter.knowledge.markdown.nodes import Heading, Nodes, Span
from helpcenter.knowledge.markdown.reading import Surroundings
from helpcenter.knowledge.markdown.unshaping import nodes_of_blocks
from helpcenter.knowledge.markdown.writing import troubleshooting_nodes, tutorial_nodes, write_nodes
from helpcenter.knowledge.models import HelpPage, TopicPage, TroubleshootingPage, TutorialPage
from helpcenter.knowledge.services.importing import places
from helpcenter.knowledge.services.importing.places import UnknownPlace

RESERVED = {*INDEXES, *PIECES, "images", "files"}


@dataclass(slots=True)
class Export:
    """What was written, as paths in the folder, and what could not be."""

    pages: list[str] = field(default_factory=list)
    media: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


class Outward(Surroundings):
    """Turns keys into paths, seen from one file; remembers which images and files the text needs."""

    def __init__(self, origin: str, pages: Mapping[int, str], media: "Library") -> None:
        super().__init__()
        self.origin = origin
        self.pages = pages
        self.media = media

    def link(self, href: str) -> str:
        """A path for a page or file of the export; the address of any other page; other addresses as they are."""
        scheme, _, rest = href.partition(":")
        key, mark, fragment = rest.partition("#")
        if scheme not in ("page", "file") or not key.isdecimal():
            return href
        if scheme == "file":
            return self._seen(self.media.file(int(key)))
        if int(key) in self.pages:
            return self._seen(self.pages[int(key)]) + mark + fragment
        page = Page.objects.filter(pk=int(key)).first()
        return f"{page.url or ''}{mark}{fragment}" if page else ""

    def image(self, src: str) -> str:
        """The path of an image."""
        return self._seen(self.media.image(int(src.partition(":")[2])))

    def _seen(self, path: str) -> str:
        return relpath(path, folder_of(self.origin) or ".") if path else ""


class Library:
    """Images and files that texts need, each content under one name of its own."""

    def __init__(self) -> None:
        self.sources: dict[str, Any] = {}
        self._names: dict[tuple[str, int], str] = {}
        self._contents: dict[tuple[str, str], str] = {}

    def image(self, key: int) -> str:
        """Path for an image."""
        return self._path("images", get_image_model(), key)

    def file(self, key: int) -> str:
        """Path for a file."""
        return self._path("files", get_document_model(), key)

    def _path(self, place: str, model: Any, key: int) -> str:
        if (place, key) not in self._names:
            stored = model.objects.filter(pk=key).first()
            self._names[place, key] = self._path_of(place, stored) if stored else ""
        return self._names[place, key]

    def _path_of(self, place: str, stored: Any) -> str:
        content = (place, stored.get_file_hash())
        if content not in self._contents:
            name = stored.file.name.rsplit("/", 1)[-1]
            path = f"{place}/{name}"
            self._contents[content] = path if path not in self.sources else f"{place}/{stored.pk}-{name}"
            self.sources[self._contents[content]] = stored.file
        return self._contents[content]


def export_folder(*, root: Path, under: str = "help") -> Export:
    """Write every live page below the topic with the slug `under`; files of other names in the folder stay.

    Raises UnknownPlace.
    """
    top = places.find(under)
    if top is None:
        raise UnknownPlace(f"No topic is called “{under}”.")
    pages = list(HelpPage.objects.descendant_of(top).filter(live=True).order_by("path").specific())
    paths = paths_of(top, pages)
    library, export = Library(), Export()
    for page in pages:
        if page.pk in paths:
            around = Outward(paths[page.pk], paths, library)
            text = text_of(page, around)
            write(root / paths[page.pk], text.encode())
            export.pages.append(paths[page.pk])
            export.warnings += [f"{paths[page.pk]}: {warning}" for warning in around.warnings]
    for path, file in library.sources.items():
        with file.open("rb") as content:
            write(root / path, content.read())
        export.media.append(path)
    return export


def write(path: Path, content: bytes) -> None:
    """Write a file, with the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def paths_of(top: Page, pages: list[Any]) -> dict[int, str]:
    """The file of each page: a topic is a folder with an index, any other page a file in the folder of its topic.

    Pages below a topic that is not live are left out, as readers cannot reach them.
    """
    folders = {top.path: ""}
    paths: dict[int, str] = {}
    for page in pages:
        place = folders.get(page.path[: -page.steplen])
        if place is None:
            continue
        if isinstance(page, TopicPage):
            folders[page.path] = f"{place}{name_of(page)}/"
            paths[page.pk] = f"{folders[page.path]}index.md"
        else:
            paths[page.pk] = f"{place}{name_of(page)}.md"
    return paths


def name_of(page: HelpPage) -> str:
    """The slug, unless a file of that name would be taken for something else."""
    return f"page-{page.slug}" if page.slug in RESERVED or page.slug.startswith("_") else page.slug


def text_of(page: Any, around: Surroundings) -> str:
    """The whole file of a page."""
    nodes = nodes_of(page, around)
    if take_title(nodes, page.title)[1] != nodes:
        # The first heading of the text says the title: without this one it would be taken for it.
        nodes = (Heading(1, (Span(page.title),)), *nodes)
    text = write_nodes(nodes)
    return join(dict(fields_of(page, around)), f"{text}\n" if text else "")


def nodes_of(page: Any, around: Surroundings) -> Nodes:
    """The text of a page of any kind."""
    body = nodes_of_blocks(page.body.raw_data, around)
    match page:
        case TutorialPage():
            return (*body, *tutorial_nodes(page.steps.raw_data, around))
        case TroubleshootingPage():
            return (*body, *troubleshooting_nodes(page.nodes.raw_data, around))
    return body


def fields_of(page: Any, around: Surroundings) -> Iterator[tuple[str, Any]]:
    """The front matter: every field that is set."""
    products = [f"product:{slug}" for slug in page.audience_products.values_list("slug", flat=True)]
    companies = [f"company:{reader.company.slug}" for reader in page.audience_companies.select_related("company")]
    related = [around.link(f"page:{relation.related_id}") for relation in page.relations.all()]
    redirects = (
        Redirect.objects.filter(redirect_page_id=page.pk).order_by("old_path").values_list("old_path", flat=True)
    )
    values = {
        "title": page.title,
        "seo_title": page.seo_title,
        "type": page.kind.value,
        "slug": page.slug if NUMBERED.sub("", name_of(page)) != page.slug else "",
        "summary": page.summary,
        "product": page.product.slug if page.product else "",
        "audience": [*page.audience, *products, *companies],
        "keywords": [word.strip() for word in page.keywords.split(",") if word.strip()],
        "owner": page.reviewer.email if page.reviewer else "",
        "review_on": page.review_on,
        "related": [path for path in related if path.endswith(".md")],
        "redirect_from": [f"{path}/" for path in redirects],
        "order": position_of(page),
        "icon": getattr(page, "icon", ""),
        "minutes": getattr(page, "minutes", None),
        "video": getattr(page, "video_url", ""),
    }
    yield from ((name, value) for name, value in values.items() if value not in ("", [], None))


def position_of(page: Page) -> int:
    """The place among its siblings, as the tree counts."""
    return int(Page._str2int(page.path[-page.steplen :]))
