"""What an address asks of the database and how much it weighs does not depend on how much there is."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from helpcenter.knowledge.services import suggesting
from portal.accounts.models import User
from tests.cast import client_of
from tests.helpcenter.knowledge.search import asking
from tests.helpcenter.knowledge.shelves import Growing

MOST_QUERIES = 12
KINDS = ["article", "tutorial", "faq", "trouble"]
PAGES = [f"/help/levies/{slug}/" for slug in KINDS]
ADDRESSES = [
    *PAGES,
    "/help/",
    "/help/levies/",
    "/help/search/?q=levy",
    "/help/search/?q=levvy&type=article",
    "/help/search/suggest/?q=lev",
    "/help/feed/",
    "/sitemap.xml",
    "/sitemap-help.xml",
    "/llms.txt",
    "/api/help/v1/pages/",
    "/api/help/v1/search/?q=levy",
    "/api/help/v1/suggest/?q=lev",
    "/help/levies/article.pdf",
]
# Pages that show a part of what there is, with the way to the rest.
CAPPED = ["/help/", "/help/levies/", "/help/search/?q=levy", "/help/feed/", "/api/help/v1/pages/"]
FEW, FULL, MORE = 1, 70, 140


def asked(client: Client, address: str) -> int:
    """Queries that an address takes of this reader."""
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200, address
    return len(queries)


@pytest.fixture
def measured(portal_site: None, owner: User, staff: User) -> Callable[..., dict[int, dict[str, Any]]]:
    """Measures each address for visitors, customers and staff, at each size."""
    clients = {"anonymous": Client(), "owner": client_of(owner), "staff": client_of(staff)}

    def measure(
        what: Callable[[Client, str], int], addresses: list[str], sizes: list[int]
    ) -> dict[int, dict[str, Any]]:
        growing, found = Growing(), {}
        for size in sizes:
            growing.grow(size)
            found[size] = {
                f"{name} {address}": [client.get(address) and None, what(client, address)][1]
                for name, client in clients.items()
                for address in addresses
            }
        return found

    return measure


def test_queries_are_few_and_the_same_at_every_size(measured: Callable[..., dict[int, dict[str, int]]]) -> None:
    few, many = measured(asked, ADDRESSES, [FEW, MORE]).values()
    assert many == few
    assert {key: count for key, count in many.items() if count > MOST_QUERIES} == {}
    pages = {key: count for key, count in many.items() if key.endswith(tuple(PAGES))}
    assert len(pages) == 12
    assert {key: count for key, count in pages.items() if count > 6} == {}


def test_lists_weigh_the_same_at_every_size(measured: Callable[..., dict[int, dict[str, int]]]) -> None:
    found = measured(lambda client, address: len(client.get(address).content), CAPPED, [FULL, MORE])
    grown = {key: weight - found[FULL][key] for key, weight in found[MORE].items()}
    # Numbers in titles, addresses and counts have one more digit.
    assert {key: bytes_more for key, bytes_more in grown.items() if abs(bytes_more) > 600} == {}
    assert {key: weight for key, weight in found[MORE].items() if weight > 90_000} == {}


def test_a_topic_leads_to_all_its_pages(portal_site: None) -> None:
    growing = Growing()
    growing.grow(40)
    client, address, seen = Client(), "/help/levies/", []
    first = client.get(address)
    assert [first.context["shelf"].paginator.count, first.context["shelf"].paginator.num_pages] == [84, 2]
    for number in (1, 2):
        seen += [document.path for document in client.get(f"{address}?page={number}").context["shelf"]]
    assert len(seen) == len(set(seen)) == 84
    assert client.get(f"{address}?page=3").status_code == 404
    assert 'rel="next"' in first.text
    assert "1–60 of 84 pages" in first.text


def test_the_front_leads_to_all_topics(portal_site: None) -> None:
    Growing().grow(30)
    client = Client()
    seen = [topic.path for number in (1, 2) for topic in client.get(f"/help/?page={number}").context["topics"]]
    assert len(seen) == len(set(seen)) == 31
    assert "recent" in client.get("/help/").context
    assert "recent" not in client.get("/help/?page=2").context
    assert client.get("/help/?page=3").status_code == 404


def test_suggesting_is_one_query(portal_site: None) -> None:
    growing = Growing()
    for size in (1, 30):
        growing.grow(size)
        audiences = asking.audiences()
        with CaptureQueriesContext(connection) as queries:
            assert suggesting.suggest("lev", audience_ids=audiences)
        assert len(queries) == 1
