"""Addresses that people type: pages of the portal, other sites, mail and telephone; never a script."""

from django.utils.http import url_has_allowed_host_and_scheme

PATTERN = r"^(/(?!/)|#|https?://|mailto:|tel:)[^\s\\]*$"
INVALID = "Write an address such as /help/erp/ or https://example.com/."


def is_path(address: str) -> bool:
    """Whether it is the path of a page of ours, as browsers read it too: what leads on to it leads to no other site."""
    return address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
