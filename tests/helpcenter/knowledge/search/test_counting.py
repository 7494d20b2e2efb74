"""Searches are counted, and what is opened of them; nobody is."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from helpcenter.knowledge.models import HelpPage, SearchEvent
from helpcenter.knowledge.services import counting
from portal.accounts.models import User
from tests.cast import client_of
from tests.helpcenter.knowledge import pages

pytestmark = pytest.mark.usefixtures("help_center")
NOW = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)


def event(query: str = "levy", *, results: int = 1, clicked_rank: int | None = None, at: datetime = NOW) -> SearchEvent:
    """A search that was counted."""
    return SearchEvent.objects.create(
        query=query, results=results, reader="anonymous", clicked_rank=clicked_rank, at=at
    )


def test_a_search_is_counted_once_with_what_it_found(client: Client) -> None:
    pages.article("Zanzibar levy")
    client.get("/help/search/?q=Zanzibar%20LEVY!")
    (counted,) = SearchEvent.objects.all()
    assert (counted.query, counted.results, counted.reader, counted.is_filtered) == (
        "zanzibar levy",
        1,
        "anonymous",
        False,
    )


def test_a_member_of_a_company_is_counted_as_a_customer(viewer: User) -> None:
    client_of(viewer).get("/help/search/?q=levy")
    assert SearchEvent.objects.get().reader == "customers"


def test_a_narrowed_search_is_marked_so(client: Client) -> None:
    client.get("/help/search/?q=levy&type=faq")
    assert SearchEvent.objects.get().is_filtered


@pytest.mark.parametrize("address", ["/help/search/", "/help/search/?q=%20", "/help/search/suggest/?q=levy"])
def test_suggestions_and_empty_searches_are_not_counted(client: Client, address: str) -> None:
    client.get(address)
    assert not SearchEvent.objects.exists()


def test_later_pages_belong_to_the_search_that_was_counted(client: Client) -> None:
    for number in range(12):
        pages.article(f"Levy {number}")
    response = client.get("/help/search/?q=levy")
    counted = SearchEvent.objects.get()
    assert f"search={counted.pk}&amp;page=2" in response.content.decode()
    client.get(f"/help/search/?q=levy&search={counted.pk}&page=2")
    client.get("/help/search/?q=levy&page=2")
    client.head("/help/search/?q=levy")
    assert SearchEvent.objects.count() == 1


@pytest.mark.parametrize("agent", ["Mozilla/5.0 (compatible; Googlebot/2.1)", "bingbot/2.0", "Baiduspider"])
def test_crawlers_are_not_counted(client: Client, agent: str) -> None:
    assert client.get("/help/search/?q=levy", headers={"user-agent": agent}).status_code == 200
    assert not SearchEvent.objects.exists()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("mail me at jane@example.com", "(an address)"),
        ("refund 0712 345 678", "refund (a number)"),
        ("form 2025", "form 2025"),
        ("x" * 500, "x" * 40),
    ],
)
def test_what_may_name_a_person_is_not_kept(client: Client, typed: str, kept: str) -> None:
    client.get("/help/search/", {"q": typed})
    assert SearchEvent.objects.get().query == kept


def test_the_first_result_opened_is_counted(client: Client) -> None:
    first, second = pages.article("Levy one"), pages.article("Levy two")
    counted = event(at=timezone.now())
    for rank, page in [(1, first), (2, second)]:
        answer = client.post("/help/search/click/", {"search": counted.pk, "page": page.pk, "rank": rank})
        assert answer.status_code == 204
    counted.refresh_from_db()
    assert (counted.clicked_id, counted.clicked_rank) == (first.pk, 1)


def test_a_click_needs_the_token_of_the_page(viewer: User) -> None:
    page, counted = pages.article("Levy"), event(at=timezone.now())
    browser = Client(enforce_csrf_checks=True)
    answer = browser.post("/help/search/click/", {"search": counted.pk, "page": page.pk, "rank": 1})
    assert answer.status_code == 403
    counted.refresh_from_db()
    assert counted.clicked_rank is None


def test_a_page_that_the_reader_may_not_read_cannot_be_counted(client: Client) -> None:
    page, counted = pages.article("Levy", audience=["staff"]), event(at=timezone.now())
    answer = client.post("/help/search/click/", {"search": counted.pk, "page": page.pk, "rank": 1})
    assert answer.status_code == 404
    counted.refresh_from_db()
    assert counted.clicked_rank is None


@pytest.mark.parametrize(
    "data", [{}, {"search": "no-id", "page": "x", "rank": "-1"}, {"search": str(uuid4()), "page": 1, "rank": 1}]
)
def test_what_is_no_click_is_not_found(client: Client, data: dict[str, object]) -> None:
    assert client.post("/help/search/click/", data).status_code == 404


def test_an_old_search_takes_no_more_clicks() -> None:
    page, counted = pages.article("Levy"), event(at=NOW - timedelta(hours=13))
    audience = HelpPage.objects.get(pk=page.pk).help_document.audience_id
    assert not counting.opened(search=counted.pk, page=page.pk, rank=1, audience_ids=[audience], at=NOW)


def test_searches_that_found_nothing_are_reported_most_frequent_first() -> None:
    for query, results in [("levy", 0), ("duty", 0), ("duty", 0), ("tax", 3)]:
        event(query, results=results)
    event("levy", results=0, at=NOW - timedelta(days=100))
    rows = SearchEvent.objects.since(NOW - timedelta(days=90)).nothing_found()
    assert [(row["query"], row["searches"]) for row in rows] == [("duty", 2), ("levy", 1)]


def test_searches_that_few_readers_follow_are_reported() -> None:
    for query, clicks, searches in [("levy", 1, 5), ("duty", 2, 5), ("tax", 0, 4)]:
        for number in range(searches):
            event(query, results=10, clicked_rank=1 if number < clicks else None)
    (row,) = SearchEvent.objects.low_clicks()
    assert (row["query"], row["searches"], row["clicks"], row["click_rate"], row["average_results"]) == (
        "levy",
        5,
        1,
        0.2,
        10,
    )
