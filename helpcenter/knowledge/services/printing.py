"""Articles as PDF."""

import mimetypes
from io import BytesIO

from bs4 import BeautifulSoup, Tag
from django.conf import settings
from django.core.files.storage import default_storage
from django.http import HttpRequest
from django.template.loader import render_to_string
from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from helpcenter.knowledge.models import HelpDocument
from portal.core import page_cache, typesetting

# Letters that stand beside one another in a table on A4, the gaps between columns as two each.
LINE = 76


class OwnFilesFetcher(URLFetcher):
    """Reads images and styles from our own storage; no other address is ever opened."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols={"data"})

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """Answer addresses below the media and static addresses of the portal."""
        for base, read in ((settings.MEDIA_URL, self.media), (settings.STATIC_URL, typesetting.read_static)):
            prefix = settings.BASE_URL + base
            if url.startswith(prefix):
                # Without its type a style sheet would be passed over.
                kind = mimetypes.guess_type(url)[0] or "application/octet-stream"
                return URLFetcherResponse(url, BytesIO(read(url.removeprefix(prefix))), {"Content-Type": kind})
        return super().fetch(url, headers)

    @staticmethod
    def media(name: str) -> bytes:
        """A file that editors uploaded; the storage refuses names outside of itself."""
        with default_storage.open(name) as file:
            content: bytes = file.read()
        return content


def pdf_of(document: HelpDocument, *, request: HttpRequest) -> bytes:
    """A help page as a PDF, the same for all who may read it: typeset once while nothing changes."""
    key = ("pdf", document.pk, document.updated_at)
    return page_cache.remembered(key, lambda: typeset(document, request))


def typeset(document: HelpDocument, request: HttpRequest) -> bytes:
    """Typeset a help page, under the brand that the request is answered with."""
    html = render_to_string("knowledge/print.html", {"document": document}, request)
    fonts = FontConfiguration()
    pages = HTML(string=with_tight_tables(html), base_url=settings.BASE_URL, url_fetcher=OwnFilesFetcher())
    content: bytes = pages.write_pdf(font_config=fonts, pdf_variant="pdf/ua-1")
    return content


def with_tight_tables(html: str) -> str:
    """Mark the tables whose longest words do not stand beside one another: in these alone words may be broken."""
    soup = BeautifulSoup(html, "html.parser")
    for table in soup.find_all("table"):
        if letters_wide(table) > LINE:
            table["class"] = "is-tight"
    return str(soup)


def letters_wide(table: Tag) -> int:
    """Letters of the longest words of all columns."""
    longest: dict[int, int] = {}
    for row in table.find_all("tr"):
        for number, cell in enumerate(row.find_all(["td", "th"])):
            words = (len(word) for word in cell.get_text(" ").split())
            longest[number] = max(longest.get(number, 0), *words, 0)
    return sum(longest.values()) + 2 * len(longest)
