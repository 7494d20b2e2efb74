"""A document's values on the page that shows it."""

import json
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import Any

from billing.catalog.models import Product
from helpcenter.knowledge.markdown.document import Document
from helpcenter.knowledge.markdown.errors import UnreadableSource
from helpcenter.knowledge.markdown.metadata import GROUPS
from helpcenter.knowledge.markdown.shaping import shape, shape_troubleshooting, shape_tutorial
from helpcenter.knowledge.markdown.targets import Targets
from helpcenter.knowledge.models import (
    ArticlePage,
    FAQPage,
    HelpPage,
    HelpPageCompany,
    HelpPageRelation,
    TopicPage,
    TroubleshootingPage,
    TutorialPage,
)
from portal.accounts.models import Company, User

MODELS: Mapping[str, type[HelpPage]] = {
    "article": ArticlePage,
    "faq": FAQPage,
    "topic": TopicPage,
    "troubleshooting": TroubleshootingPage,
    "tutorial": TutorialPage,
}


def model_of(document: Document) -> type[HelpPage]:
    """The kind of page that a document becomes; what describes a folder is a topic whatever it says."""
    return TopicPage if document.path.endswith("/") else MODELS[document.meta.kind or "article"]


@dataclass(slots=True)
class Names:
    """Products, companies and people by the names that documents use."""

    products: dict[str, Product] = field(default_factory=dict)
    companies: dict[str, Company] = field(default_factory=dict)
    owners: dict[str, User] = field(default_factory=dict)

    @classmethod
    def load(cls, documents: Mapping[str, Document]) -> "Names":
        """Look up the names that the documents use."""
        metas = [document.meta for document in documents.values()]
        named = {name for meta in metas for name in meta.audience}
        companies = {name.partition(":")[2] for name in named if name.startswith("company:")}
        emails = {meta.owner for meta in metas if meta.owner}
        return cls(
            {product.slug: product for product in Product.objects.all()},
            {company.slug: company for company in Company.objects.filter(slug__in=companies)},
            {user.email.lower(): user for user in User.objects.filter(email__in=emails)},
        )

    def check(self, document: Document) -> list[str]:
        """What could not be found. Raises UnreadableSource for an audience that nobody is in."""
        for name in document.meta.audience:
            kind, _, slug = name.partition(":")
            known: Container[str] = {"product": self.products.keys(), "company": self.companies.keys()}.get(kind, ())
            if name not in GROUPS and slug not in known:
                raise UnreadableSource(f"The audience “{name}” is not known: there is no such {kind}.")
        warnings = []
        if document.meta.product and document.meta.product not in self.products:
            warnings.append(f"There is no product “{document.meta.product}”; the page is of none.")
        if document.meta.owner and document.meta.owner not in self.owners:
            warnings.append(f"Nobody has the address {document.meta.owner}; the page has no owner.")
        return warnings


def fill(page: Any, document: Document, names: Names, targets: Targets) -> None:
    """Set every field that a source decides."""
    meta = document.meta
    page.title = meta.title
    page.draft_title = meta.title
    page.seo_title = meta.seo_title
    page.summary = meta.summary
    page.keywords = meta.keywords
    page.product = names.products.get(meta.product)
    page.reviewer = names.owners.get(meta.owner)
    page.review_on = meta.review_on
    page.audience = [name for name in meta.audience if name in GROUPS]
    page.audience_products = [names.products[slug] for slug in _particular(document, "product")]
    page.audience_companies = [
        HelpPageCompany(company=names.companies[slug]) for slug in _particular(document, "company")
    ]
    related = [key for target in meta.related if (key := targets.page(target)) and key != page.pk]
    page.relations = [HelpPageRelation(related_id=key) for key in dict.fromkeys(related)]
    _fill_body(page, document, targets)


def _particular(document: Document, kind: str) -> list[str]:
    return [name.partition(":")[2] for name in document.meta.audience if name.startswith(f"{kind}:")]


def _fill_body(page: Any, document: Document, targets: Targets) -> None:
    meta = document.meta
    match page:
        case TutorialPage():
            body, steps = shape_tutorial(document.nodes, targets)
            page.steps, page.video_url, page.minutes = json.dumps(steps), meta.video, meta.minutes
        case TroubleshootingPage():
            body, nodes = shape_troubleshooting(document.nodes, targets)
            page.nodes = json.dumps(nodes)
        case _:
            body = shape(document.nodes, targets)
    if isinstance(page, TopicPage):
        page.icon = meta.icon
    page.body = json.dumps(body)
