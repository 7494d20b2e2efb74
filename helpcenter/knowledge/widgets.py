"""Widgets and statistics of the help center."""

from typing import Any, ClassVar

from django.db.models import Q
from wagtail import blocks

from helpcenter.knowledge.models import HelpDocument, Reader
from helpcenter.knowledge.models.documents import Kind
from helpcenter.knowledge.readers import reader_of
from portal.accounts.desks import Kind as DeskKind
from portal.core.page_cache import remembered
from portal.core.periods import start_of
from portal.core.widgets import Counted, Period, Scope, Statistic, WidgetBlock

ARTICLES = 6


def articles_for_you(scope: Scope) -> list[HelpDocument]:
    """Pages that the viewer may read, those on the company's own products first, then by the last change.

    They are read once a generation for all to whom the same pages are open and who have the same products.
    """
    reader = reader_of(scope.request)
    slugs = frozenset(key.removeprefix("product:") for key in reader.keys if key.startswith("product:"))
    if reader.sharing is None:
        return articles_on(slugs, reader)
    return remembered(("articles for you", reader.sharing, slugs), lambda: articles_on(slugs, reader))


def articles_on(slugs: frozenset[str], reader: Reader) -> list[HelpDocument]:
    """A few pages that the reader may read, those on these products first."""
    documents = HelpDocument.objects.readable_by(reader).exclude(kind=Kind.TOPIC).listed().select_related("product")
    latest = documents.order_by("-updated_at")
    own = latest.filter(product__slug__in=slugs)
    # One query, which takes a few of either kind by the index of changes, however many there are.
    few = own.values("pk")[:ARTICLES].union(latest.values("pk")[:ARTICLES])
    found = sorted(latest.filter(pk__in=few), key=lambda one: one.product is None or one.product.slug not in slugs)
    return found[:ARTICLES]


class ArticlesForYou(WidgetBlock):
    """Help pages for the viewer."""

    title = blocks.CharBlock(default="Articles for you", max_length=80)
    needs = (articles_for_you,)
    samples = (
        [
            HelpDocument(title="Close the month", path="/help/", minutes=6),
            HelpDocument(title="Add an employee", path="/help/", minutes=3),
        ],
    )

    class Meta:
        icon = "doc-full"
        template = "home/widgets/articles.html"
        description = "Help pages on the products that the viewer's company uses, the last changed first."
        preview_value: ClassVar[dict[str, Any]] = {"title": "Articles for you"}


def new_pages(scope: Scope) -> Counted:
    """Help pages that became readable to the viewer in the period."""
    documents = HelpDocument.objects.readable_by(reader_of(scope.request)).exclude(kind=Kind.TOPIC)

    def within(period: Period) -> Q:
        return Q(published_at__gte=start_of(period.starts_on), published_at__lt=start_of(period.ends_on))

    return Counted(documents, within(scope.period), within(scope.period.before))


STATISTICS = {
    "new-help-pages": Statistic(
        "New help pages",
        "Help pages published in the period that you may read.",
        frozenset(DeskKind),
        new_pages,
        "book-open",
        follows_from=lambda scope: reader_of(scope.request).sharing,
    ),
}
