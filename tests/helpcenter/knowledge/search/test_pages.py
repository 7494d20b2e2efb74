"""The page of results and the list of suggestions, as readers get them."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from helpcenter.knowledge.models import HelpPage, Promotion, SearchEvent
from portal.accounts.models import User
from portal.core import limits
from tests.cast import client_of
from tests.factories import ProductFactory
from tests.helpcenter.knowledge import pages

pytestmark = pytest.mark.usefixtures("help_center")


def page_of(client: Client, query: str, **params: object) -> BeautifulSoup:
    """The page of results."""
    response = client.get("/help/search/", {"q": query, **params})
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def titles(soup: BeautifulSoup) -> list[str]:
    """Titles of the results on a page."""
    return [link.get_text() for link in soup.select(".result__title a")]


def test_results_link_to_their_pages_with_marked_words(client: Client) -> None:
    pages.article("Zanzibar levy", summary="What is due.")
    link = page_of(client, "levy").select_one(".result__title a")
    assert link is not None
    assert (link["href"], link.decode_contents()) == ("/help/zanzibar-levy/", "Zanzibar <mark>levy</mark>")


def test_what_was_typed_stands_in_the_field_and_is_escaped(client: Client) -> None:
    response = client.get("/help/search/", {"q": '"><script>alert(1)</script>'})
    assert b"<script>alert" not in response.content
    field = BeautifulSoup(response.content, "html.parser").select_one("#help-search")
    assert field is not None
    assert field["value"] == '"><script>alert(1)</script>'


def test_a_corrected_search_offers_what_was_typed(client: Client) -> None:
    pages.article("Bank reconciliation")
    soup = page_of(client, "reconcilation")
    notice = soup.select_one(".search-notice")
    assert notice is not None
    assert notice.get_text(strip=False) == "Showing results for reconciliation. Search instead for reconcilation."
    link = notice.select_one("a")
    assert link is not None
    assert titles(soup) == ["Bank reconciliation"]
    literal = client.get(str(link["href"]))
    assert "Nothing found for “reconcilation”" in literal.content.decode()


def test_a_recommended_page_says_so(client: Client) -> None:
    page = pages.article("Ways to pay")
    Promotion.objects.create(phrases=["settle"], page=HelpPage.objects.get(pk=page.pk))
    soup = page_of(client, "settle")
    assert titles(soup) == ["Ways to pay"]
    assert "Recommended" in soup.select_one(".result--promoted").get_text()  # type: ignore[union-attr] # it is there


def test_facets_are_links_that_narrow_and_take_themselves_away(client: Client) -> None:
    erp = ProductFactory.create(slug="erp", name="ERP")
    pages.article("Levy one", product=erp)
    pages.article("Levy two")
    pages.topic("Levy three")
    chip = page_of(client, "levy").select_one('nav[aria-label="Type"] a')
    assert chip is not None
    assert chip.get_text(" ", strip=True) == "Article 2"
    narrowed = BeautifulSoup(client.get(str(chip["href"])).content, "html.parser")
    assert titles(narrowed) == ["Levy one", "Levy two"]
    chosen = narrowed.select_one('nav[aria-label="Type"] a[aria-current]')
    assert chosen is not None
    assert str(chosen["href"]).startswith("/help/search/?q=levy&search=")


@pytest.mark.parametrize(
    "params",
    [
        {"product": "no-such"},
        {"product": "\0"},
        {"type": "nonsense"},
        {"topic": "9" * 30},
        {"topic": "²"},
        {"page": "-1"},
        {"page": "1e9"},
        {"page": "99999"},
        {"search": "no-id"},
        {"literal": "2"},
    ],
)
def test_wrong_parameters_do_no_harm(client: Client, params: dict[str, str]) -> None:
    pages.article("Levy")
    assert client.get("/help/search/", {"q": "levy", **params}).status_code == 200


@pytest.mark.parametrize("query", ["", "\0", "😀", "the", "x" * 10_000, '"', "levy " * 2_000, "حساب"])
def test_whatever_is_typed_gets_a_page_and_a_list(client: Client, query: str) -> None:
    assert client.get("/help/search/", {"q": query}).status_code == 200
    assert client.get("/help/search/suggest/", {"q": query}).status_code == 200


def test_nothing_found_says_what_to_do(client: Client) -> None:
    soup = page_of(client, "zxqwv", type="faq")
    nothing = soup.select_one(".search-nothing")
    assert nothing is not None
    everything, *others = [str(link["href"]) for link in nothing.select("a")]
    assert everything.startswith("/help/search/?q=zxqwv&search=")
    assert others == ["/accounts/login/?next=/help/search/%3Fq%3Dzxqwv%26type%3Dfaq", "/help/"]


def test_a_search_page_is_not_for_search_engines_nor_shared_caches(client: Client) -> None:
    response = client.get("/help/search/?q=levy")
    assert b'<meta name="robots" content="noindex">' in response.content
    assert response["Cache-Control"] == "private"


def test_suggestions_are_options_of_a_listbox(client: Client) -> None:
    pages.article("Zanzibar levy", pages.topic("Taxes"))
    soup = BeautifulSoup(client.get("/help/search/suggest/?q=zanz").content, "html.parser")
    options = soup.select('[role="option"]')
    assert [option["href"] for option in options] == ["/help/taxes/zanzibar-levy/", "/help/search/?q=zanz"]
    assert options[0].select_one(".suggestion__title").decode_contents() == "<mark>Zanzibar</mark> levy"  # type: ignore[union-attr] # it is there
    assert options[0].select_one(".suggestion__note").get_text() == "Taxes"  # type: ignore[union-attr] # it is there


def test_pages_for_others_are_neither_found_nor_suggested(client: Client, viewer: User) -> None:
    pages.article("Zanzibar levy", audience=["customers"])
    assert titles(page_of(client, "zanzibar")) == []
    assert b"Zanzibar" not in client.get("/help/search/suggest/?q=zanz").content
    assert titles(page_of(client_of(viewer), "zanzibar")) == ["Zanzibar levy"]
    assert b"Zanzibar" in client_of(viewer).get("/help/search/suggest/?q=zanz").content


def test_the_page_takes_few_queries_however_much_it_finds(viewer: User) -> None:
    member = client_of(viewer)
    pages.article("Levy", pages.topic("Taxes"), product=ProductFactory.create(slug="erp"))
    member.get("/help/search/?q=levy")
    counts = []
    for start in (0, 15):
        with CaptureQueriesContext(connection) as queries:
            assert member.get("/help/search/?q=levyy").status_code == 200
        counts.append(len(queries))
        for number in range(start, start + 15):
            pages.article(f"Levy {number}")
    assert counts[0] == counts[1] <= 12, [query["sql"] for query in queries]


def test_suggestions_take_few_queries(viewer: User) -> None:
    member = client_of(viewer)
    pages.article("Levy")
    member.get("/help/search/suggest/?q=le")
    with CaptureQueriesContext(connection) as queries:
        member.get("/help/search/suggest/?q=lev")
    # User, membership, audiences with products, suggestions.
    assert len(queries) == 4, [query["sql"] for query in queries]


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_searching_is_reading(client: Client, method: str) -> None:
    assert getattr(client, method)("/help/search/").status_code == 405
    assert getattr(client, method)("/help/search/suggest/").status_code == 405


def test_a_recommended_page_is_listed_once(client: Client) -> None:
    page = pages.article("Ways to pay")
    pages.article("Pay a bill")
    Promotion.objects.create(phrases=["pay"], page=HelpPage.objects.get(pk=page.pk))
    assert titles(page_of(client, "pay")) == ["Ways to pay", "Pay a bill"]


def test_who_searches_too_often_is_asked_to_wait_and_people_who_sign_in_are_not(
    client: Client, owner: User, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ANONYMOUS_A_MINUTE = {"search": 2, "suggest": 1}
    monkeypatch.setattr(limits, "time", lambda: 615.0)
    answers = [client.get("/help/search/", {"q": "pay"}) for _ in range(3)]
    hints = [client.get("/help/search/suggest/", {"q": "pay"}) for _ in range(2)]
    elsewhere = client.get("/help/search/", {"q": "pay"}, REMOTE_ADDR="192.0.2.9")
    known = client_of(owner).get("/help/search/", {"q": "pay"})
    assert [answer.status_code for answer in (*answers, *hints)] == [200, 200, 429, 200, 429]
    assert answers[2]["Retry-After"] == "45"
    assert b"Too many tries" in answers[2].content
    assert (elsewhere.status_code, known.status_code) == (200, 200)
    assert SearchEvent.objects.count() == 4
    monkeypatch.setattr(limits, "time", lambda: 660.0)
    assert client.get("/help/search/", {"q": "pay"}).status_code == 200
