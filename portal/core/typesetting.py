"""PDF from HTML by WeasyPrint, which may read nothing but the portal's own static files."""

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from PIL import ImageFile
from weasyprint import CSS, HTML
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
