"""PDF from HTML by WeasyPrint, which may read nothing but the portal's own static files."""

import threading
from io import BytesIO
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

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
        found = finders.find(url.removeprefix(STATIC))
        if not isinstance(found, str):
            raise FileNotFoundError(url)
        path = Path(found)
        return URLFetcherResponse(url, BytesIO(path.read_bytes()), {"Content-Type": KINDS[path.suffix]})


def typeset(html: str, *, style_sheet: str, **options: Any) -> bytes:
    """Typeset HTML with one of the static style sheets; `options` are those of `write_pdf`.

    Fonts and style sheet are read once in each thread: that is half of the time of a page.
    """
    fonts, sheet = _prepared(style_sheet)
    pages = HTML(string=html, base_url=STATIC, url_fetcher=StaticFilesFetcher())
    content: bytes = pages.write_pdf(font_config=fonts, stylesheets=[sheet], **options)
    return content


def _prepared(style_sheet: str) -> tuple[FontConfiguration, CSS]:
    kept: dict[str, tuple[FontConfiguration, CSS]] = _kept.__dict__
    if style_sheet not in kept:
        fonts = FontConfiguration()
        kept[style_sheet] = fonts, CSS(url=STATIC + style_sheet, font_config=fonts, url_fetcher=StaticFilesFetcher())
    return kept[style_sheet]
