"""The whole URLconf × the cast."""

from collections.abc import Iterator

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.access import MATRIX

# Django's and Wagtail's own addresses, which their own tests and the tests beside each feature cover.
FOREIGN = ("admin/", "documents/", "_util/", "^((?:[\\w\\-]+/)*)$")


def addresses(resolver: URLResolver, above: str = "") -> Iterator[str]:
    """Each pattern below a resolver, written as in the URLconf."""
    for entry in resolver.url_patterns:
        path = above + str(entry.pattern)
        if path.startswith(FOREIGN) or (path == "accounts/" and isinstance(entry, URLResolver)):
            continue
        if isinstance(entry, URLPattern):
            yield path
        else:
            yield from addresses(entry, path)


def test_every_address_is_listed() -> None:
    found = set(addresses(get_resolver()))
    assert found - set(MATRIX) == set(), "say in tests/access.py who may see these"
    assert set(MATRIX) - found == set(), "these are listed in tests/access.py, but exist no more"


def test_each_of_the_cast_gets_the_promised_answer(clients: dict[str, Client], portal_site: None) -> None:
    answers = {
        pattern: {name: getattr(client, row.method)(row.example).status_code for name, client in clients.items()}
        for pattern, row in MATRIX.items()
    }
    assert answers == {pattern: row.answers for pattern, row in MATRIX.items()}
