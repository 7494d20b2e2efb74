"""What the admin's templates ask of help pages."""

from django import template
from wagtail.models import Page

from helpcenter.knowledge.models import HelpPage
from helpcenter.knowledge.services import readership

register = template.Library()


@register.simple_tag
def readers_of(page: Page) -> str:
    """Who may read a help page, in words; empty for other pages."""
    return readership.told(page) if isinstance(page, HelpPage) and page.pk else ""
