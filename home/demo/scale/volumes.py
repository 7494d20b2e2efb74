"""A volume is a thousand articles in ten topics of different size, product and audience, below the topic "Library"."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from wagtail.models import Page

from billing.catalog.models import Product
from helpcenter.knowledge.models import (
    ArticlePage,
    HelpIndexPage,
    HelpPage,
    HelpPageCompany,
    HelpPageRelation,
    TopicPage,
)
from helpcenter.knowledge.services import publishing
from home.demo.scale import companies, shapes, tree, words
from home.demo.scale.tables import Row
from portal.accounts.models import Company
from portal.core import page_cache

# Articles in each topic of a volume: a thousand, and no two topics of one size.
SIZES = (400, 200, 100, 80, 60, 50, 40, 30, 25, 15)
# Who may read each topic; the seventh is for customers of its product.
AUDIENCES = ("", "", "", "", "", "customers", "product", "developers", "resellers", "staff")
PRODUCTS = ("erp", "sacco", "payroll", "")
# One article of so many is for the members of a single company, one of so many names others to read.
ONE_COMPANY = 200
RELATED = 4
DAYS = 730
CHUNK = 500


def missing(thousands: int) -> list[int]:
    """Numbers of the volumes that are not there yet."""
    known = set(TopicPage.objects.filter(slug__startswith="volume-").values_list("slug", flat=True))
    return [number for number in range(1, thousands + 1) if f"volume-{number:03}" not in known]


@transaction.atomic
def create(number: int) -> None:
    """Add a volume: pages, documents and search index; the same number has the same words in every run."""
    random, now = Random(number), timezone.now()
    (volume,) = tree.add(TopicPage, library(), [topic_row(f"Volume {number:03}", now, words.sentence(random))])
    products = {**dict(Product.objects.values_list("slug", "pk")), "": None}
    wanted = [products.get(PRODUCTS[(number + place) % len(PRODUCTS)]) for place in range(len(SIZES))]
    topics = add_topics(volume, wanted, random, now)
    publishing.write([volume.pk, *(topic.pk for topic in topics)])
    for topic, size, product_id in zip(topics, SIZES, wanted, strict=True):
        for start in range(0, size, CHUNK):
            add_articles(topic, range(start, min(start + CHUNK, size)), product_id, random, now)
    page_cache.expire()


def library() -> Page:
    """The topic that holds all volumes."""
    index = HelpIndexPage.objects.get()
    found = Page.objects.child_of(index).filter(slug="library").first()
    if found is None:
        found = index.add_child(instance=TopicPage(title="Library", slug="library", summary="Articles for load tests."))
        found.save_revision().publish()
    return Page.objects.get(pk=found.pk)


def topic_row(title: str, now: datetime, summary: str, **values: object) -> Row:
    """Fields of a topic."""
    published = {"first_published_at": now, "last_published_at": now}
    return {"title": title, "slug": slugify(title), "summary": summary, "body": [], **published, **values}


def add_topics(volume: Page, products: Sequence[int | None], random: Random, now: datetime) -> list[Page]:
    """The topics of a volume, with the audiences that all below inherit."""
    rows = [
        topic_row(
            f"{words.title(random)} {place}",
            now,
            words.sentence(random),
            product_id=product_id,
            audience=[] if audience == "product" else [audience] if audience else [],
        )
        for place, (product_id, audience) in enumerate(zip(products, AUDIENCES, strict=True), start=1)
    ]
    topics = tree.add(TopicPage, volume, rows)
    for topic, product_id, audience in zip(topics, products, AUDIENCES, strict=True):
        if audience == "product" and product_id:
            HelpPage.audience_products.through.objects.create(helppage_id=topic.pk, product_id=product_id)
    return topics


def add_articles(topic: Page, numbers: range, product_id: int | None, random: Random, now: datetime) -> None:
    """Articles of one topic, and all that readers get of them."""
    texts = [shapes.text(random) for _ in numbers]
    dates = [now - timedelta(days=random.random() * DAYS) for _ in numbers]
    rows = [
        {
            "title": text.title,
            "slug": f"{slugify(text.title)}-{number}",
            "summary": text.summary,
            "keywords": text.keywords,
            "body": text.body,
            "product_id": product_id,
            "first_published_at": at,
            "last_published_at": at,
        }
        for number, text, at in zip(numbers, texts, dates, strict=True)
    ]
    pages = tree.add(ArticlePage, topic, rows)
    restrict(pages)
    relate(pages)
    publishing.write_documents(
        [
            text.document(page_id=page.pk, product_id=product_id, published_at=at, updated_at=at)
            for text, page, at in zip(texts, pages, dates, strict=True)
        ]
    )


def restrict(pages: Sequence[Page]) -> None:
    """Keep a few articles for the members of one company each."""
    chosen = [page for page in pages if page.pk % ONE_COMPANY == 0]
    owners = list(Company.objects.filter(slug__startswith=companies.PREFIX).order_by("pk")[:1000])
    HelpPageCompany.objects.bulk_create(
        [HelpPageCompany(page_id=page.pk, company=owners[page.pk % len(owners)]) for page in chosen if owners]
    )


def relate(pages: Sequence[Page]) -> None:
    """Let some articles name the two after them."""
    HelpPageRelation.objects.bulk_create(
        [
            HelpPageRelation(page_id=pages[place].pk, related_id=pages[place + step].pk, sort_order=step)
            for place in range(0, len(pages) - 2, RELATED)
            for step in (1, 2)
        ]
    )
