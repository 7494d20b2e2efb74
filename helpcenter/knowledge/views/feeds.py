"""What other programs read: feed, sitemap and llms.txt; public pages only, whoever asks."""

from datetime import datetime

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from helpcenter.knowledge.models import HelpDocument
from helpcenter.knowledge.models.documents import HelpDocumentQuerySet, Kind
from helpcenter.knowledge.readers import ANONYMOUS


def public_documents() -> HelpDocumentQuerySet:
    """Documents that everyone may read, without their long columns."""
    return HelpDocument.objects.readable_by(ANONYMOUS).listed()


class HelpFeed(Feed[HelpDocument, None]):
    """Help pages that changed last."""

    title = f"{settings.WAGTAIL_SITE_NAME} help center"
    link = "/help/"
    description = "New and changed help pages."

    def items(self) -> HelpDocumentQuerySet:
        """The last thirty changes."""
        return public_documents().exclude(kind=Kind.TOPIC).order_by("-updated_at")[:30]

    def item_title(self, item: HelpDocument) -> str:
        """Title of the page."""
        return item.title

    def item_description(self, item: HelpDocument) -> str:
        """Its summary."""
        return item.summary

    def item_updateddate(self, item: HelpDocument) -> datetime:
        """Moment of the last change."""
        return item.updated_at


class HelpSitemap(Sitemap[HelpDocument]):
    """Public help pages for search engines."""

    limit = 5000

    def items(self) -> HelpDocumentQuerySet:
        """All public documents, oldest page first."""
        return public_documents().order_by("pk")

    def lastmod(self, item: HelpDocument) -> datetime:
        """Moment of the last change."""
        return item.updated_at


@require_safe
def llms(request: HttpRequest) -> HttpResponse:
    """The help center in outline for language models (https://llmstxt.org): a title, then links by topic."""
    documents = public_documents().in_order()[:2000]
    context = {"documents": documents, "base_url": settings.BASE_URL, "site": settings.WAGTAIL_SITE_NAME}
    return render(request, "knowledge/llms.txt", context, content_type="text/plain; charset=utf-8")
