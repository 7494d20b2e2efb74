"""Pages that editors write. Readers are served the `HelpDocument` made of a page when it is published."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, MultipleChooserPanel, PageChooserPanel
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page

from billing.catalog.models import Product
from helpcenter.knowledge.blocks import HelpBodyBlock, NodesBlock, TutorialStepBlock
from helpcenter.knowledge.models import rendering
from helpcenter.knowledge.models.audiences import AudienceKind, Reader, closed
from helpcenter.knowledge.models.documents import HelpDocument, Kind
from portal.accounts.models import Company
from portal.core import icons
from portal.core.array_fields import ChoicesArrayField

CONTENT_TYPES = [
    "knowledge.TopicPage",
    "knowledge.ArticlePage",
    "knowledge.TutorialPage",
    "knowledge.FAQPage",
    "knowledge.TroubleshootingPage",
]
AUDIENCE_HELP = "Readers need one of these. Left empty, the rule of the page above holds; it holds in any case as well."


class HelpPage(Page):
    """What every help page has. Its live version is served from its HelpDocument, never from here."""

    kind: ClassVar[Kind]

    summary = models.CharField(max_length=300, blank=True, help_text="One sentence for lists and search results.")
    body = StreamField(HelpBodyBlock(required=False), blank=True)
    product = models.ForeignKey(Product, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    keywords = models.CharField(
        max_length=500, blank=True, help_text="Words that readers may search for, separated by commas."
    )
    audience = ChoicesArrayField(
        models.CharField(max_length=12, choices=AudienceKind.choices),
        default=list,
        blank=True,
        verbose_name="groups of readers",
    )
    audience_products = ParentalManyToManyField(
        Product, blank=True, related_name="+", verbose_name="customers who use one of these products"
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="responsible",
        help_text="Who keeps the page right.",
    )
    review_on = models.DateField(null=True, blank=True, help_text="Day on which the page is read again.")
    source = models.CharField(
        max_length=700, blank=True, editable=False, help_text="Imported file, below the folder imported."
    )
    source_hash = models.CharField(max_length=64, blank=True, editable=False)

    is_creatable = False
    exclude_fields_in_copy: ClassVar[list[str]] = ["source", "source_hash"]
    private_page_options: ClassVar[list[str]] = []
    # Not `template`, which Wagtail sets anew for each type.
    preview_template = "knowledge/page.html"

    content_panels: ClassVar = [*Page.content_panels, FieldPanel("summary"), FieldPanel("product"), FieldPanel("body")]
    promote_panels: ClassVar = [
        FieldPanel("slug"),
        FieldPanel("seo_title"),
        FieldPanel("keywords"),
        MultipleChooserPanel("relations", chooser_field_name="related", label="Related pages"),
        FieldRowPanel([FieldPanel("reviewer"), FieldPanel("review_on")], heading="Review"),
        MultiFieldPanel(
            [
                FieldPanel("audience"),
                FieldPanel("audience_products"),
                MultipleChooserPanel(
                    "audience_companies", chooser_field_name="company", label="Members of these companies"
                ),
            ],
            heading="Audience",
            help_text=AUDIENCE_HELP,
        ),
    ]

    class Meta:
        indexes: ClassVar = [models.Index(fields=["review_on"], name="knowledge_page_review")]

    @classmethod
    def from_serializable_data(cls, data: Any, check_fks: bool = True, strict_fks: bool = False) -> Any:
        """A version of the page; where a company or product that it was kept for is gone, it stays closed."""
        page = super().from_serializable_data(data, check_fks, strict_fks)
        if page is not None:
            named = len(data.get("audience_products", ())) + len(data.get("audience_companies", ()))
            found = len(page.audience_products.all()) + len(page.audience_companies.all())
            page.audience = closed(page.audience) if found < named else page.audience
        return page

    def body_context(self) -> dict[str, Any]:
        """What the template of the rendered body needs, beside the page."""
        return {}

    def to_document(self) -> HelpDocument:
        """Build the document of this version, unsaved and without audience, topic and breadcrumbs."""
        return rendering.document_of(self)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Context of the preview: the same template, fed by a document of the draft."""
        document = self.to_document()
        return {**super().get_context(request, *args, **kwargs), "document": document, "preview": True}

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        """What readers get is made with the same template."""
        return self.preview_template

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Refuse: the page's address is answered from its document, which knows the audience."""
        raise Http404

    def publish(self, *args: Any, **kwargs: Any) -> Any:
        """Publish the revision and write what readers get, in one transaction."""
        with transaction.atomic():
            return super().publish(*args, **kwargs)

    def unpublish(self, *args: Any, **kwargs: Any) -> Any:
        """Take the page offline and remove what readers get, in one transaction."""
        with transaction.atomic():
            return super().unpublish(*args, **kwargs)


class HelpPageCompany(Orderable):
    """A company whose members are readers of the page."""

    page = ParentalKey(HelpPage, on_delete=models.CASCADE, related_name="audience_companies")
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")


class HelpPageRelation(Orderable):
    """A page worth reading next, in the editor's order."""

    page = ParentalKey(HelpPage, on_delete=models.CASCADE, related_name="relations")
    related = models.ForeignKey(HelpPage, on_delete=models.CASCADE, related_name="+")

    panels: ClassVar = [PageChooserPanel("related")]


class HelpIndexPage(Page):
    """The front of the help center at /help/."""

    introduction = models.CharField(max_length=300, blank=True)

    page_description = "The front of the help center, with all topics. There is one."
    max_count = 1
    parent_page_types: ClassVar[list[str]] = ["home.HomePage"]
    subpage_types: ClassVar[list[str]] = CONTENT_TYPES
    private_page_options: ClassVar[list[str]] = []
    template = "knowledge/index.html"
    content_panels: ClassVar = [*Page.content_panels, FieldPanel("introduction")]

    def clean(self) -> None:
        """Keep the address that links and products rely on."""
        super().clean()
        if self.slug != "help":
            raise ValidationError({"slug": "The help center stays at /help/: its slug must be “help”."})

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Context of the preview: the front page with the topics that everyone may read."""
        topics = list(HelpDocument.objects.readable_by(Reader()).filter(kind=Kind.TOPIC, topic=None).in_order()[:24])
        for topic in topics:
            topic.size = topic.children.count()
        return {**super().get_context(request, *args, **kwargs), "index": self, "topics": topics}

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Refuse: /help/ is answered by a view of its own."""
        raise Http404


class TopicPage(HelpPage):
    """A shelf of the help center: an introduction and the pages below it."""

    kind = Kind.TOPIC
    page_description = (
        "A shelf for pages on one subject, and for narrower topics. Make it first, then what stands below."
    )
    preview_template = "knowledge/topic.html"
    icon = models.CharField(max_length=40, blank=True, help_text="Stands beside the topic in lists.")

    parent_page_types: ClassVar[list[str]] = ["knowledge.HelpIndexPage", "knowledge.TopicPage"]
    subpage_types: ClassVar[list[str]] = CONTENT_TYPES
    content_panels: ClassVar = [
        *HelpPage.content_panels,
        FieldPanel("icon", widget=forms.Select(choices=icons.choices_or_none())),
    ]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Context of the preview: the topic with the pages that stand below it."""
        below = HelpDocument.objects.filter(topic_id=self.pk).listed().in_order()[:60]
        shelves = [{"kind": "", "label": "Pages", "documents": below}] if below else []
        return {**super().get_context(request, *args, **kwargs), "number": 1, "shelves": shelves}

    def clean(self) -> None:
        """Refuse an icon that there is not."""
        super().clean()
        if self.icon and self.icon not in icons.names():
            raise ValidationError({"icon": "Choose one of the icons."})


class LeafPage(HelpPage):
    """Where pages that hold content may stand."""

    parent_page_types: ClassVar[list[str]] = ["knowledge.HelpIndexPage", "knowledge.TopicPage"]
    subpage_types: ClassVar[list[str]] = []

    class Meta:
        abstract = True


class ArticlePage(LeafPage):
    """An article."""

    kind = Kind.ARTICLE
    page_description = "Explains one thing or how it is done: text, pictures, tables, code, files."


class FAQPage(LeafPage):
    """One question, which is the title, and its answer."""

    kind = Kind.FAQ
    page_description = "One question, which is the title, and a short answer. A topic lists its questions together."

    class Meta:
        verbose_name = "FAQ question"


class TutorialPage(LeafPage):
    """A lesson in steps, with a video where there is one."""

    kind = Kind.TUTORIAL
    page_description = "A lesson in numbered steps, with the time it takes and a video where there is one."
    steps = StreamField([("step", TutorialStepBlock())], blank=True)
    video_url = models.URLField(blank=True, help_text="Where the video of the whole tutorial can be watched.")
    minutes = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Time it takes; left empty, reckoned from the text."
    )

    content_panels: ClassVar = [
        *HelpPage.content_panels,
        FieldPanel("steps"),
        FieldRowPanel([FieldPanel("video_url"), FieldPanel("minutes")]),
    ]

    def body_context(self) -> dict[str, Any]:
        """Steps and video follow the introduction."""
        return {"steps": self.steps, "video_url": self.video_url}


class TroubleshootingPage(LeafPage):
    """A walk through questions to a solution."""

    kind = Kind.TROUBLESHOOTING
    page_description = "Leads from a problem to its solution: questions whose answers branch."
    nodes = StreamField(NodesBlock(required=False), blank=True)

    content_panels: ClassVar = [*HelpPage.content_panels, FieldPanel("nodes", heading="Questions and solutions")]

    def body_context(self) -> dict[str, Any]:
        """The questions follow the introduction."""
        return {"nodes": self.nodes}
