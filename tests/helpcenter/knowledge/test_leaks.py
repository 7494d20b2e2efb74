"""Nothing outside a reader's audience shows anywhere: each kind of audience × everyone of the cast × every way to read.

Each page has a word of its own in title, summary, keywords, heading and body. What somebody sees of the help center is
the set of these words.
"""

from collections.abc import Iterable
from typing import Any, TypeVar

import pytest
from django.test import Client
from django.test.utils import override_settings
from django.utils.text import slugify
from wagtail.models import Page

from helpcenter.knowledge.models import (
    ArticlePage,
    FAQPage,
    HelpDocument,
    HelpIndexPage,
    HelpPage,
    HelpPageCompany,
    HelpPageRelation,
    Promotion,
    Synonym,
    TopicPage,
)
from helpcenter.knowledge.services import publishing
from home.models import HomePage
from home.setup import site
from portal.accounts.models import Company
from tests.cast import CAST, ridgeline, savanna
from tests.factories import ProductFactory
from tests.helpcenter.knowledge import pages
from tests.plugins.standing import Standing

P = TypeVar("P", bound=HelpPage)
SAVANNA = {"owner", "company_admin", "billing_member", "viewer"}
VENDOR = {"support", "finance", "staff"}
# Word of each page, and who of the cast reads it.
READERS: dict[str, set[str]] = {
    "aardvark": set(CAST),
    "bandicoot": SAVANNA | {"stranger"} | VENDOR,
    "capybara": {"developer", "agency_admin"} | VENDOR,
    "dugong": {"reseller"} | VENDOR,
    "echidna": VENDOR,
    "fossa": SAVANNA | VENDOR,
    "gerenuk": {"stranger"} | VENDOR,
    "hyrax": SAVANNA | VENDOR,
    "ibex": {"stranger"} | VENDOR,
    "jerboa": SAVANNA | {"stranger", "developer", "agency_admin"} | VENDOR,
    "kinkajou": SAVANNA | VENDOR,
    "loris": VENDOR,
}
RULES: dict[str, dict[str, Any]] = {
    "aardvark": {},
    "bandicoot": {"audience": ["customers"]},
    "capybara": {"audience": ["developers"]},
    "dugong": {"audience": ["resellers"]},
    "echidna": {"audience": ["staff"]},
    "fossa": {"products": ["erp"]},
    "gerenuk": {"products": ["sacco"]},
    "hyrax": {"companies": ["savanna-foods"]},
    "ibex": {"companies": ["ridgeline-sacco"]},
    "jerboa": {"audience": ["developers"], "products": ["erp", "sacco"]},
    "kinkajou": {"above": {"products": ["erp"]}, "companies": ["savanna-foods", "ridgeline-sacco"]},
    "loris": {"above": {"audience": ["developers"]}, "audience": ["resellers"]},
}
# Where rules above and below differ, the page stands in its own topic alone.
ON_SHELF = {word for word, values in RULES.items() if "above" not in values}
EXPECTED = {name: {word for word, readers in READERS.items() if name in readers} for name in CAST}


def stand(page: P, parent: Page, values: dict[str, Any]) -> P:
    """Let a live page for these readers stand in the tree; its document is written with those of all others."""
    page.slug, page.audience = slugify(page.title), values.get("audience", [])
    page.audience_products = [ProductFactory.create(slug=slug) for slug in values.get("products", [])]
    companies = Company.objects.filter(slug__in=values.get("companies", []))
    page.audience_companies = [HelpPageCompany(company=company) for company in companies]
    parent.add_child(instance=page)
    return page


def group(word: str) -> str:
    """Title of the topic of a word, which does not give the word away."""
    return f"Group {word[0].upper()}"


def content(word: str) -> dict[str, Any]:
    """The word, wherever a page can hold it."""
    heading = pages.block("heading", {"text": f"Of the {word}", "level": "2", "anchor": ""})
    return {
        "summary": f"All about the {word}.",
        "keywords": word,
        "body": [heading, pages.text(f"<p>Wildlife: the {word} is an animal.</p>")],
    }


def build() -> None:
    """A page of each audience, in topics of the same audience and in a public one, all naming each other."""
    site.create()
    savanna()
    ridgeline()
    index = HelpIndexPage.objects.get()
    made: dict[str, HelpPage] = {}
    shelf = stand(TopicPage(title="Mixed shelf"), index, {})
    for word, values in RULES.items():
        above = stand(TopicPage(title=group(word)), index, values.get("above", values))
        made[word] = stand(ArticlePage(title=f"Guide to the {word}", **content(word)), above, values)
        if word in ON_SHELF:
            stand(FAQPage(title=f"What is the {word}?", **content(word)), shelf, values)
        Promotion.objects.create(phrases=["wildlife"], page=made[word], text=f"Read about the {word}")
    for page in made.values():
        page.relations = [HelpPageRelation(related_id=other.pk) for other in made.values()]
        page.body = [*page.body.raw_data, pages.links_to(*made.values())]
        page.save()
    Synonym.objects.create(phrases=["beast", *RULES])
    publishing.rebuild()


WORLD = Standing("world", build, is_begun=HomePage.objects.exists)


@pytest.fixture
def world(db: None) -> dict[str, ArticlePage]:
    """The article of each word, and all that stands around it."""
    WORLD.stand()
    return {word: ArticlePage.objects.get(title=f"Guide to the {word}") for word in RULES}


@pytest.fixture
def company(world: dict[str, ArticlePage]) -> Company:
    """The one of the world, to which the cast belong."""
    return Company.objects.get(slug="savanna-foods")


@pytest.fixture
def other_company(world: dict[str, ArticlePage]) -> Company:
    """The one of the world, to which the stranger belongs."""
    return Company.objects.get(slug="ridgeline-sacco")


def words_in(*texts: str) -> set[str]:
    """The words of pages that stand in these texts."""
    lowered = " ".join(texts).lower()
    return {word for word in READERS if word in lowered}


def seen(clients: dict[str, Client], addresses: Iterable[str]) -> dict[str, set[str]]:
    """What each of the cast sees at these addresses; each answers 200 to everyone."""
    listed = list(addresses)
    found = {}
    for name, client in clients.items():
        answers = [client.get(address) for address in listed]
        assert {answer.status_code for answer in answers} == {200}, name
        found[name] = words_in(*(answer.text for answer in answers))
    return found


def paths() -> dict[str, str]:
    """Address of the article of each word."""
    documents = HelpDocument.objects.filter(kind="article").values_list("title", "path")
    return {title.removeprefix("Guide to the "): path for title, path in documents}


def answers(clients: dict[str, Client], addresses: dict[str, str]) -> dict[str, set[str]]:
    """The words whose addresses open to each of the cast; the others must answer 404."""
    found: dict[str, set[str]] = {}
    for name, client in clients.items():
        statuses = {word: client.get(address).status_code for word, address in addresses.items()}
        assert set(statuses.values()) <= {200, 404}
        found[name] = {word for word, status in statuses.items() if status == 200}
    return found


def test_pages_open_to_their_readers_alone(
    clients: dict[str, Client], world: dict[str, ArticlePage], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("helpcenter.knowledge.services.printing.pdf_of", lambda document, request: b"%PDF-")
    everything = paths()
    assert answers(clients, everything) == EXPECTED
    assert answers(clients, {word: f"{path.rstrip('/')}.pdf" for word, path in everything.items()}) == EXPECTED
    assert answers(clients, {word: f"/help/feedback/{page.pk}/" for word, page in world.items()}) == EXPECTED
    topics = {word: path.rpartition("guide")[0] for word, path in everything.items()}
    assert answers(clients, {word: topics[word] for word in ON_SHELF}) == on_shelf()
    assert answers(clients, {word: page.url_path for word, page in world.items()}) == everyone()


def test_pages_name_only_what_their_readers_may_read(clients: dict[str, Client], world: dict[str, ArticlePage]) -> None:
    """Related pages, lists in the text, neighbours, children and counts."""
    everything = paths()
    for name, client in clients.items():
        assert words_in(client.get(everything["aardvark"]).text) == EXPECTED[name]
        for word in EXPECTED[name]:
            assert words_in(client.get(everything[word]).text) <= EXPECTED[name]
    assert seen(clients, ["/help/mixed-shelf/"]) == on_shelf()
    assert walked(clients, "/help/mixed-shelf/what-is-the-aardvark/") == on_shelf()


def test_the_front_page_counts_and_names_only_what_its_reader_may_read(
    clients: dict[str, Client], world: dict[str, ArticlePage]
) -> None:
    for name, client in clients.items():
        response = client.get("/help/")
        topics = {topic.title: topic.size for topic in response.context["topics"]}
        assert topics["Mixed shelf"] == len(on_shelf()[name])
        assert {word for word in ON_SHELF if group(word) in topics} == on_shelf()[name]
        assert words_in(response.text) <= EXPECTED[name]


def on_shelf() -> dict[str, set[str]]:
    """What each of the cast may read of the public topic."""
    return {name: words & ON_SHELF for name, words in EXPECTED.items()}


def everyone(*words: str) -> dict[str, set[str]]:
    """The same words for each of the cast."""
    return {name: set(words) for name in CAST}


def walked(clients: dict[str, Client], start: str) -> dict[str, set[str]]:
    """The words of the pages that each of the cast comes by on the way from page to next page."""
    found: dict[str, set[str]] = {}
    for name, client in clients.items():
        path: str | None = start
        found[name] = set()
        while path:
            response = client.get(path)
            found[name] |= words_in(response.context["document"].title)
            following = response.context["neighbours"].following
            path = following.path if following else None
    return found


def test_the_api_holds_what_its_reader_may_read(clients: dict[str, Client], world: dict[str, ArticlePage]) -> None:
    for name, client in clients.items():
        articles = client.get("/api/help/v1/pages/?type=article&page_size=200").json()
        assert words_in(str(articles)) == EXPECTED[name]
        assert articles["count"] == len(articles["results"]) == len(EXPECTED[name])
        assert client.get("/api/help/v1/pages/?type=faq").json()["count"] == len(on_shelf()[name])
    addresses = {word: f"/api/help/v1/pages/{page.translation_key}/" for word, page in world.items()}
    assert answers(clients, addresses) == EXPECTED
    assert words_in(str(clients["anonymous"].get(addresses["aardvark"]).json())) == {"aardvark"}


def test_what_programs_read_is_public_whoever_asks(clients: dict[str, Client], world: dict[str, ArticlePage]) -> None:
    for address in ("/help/feed/", "/sitemap-help.xml", "/llms.txt"):
        assert seen(clients, [address]) == everyone("aardvark")
    assert seen(clients, ["/sitemap.xml"]) == everyone()


def test_search_finds_only_what_its_reader_may_read(clients: dict[str, Client], world: dict[str, ArticlePage]) -> None:
    for name, client in clients.items():
        for query in ("wildlife", "guide", "beast", "animal guide", "wildlive"):
            assert words_in(client.get("/help/search/", {"q": query}).text) <= EXPECTED[name]
        for word in READERS:
            found = client.get("/api/help/v1/search/", {"q": word, "page_size": 50}).json()["results"]
            titles = {row["title"] for row in found}
            assert words_in(*titles) <= EXPECTED[name]
            assert (f"Guide to the {word}" in titles) == (word in EXPECTED[name])
        facets = client.get("/help/search/?q=wildlife").context["facets"]
        counts = {choice["label"]: choice["count"] for facet in facets for choice in facet["choices"]}
        assert counts.get("FAQ") == len(on_shelf()[name])


def test_corrections_and_suggestions_know_only_words_that_the_reader_may_read(
    clients: dict[str, Client], world: dict[str, ArticlePage]
) -> None:
    for name, client in clients.items():
        for word in READERS:
            misspelt, begun = word[:2] + word[3:], word[:-1]
            assert word not in client.get("/help/search/", {"q": misspelt}).text.lower() or word in EXPECTED[name]
            assert words_in(client.get("/help/search/suggest/", {"q": begun}).text) <= EXPECTED[name]
            assert words_in(str(client.get("/api/help/v1/suggest/", {"q": begun}).json())) <= EXPECTED[name]


@override_settings(PAGE_CACHE="process")
def test_a_kept_page_is_never_a_signed_in_readers(clients: dict[str, Client], world: dict[str, ArticlePage]) -> None:
    """The cache of whole pages is off elsewhere in the suite: here one handler serves everyone."""
    path = paths()["aardvark"]
    handler = Client().handler
    for name in ("staff", "anonymous", "owner", "anonymous"):
        clients[name].handler = handler
        assert words_in(clients[name].get(path).text) == EXPECTED[name]
