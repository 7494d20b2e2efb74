"""PDF from HTML by WeasyPrint, which may read nothing but the portal's own static files."""

import gc
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from PIL import ImageFile
from weasyprint import CSS, HTML
from weasyprint.document import Document, DocumentMetadata, Page
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

# WeasyPrint has Pillow read pictures that break off, in the whole process: what people send us is refused then.
ImageFile.LOAD_TRUNCATED_IMAGES = False
# An address of no host: relative addresses in style sheets follow from it.
STATIC = "https://static.invalid/"
KINDS = {".css": "text/css", ".woff2": "font/woff2", ".svg": "image/svg+xml", ".png": "image/png"}
_kept = threading.local()


class StaticFilesFetcher(URLFetcher):
    """Reads its files from the sources; no other address is ever opened."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols={"data"})

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """Answer with one of our own files."""
        if not url.startswith(STATIC):
            return super().fetch(url, headers)
        name = url.removeprefix(STATIC)
        return URLFetcherResponse(url, BytesIO(read_static(name)), {"Content-Type": KINDS[Path(name).suffix]})


def read_static(name: str) -> bytes:
    """A static file as it stands in the sources. Raises FileNotFoundError."""
    found = finders.find(name)
    if not isinstance(found, str):
        raise FileNotFoundError(name)
    return Path(found).read_bytes()


def typeset(html: str, *, style_sheet: str, **options: Any) -> bytes:
    """Typeset HTML with one of the static style sheets; `options` are those of `write_pdf`.

    Fonts and style sheet are read once in each thread: that is half of the time of a page.
    """
    fonts, sheet, fetcher = _prepared(style_sheet)
    with _uncollected():
        pages = HTML(string=html, base_url=STATIC, url_fetcher=fetcher)
        content: bytes = pages.write_pdf(font_config=fonts, stylesheets=[sheet], **options)
        return content


@dataclass(frozen=True)
class Part:
    """A document that may be typeset together with others.

    `html` is one element of class `paper`, to stand in the body, with one `h1` on its first page; `options` are those
    of `write_pdf` for it alone.
    """

    html: str
    metadata: DocumentMetadata
    options: dict[str, Any]


def typeset_parts(parts: Sequence[Part], *, style_sheet: str, **options: Any) -> list[bytes]:
    """Typeset documents as one and write each to a PDF of its own: the same bytes as by itself.

    Styles are worked out once for all, which saves a fifth. What has several pages is typeset again alone, as their
    number is not known before. `options` are those of `write_pdf` for all.
    """
    fonts, sheet, fetcher = _prepared(style_sheet)
    with _uncollected():
        pages = HTML(string=_body_of(parts), base_url=STATIC, url_fetcher=fetcher)
        document = pages.render(font_config=fonts, stylesheets=[sheet], **options)
        own = _pages_of_each(document)
        if len(own) != len(parts):
            raise ValueError(f"{len(parts)} documents have {len(own)} headings.")
        if len(parts) == 1:
            return [_write(document, own[0], parts[0], options)]
        return [
            _write(document, pages, part, options)
            if len(pages) == 1
            else typeset_parts([part], style_sheet=style_sheet, **options)[0]
            for pages, part in zip(own, parts, strict=True)
        ]


def _body_of(parts: Sequence[Part]) -> str:
    body = "<body>" if len(parts) == 1 else '<body class="together">'
    return f'<!doctype html><html lang="{parts[0].metadata.lang}">{body}{"".join(part.html for part in parts)}'


def _pages_of_each(document: Document) -> list[list[Page]]:
    """The pages of each document: its first has the bookmark of its `h1`."""
    own: list[list[Page]] = []
    for page in document.pages:
        if any(level == 1 for level, *_rest in page.bookmarks):
            own.append([])
        own[-1].append(page)
    return own


def _write(document: Document, pages: list[Page], part: Part, options: dict[str, Any]) -> bytes:
    alone = document.copy(pages)
    alone.metadata = part.metadata
    content: bytes = alone.write_pdf(**options, **part.options)
    return content


@contextmanager
def _uncollected() -> Iterator[None]:
    """Look for garbage once the page is made: while it is, nearly everything is in use, and looking takes a tenth."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _prepared(style_sheet: str) -> tuple[FontConfiguration, CSS, StaticFilesFetcher]:
    kept: dict[str, tuple[FontConfiguration, CSS, StaticFilesFetcher]] = _kept.__dict__
    if style_sheet not in kept:
        fonts, fetcher = FontConfiguration(), StaticFilesFetcher()
        kept[style_sheet] = fonts, CSS(url=STATIC + style_sheet, font_config=fonts, url_fetcher=fetcher), fetcher
    return kept[style_sheet]
