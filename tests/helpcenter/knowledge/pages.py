"""Help pages for tests, made and published as editors do."""

import uuid
from collections.abc import Iterable
from typing import Any, TypeVar

from django.utils.text import slugify
from wagtail.models import Page

from billing.catalog.models import Product
from helpcenter.knowledge.models import ArticlePage, HelpIndexPage, HelpPageCompany, HelpPageRelation, TopicPage
from home.setup import site
from portal.accounts.models import Company

P = TypeVar("P", bound=Page)


def help_center() -> HelpIndexPage:
    """Make the home page, and a help center below it."""
    index: HelpIndexPage = site.front_door().add_child(instance=HelpIndexPage(title="Help center", slug="help"))
    return index


def publish(page: P) -> P:
    """Publish what the instance holds now, as a new version."""
    page.refresh_from_db(fields=["path", "depth", "numchild", "url_path"])
    page.save_revision(clean=False).publish()
    page.refresh_from_db()
    return page


def add(
    page: P,
    parent: Page | None = None,
    *,
    products: Iterable[Product] = (),
    companies: Iterable[Company] = (),
    related: Iterable[Page] = (),
    live: bool = True,
) -> P:
    """Add a page below another (the help center without one) and publish it, or leave it a draft."""
    page.slug = page.slug or slugify(page.title)
    page.live = live
    Page.objects.get(pk=(parent or HelpIndexPage.objects.get()).pk).specific.add_child(instance=page)
    page.audience_products = list(products)
    page.audience_companies = [HelpPageCompany(company=company) for company in companies]
    page.relations = [HelpPageRelation(related_id=other.pk) for other in related]
    return publish(page) if live else page


def made(kind: type[P], title: str, parent: Page | None = None, **values: Any) -> P:
    """Add a page of this type; fields of the type and what `add` takes are told apart by name."""
    placing = {name: values.pop(name) for name in ("products", "companies", "related", "live") if name in values}
    return add(kind(title=title, **values), parent, **placing)


def topic(title: str, parent: Page | None = None, **values: Any) -> TopicPage:
    """A topic."""
    return made(TopicPage, title, parent, **values)


def article(title: str, parent: Page | None = None, **values: Any) -> ArticlePage:
    """An article."""
    return made(ArticlePage, title, parent, **values)


def block(kind: str, value: Any) -> dict[str, Any]:
    """A block as a stream keeps it."""
    return {"type": kind, "value": value, "id": str(uuid.uuid4())}


def text(html: str) -> dict[str, Any]:
    """A block of running text."""
    return block("text", html)


def links_to(*pages: Page) -> dict[str, Any]:
    """A block that lists pages."""
    return block("related", {"title": "Read next", "pages": [page.pk for page in pages]})


def link(page: Page, words: str) -> dict[str, Any]:
    """A paragraph that links to a page."""
    return text(f'<p><a linktype="page" id="{page.pk}">{words}</a></p>')
