"""Redirects from where a page has been."""

from collections.abc import Iterable

from wagtail.contrib.redirects.models import Redirect

from helpcenter.knowledge.models import HelpPage


def keep(page: HelpPage, addresses: Iterable[str]) -> None:
    """Send readers of these addresses, such as "/help/old/", to the page; names of files are no addresses.

    An address that already leads to a page goes on leading there.
    """
    for address in addresses:
        if address.startswith("/") and not address.startswith("//"):
            path = Redirect.normalise_path(address)
            Redirect.objects.get_or_create(old_path=path, site=None, defaults={"redirect_page_id": page.pk})
