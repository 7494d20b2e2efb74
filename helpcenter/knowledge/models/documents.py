"""What is served: one row for each live help page, written in the transaction that publishes it."""

import json
from datetime import date
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from billing.catalog.models import Product
from helpcenter.knowledge.models.audiences import Audience, Reader

# What stands in stored bodies for the file of icons, whose name changes with each release.
SPRITE, SPRITE_MARK = "icons/sprite.svg", "static:icons/sprite.svg"
SCRIPT_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


class Kind(models.TextChoices):
    """Kinds of help pages."""

    TOPIC = "topic", "Topic"
    ARTICLE = "article", "Article"
    TUTORIAL = "tutorial", "Tutorial"
    FAQ = "faq", "FAQ"
    TROUBLESHOOTING = "troubleshooting", "Troubleshooter"


class HelpDocumentQuerySet(models.QuerySet["HelpDocument"]):
    """Documents, as far as a reader may know of them."""

    def readable_by(self, reader: Reader) -> Self:
        """Documents whose audience includes the reader."""
        if reader.reads_all:
            return self.all()
        return self.filter(audience_id__in=Audience.objects.readable_by(reader))

    def listed(self) -> Self:
        """Without the long columns, for lists."""
        return self.defer("body_html", "text", "headings", "structured_data")

    def stale(self, *, today: date) -> Self:
        """Documents whose day of review has come, the oldest first."""
        return self.filter(review_on__lte=today).order_by("review_on", "title")

    def unhelpful(self) -> Self:
        """Documents that did not help somebody, the worst first: `votes`, `no_votes`, and `no_share` in per cent."""
        votes, helpless = "page__helppage__feedback", models.Q(page__helppage__feedback__is_helpful=False)
        counted = self.annotate(votes=models.Count(votes), no_votes=models.Count(votes, filter=helpless))
        share = models.F("no_votes") * 100 / models.F("votes")
        return counted.filter(no_votes__gt=0).annotate(no_share=share).order_by("-no_share", "-no_votes", "title")

    def annotate_tree_path(self) -> Self:
        """With `tree_path`, which sorts as the page tree does."""
        return self.annotate(tree_path=models.F("page__path"))

    def in_order(self) -> Self:
        """As the pages stand in the tree."""
        return self.order_by("page__path")


class HelpDocument(models.Model):
    """A live help page as readers get it: rendered, with its audience. Never edited: the page is the source."""

    page = models.OneToOneField(
        "wagtailcore.Page", primary_key=True, on_delete=models.CASCADE, related_name="help_document"
    )
    path = models.CharField(
        max_length=1000, unique=True, help_text='Address below the site, such as "/help/erp/invoices/".'
    )
    kind = models.CharField(max_length=16, choices=Kind.choices)
    title = models.CharField(max_length=255)
    seo_title = models.CharField(
        max_length=255, blank=True, db_default="", help_text="What browsers and search engines call it, if not so."
    )
    summary = models.TextField(blank=True)
    keywords = models.TextField(blank=True)
    headings = models.TextField(blank=True, help_text="One a line.")
    text = models.TextField(blank=True, help_text="The body without markup.")
    body_html = models.TextField(blank=True)
    toc = models.JSONField(default=list, help_text="[{level, text, anchor}]")
    breadcrumbs = models.JSONField(default=list, help_text="[{title, url}] of the pages above, the help center first.")
    structured_data = models.JSONField(default=dict, help_text="schema.org, as JSON-LD.")
    minutes = models.PositiveSmallIntegerField(default=1, help_text="Reading time.")
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="documents")
    product = models.ForeignKey(
        Product, null=True, blank=True, on_delete=models.SET_NULL, related_name="help_documents"
    )
    topic = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="children", db_constraint=False
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    review_on = models.DateField(null=True, blank=True)
    icon = models.CharField(max_length=40, blank=True, help_text="Of a topic, in lists.")
    published_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = HelpDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "help page"
        indexes: ClassVar = [
            models.Index(fields=["topic", "audience"], name="knowledge_document_children"),
            models.Index(fields=["audience", "kind"], name="knowledge_document_kind"),
            models.Index(fields=["-updated_at"], name="knowledge_document_recent"),
        ]

    # What querysets and readers add for one use.
    tree_path: str
    vote: dict[str, Any] | None
    voted: list[int]
    votes: int
    no_votes: int
    no_share: int
    size: int
    answer_html: str

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Address of the page."""
        return self.path

    @property
    def body(self) -> SafeString:
        """The rendered body: made by our own templates of blocks that escape and rich text that Wagtail has cleaned."""
        return with_icons(self.body_html)

    @property
    def answer(self) -> SafeString:
        """A question's answer for a list, from the same templates as the body; empty where it is long."""
        return with_icons(getattr(self, "answer_html", ""))

    @property
    def url(self) -> str:
        """The page's one address, whatever host it was asked of."""
        return f"{settings.BASE_URL}{self.path}"

    @property
    def description(self) -> str:
        """The summary, or how the text begins."""
        return str(self.structured_data.get("description", self.summary))

    @property
    def linked_data(self) -> dict[str, Any]:
        """The page and the way to it in words of schema.org (https://schema.org/BreadcrumbList)."""
        data, site = dict(self.structured_data), {"@type": "Organization", "name": settings.WAGTAIL_SITE_NAME}
        if "step" in data:
            data["step"] = [{**step, "url": self.url + step["url"]} for step in data["step"]]
        about = {"@id": self.url, "url": self.url, "inLanguage": "en", "publisher": site}
        dates = {"datePublished": self.published_at.isoformat(), "dateModified": self.updated_at.isoformat()}
        way = [{"title": "Help center", "url": "/help/"}, *self.breadcrumbs, {"title": self.title, "url": self.path}]
        crumbs = [
            {"@type": "ListItem", "position": place, "name": crumb["title"], "item": settings.BASE_URL + crumb["url"]}
            for place, crumb in enumerate(way, start=1)
        ]
        trail = {"@type": "BreadcrumbList", "itemListElement": crumbs}
        return {"@context": "https://schema.org", "@graph": [{**data, **about, **dates}, trail]}

    @property
    def json_ld(self) -> SafeString:
        """The structured data as a script element that no browser runs."""
        data = json.dumps(self.linked_data).translate(SCRIPT_ESCAPES)
        return format_html('<script type="application/ld+json">{}</script>', SafeString(data))

    @property
    def pdf_path(self) -> str:
        """Address of the page as PDF."""
        return f"{self.path.rstrip('/')}.pdf"


def with_icons(html: str) -> SafeString:
    """A stored body with the address that the file of icons has in this release."""
    return SafeString(html.replace(SPRITE_MARK, static(SPRITE)))
