"""What other programs read: feed, sitemap and llms.txt; public pages only, whoever asks."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.syndication.views import Feed
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.views.decorators.http import require_safe

from helpcenter.knowledge.models import HelpDocument
from helpcenter.knowledge.models.documents import HelpDocumentQuerySet, Kind
from helpcenter.knowledge.readers import ANONYMOUS


def public_documents() -> HelpDocumentQuerySet:
    """Documents that everyone may read, without their long columns."""
    return HelpDocument.objects.readable_by(ANONYMOUS).listed()


class HelpFeed(Feed[HelpDocument, None]):
    """Help pages that changed last, as Atom (RFC 4287); entries keep their ids when their pages move."""

    feed_type = Atom1Feed
    title = f"{settings.WAGTAIL_SITE_NAME} help center"
    subtitle = "New and changed help pages."
    link = f"{settings.BASE_URL}/help/"
    feed_url = f"{settings.BASE_URL}/help/feed/"
    author_name = settings.WAGTAIL_SITE_NAME
    language = "en"

    def items(self) -> HelpDocumentQuerySet:
        """The last thirty changes."""
        changed = public_documents().exclude(kind=Kind.TOPIC).select_related("page")
        return changed.order_by("-updated_at", "pk")[:30]

    def item_title(self, item: HelpDocument) -> str:
        """Title of the page."""
        return item.title

    def item_description(self, item: HelpDocument) -> str:
        """Its summary, which readers of feeds take for HTML."""
        return escape(item.summary)

    def item_link(self, item: HelpDocument) -> str:
        """Its one address."""
        return item.url

    def item_guid(self, item: HelpDocument) -> str:
        """An id that stays."""
        return item.page.translation_key.urn

    def item_pubdate(self, item: HelpDocument) -> datetime:
        """Moment of the first publication."""
        return item.published_at

    def item_updateddate(self, item: HelpDocument) -> datetime:
        """Moment of the last change."""
        return item.updated_at


class PublicSitemap(Sitemap[Any]):
    """Addresses begin with the portal's own, whatever host was asked."""

    def get_protocol(self, protocol: str | None = None) -> str:
        """As in BASE_URL."""
        return urlsplit(settings.BASE_URL).scheme

    def get_domain(self, site: object = None) -> str:
        """As in BASE_URL."""
        return urlsplit(settings.BASE_URL).netloc


class FrontSitemap(PublicSitemap):
    """The two front doors."""

    def items(self) -> list[str]:
        """Home page and help center."""
        return ["/", "/help/"]

    def location(self, item: str) -> str:
        """The address itself."""
        return item


class HelpSitemap(PublicSitemap):
    """Public help pages for search engines."""

    limit = 5000

    def items(self) -> HelpDocumentQuerySet:
        """All public documents, oldest page first."""
        return public_documents().order_by("pk")

    def lastmod(self, item: HelpDocument) -> datetime:
        """Moment of the last change."""
        return item.updated_at

    def get_latest_lastmod(self) -> datetime | None:
        """Moment of the last change of all, asked without reading the documents."""
        latest: datetime | None = public_documents().aggregate(latest=Max("updated_at"))["latest"]
        return latest


@require_safe
def llms(request: HttpRequest) -> HttpResponse:
    """The help center in outline for language models (https://llmstxt.org): a title, then links by topic."""
    documents = public_documents().in_order()[:2000]
    context = {"documents": documents, "base_url": settings.BASE_URL, "site": settings.WAGTAIL_SITE_NAME}
    return render(request, "knowledge/llms.txt", context, content_type="text/plain; charset=utf-8")
