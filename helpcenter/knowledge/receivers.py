"""Keeps documents true to pages, however a page is published, moved, withdrawn or deleted."""

from typing import Any

from django.db.models.signals import post_delete, pre_delete
from wagtail import signals
from wagtail.models import Page

from billing.catalog.models import Product
from helpcenter.knowledge.models import HelpIndexPage, HelpPage
from helpcenter.knowledge.services import publishing, references
from portal.accounts.models import Company
from portal.core import page_cache


def page_published(instance: Page, **kwargs: Any) -> None:
    """A page went live, or a new version of it did."""
    if isinstance(instance, HelpPage):
        publishing.page_published(instance.pk)
    else:
        page_cache.expire()


def page_unpublished(instance: Page, **kwargs: Any) -> None:
    """A page is no longer live, or is about to be deleted."""
    if isinstance(instance, HelpPage):
        publishing.page_withdrawn(instance.pk)
    else:
        page_cache.expire()


def page_moved(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    """A page stands elsewhere, or between other pages; the instance is a plain Page, the sender tells its type."""
    if issubclass(sender, HelpPage | HelpIndexPage):
        publishing.page_moved(instance.pk)
    else:
        page_cache.expire()


def page_going(instance: Page, **kwargs: Any) -> None:
    """A page is about to be deleted: by the admin, by a script, or with the page above it."""
    instance.referring = references.around([instance.pk])
    publishing.withdraw([instance.pk])


def page_gone(instance: Page, **kwargs: Any) -> None:
    """A page is deleted; those that referred to it can no longer."""
    publishing.render(instance.referring)


def company_going(instance: Any, **kwargs: Any) -> None:
    """A company is about to be deleted, and with it what rules say of it."""
    instance.kept = publishing.stay_closed(HelpPage.objects.filter(audience_companies__company=instance))


def product_going(instance: Any, **kwargs: Any) -> None:
    """A product is about to be deleted, and with it what rules say of it."""
    instance.kept = publishing.stay_closed(HelpPage.objects.filter(audience_products=instance))


def reader_gone(instance: Any, **kwargs: Any) -> None:
    """A company or product is deleted; rules name it no longer."""
    publishing.write(instance.kept)


def connect() -> None:
    """Listen to Wagtail's facts about pages, and to the end of whom pages are kept for."""
    pre_delete.connect(company_going, sender=Company)
    pre_delete.connect(product_going, sender=Product)
    post_delete.connect(reader_gone, sender=Company)
    post_delete.connect(reader_gone, sender=Product)
    signals.page_published.connect(page_published)
    signals.page_unpublished.connect(page_unpublished)
    signals.post_page_move.connect(page_moved)
    pre_delete.connect(page_going, sender=Page)
    post_delete.connect(page_gone, sender=Page)
