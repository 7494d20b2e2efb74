"""What is not yours does not exist: the same answer to the byte, and everything follows the desk in use."""

from typing import Any

import pytest
from django.test import Client

from helpcenter.knowledge.models import FAQPage, Feedback, HelpPage
from portal.accounts.models import Company, User
from portal.core import page_cache
from tests.cast import client_of
from tests.factories import MembershipFactory, ProductFactory
from tests.helpcenter.knowledge import pages

NOBODYS_ID, NOBODYS_KEY = 99_999_999, "00000000-0000-4000-8000-000000000000"
OUTSIDERS = ["anonymous", "owner", "developer", "agency_admin", "reseller", "editor"]


@pytest.fixture
def closed(portal_site: None, other_company: Company) -> HelpPage:
    """A page of another company, in a topic of its own."""
    shelf = pages.topic("Closed shelf", companies=[other_company])
    return pages.article("Closed", shelf, companies=[other_company])


@pytest.mark.parametrize("name", OUTSIDERS)
def test_not_yours_and_no_such_page_are_the_same_to_the_byte(
    name: str, request: pytest.FixtureRequest, closed: HelpPage
) -> None:
    client = client_of(request.getfixturevalue(name))
    pairs = [
        ("/help/closed-shelf/closed/", "/help/no-such/page/"),
        ("/help/closed-shelf/", "/help/no-such/"),
        ("/help/closed-shelf/?page=2", "/help/no-such/?page=2"),
        ("/help/closed-shelf/closed.pdf", "/help/no-such/page.pdf"),
        (f"/help/feedback/{closed.pk}/", f"/help/feedback/{NOBODYS_ID}/"),
        (f"/api/help/v1/pages/{closed.translation_key}/", f"/api/help/v1/pages/{NOBODYS_KEY}/"),
    ]
    for hidden, absent in pairs:
        for method in (client.get, client.head, client.options):
            answers = [method(hidden), method(absent)]
            if answers[1].status_code == 404:
                assert shown(answers[0]) == shown(answers[1]), hidden
            assert answers[0].status_code == answers[1].status_code
    vote = {"helpful": "yes", "comment": "I know of it"}
    posted = [client.post(f"/help/feedback/{key}/", vote) for key in (closed.pk, NOBODYS_ID)]
    assert shown(posted[0]) == shown(posted[1])
    assert not Feedback.objects.exists()


def shown(response: Any) -> tuple[int, bytes, dict[str, str]]:
    """All of an answer but the id of its request."""
    assert response.status_code in {404, 405}
    headers = {name: value for name, value in response.items() if name != "X-Request-ID"}
    return response.status_code, response.content, headers


def test_an_address_that_moved_leads_only_readers_to_its_page(closed: HelpPage, stranger: User, owner: User) -> None:
    closed.move(pages.topic("Elsewhere"), pos="last-child")
    old = "/help/closed-shelf/closed/"
    assert client_of(stranger).get(old)["Location"] == "/help/elsewhere/closed/"
    for user in (None, owner):
        assert client_of(user).get(old).status_code == 404


class Seen:
    """What a browser gets to know of the help center, by every way to read."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def text(self, address: str) -> str:
        response = self.client.get(address)
        assert response.status_code == 200, address
        return response.text

    def of(self, page: HelpPage, word: str) -> set[str]:
        """Ways by which this page shows."""
        path = page.help_document.path
        ways = {
            "page": lambda: self.client.get(path).status_code == 200,
            "pdf": lambda: self.client.get(f"{path.rstrip('/')}.pdf").status_code == 200,
            "feedback": lambda: self.client.get(f"/help/feedback/{page.pk}/").status_code == 200,
            "detail": lambda: self.client.get(f"/api/help/v1/pages/{page.translation_key}/").status_code == 200,
            "topic": lambda: path in self.text("/help/shelf/"),
            "front": lambda: path in self.text("/help/"),
            "neighbour": lambda: path in self.text("/help/shelf/open/"),
            "search": lambda: path in self.text(f"/help/search/?q={word}"),
            "suggestion": lambda: path in self.text(f"/help/search/suggest/?q={word[:4]}"),
            "api list": lambda: path in self.text("/api/help/v1/pages/"),
            "api search": lambda: path in self.text(f"/api/help/v1/search/?q={word}"),
            "api suggestion": lambda: path in self.text(f"/api/help/v1/suggest/?q={word[:4]}"),
        }
        return {way for way, is_seen in ways.items() if is_seen()}


ALL_WAYS = {
    "page", "pdf", "feedback", "detail", "topic", "front", "neighbour", "search", "suggestion", "api list",
    "api search", "api suggestion",
}  # fmt: skip


@pytest.mark.parametrize("kept", ["off", "process", "shared"])
def test_the_company_in_use_decides_at_once(
    kept: str,
    portal_site: None,
    owner: User,
    company: Company,
    other_company: Company,
    monkeypatch: pytest.MonkeyPatch,
    settings: Any,
) -> None:
    """Savanna uses ERP, Ridgeline SACCO; the owner is a member of both. Pages kept of one are not the other's."""
    settings.PAGE_CACHE = kept
    monkeypatch.setattr(page_cache, "generation", page_cache.Generation())
    monkeypatch.setattr(page_cache, "parts", page_cache.ProcessStore())
    monkeypatch.setattr("helpcenter.knowledge.services.printing.pdf_of", lambda document, request: b"%PDF-")
    MembershipFactory.create(company=other_company, user=owner)
    shelf = pages.topic("Shelf")
    pages.made(FAQPage, "Open", shelf)
    erp, sacco = ProductFactory.create(slug="erp"), ProductFactory.create(slug="sacco")
    of_savanna = [
        (pages.made(FAQPage, "Zanzibar rules", shelf, products=[erp], product=erp), "zanzibar"),
        (pages.made(FAQPage, "Mombasa rules", shelf, companies=[company]), "mombasa"),
    ]
    of_ridgeline = [
        (pages.made(FAQPage, "Kisumu rules", shelf, products=[sacco], product=sacco), "kisumu"),
        (pages.made(FAQPage, "Nakuru rules", shelf, companies=[other_company]), "nakuru"),
    ]
    # Neighbours are those that stand beside the page that everyone may read: the first of each company.
    client, expected = client_of(owner), {True: ALL_WAYS, False: set()}
    for slug, is_savanna in [("savanna-foods", True), ("ridgeline-sacco", False), ("savanna-foods", True)]:
        client.post("/desks/switch/", {"desk": f"company:{slug}"})
        seen = Seen(client)
        for of_company, is_theirs in [(of_savanna, is_savanna), (of_ridgeline, not is_savanna)]:
            first, second = (seen.of(page, word) for page, word in of_company)
            assert (first, second) == (expected[is_theirs], expected[is_theirs] - {"neighbour"})
        facets = {
            choice["label"]
            for facet in client.get("/help/search/?q=rules").context["facets"]
            for choice in facet["choices"]
        }
        assert facets.isdisjoint({"SACCO"} if is_savanna else {"ERP"})


def test_a_product_of_hidden_pages_is_no_filter(portal_site: None, viewer: User, stranger: User) -> None:
    erp, sacco = ProductFactory.create(slug="erp"), ProductFactory.create(slug="sacco")
    for number in range(2):
        pages.article(f"Rules of stock {number}", product=erp)
        pages.article(f"Rules of loans {number}", product=sacco, products=[sacco])
    for user, labels in [
        (None, {"Product": ["ERP"]}),
        (viewer, {"Product": ["ERP"]}),
        (stranger, {"Product": ["ERP", "SACCO"]}),
    ]:
        found = client_of(user).get("/help/search/?q=rules&product=erp").context
        choices = {facet["label"]: [c["label"] for c in facet["choices"]] for facet in found["facets"]}
        assert {"Product": choices["Product"]} == labels
        hidden = client_of(user).get("/help/search/?q=rules&product=sacco").context["found"]
        assert hidden.total == (2 if user is stranger else 0)
        assert client_of(user).get("/api/help/v1/pages/?product=sacco").json()["count"] == hidden.total
