"""Whatever is sent, the answer is a page or a clear refusal, never a fault of ours."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import override_settings

from helpcenter.knowledge.models import SearchEvent
from home.models import HomePage
from home.setup import site
from portal.accounts.models import User
from tests.access import MATRIX
from tests.cast import client_of
from tests.helpcenter.knowledge import pages
from tests.helpcenter.knowledge.shelves import Growing
from tests.plugins.standing import Standing

QUERIES = [
    "x" * 10_000,
    "levy " * 2_000,
    "\0levy\0",
    "'",
    '"levy" "',
    "!?.,;:()[]{}",
    "😀🧾",
    "حساب الضريبة",
    "\u202elevy\u202c",
    "%",
    "100%_levy",
    "\\",
    "levy\\",
    "'; DROP TABLE knowledge_helpdocument; --",
    "levy & | ! <-> :*",
    "a:b levy:*A",
    "${7*7}{{7*7}}",
    "\ud83d".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
    "e\u0301" * 300,
    "\t\r\n",
]
NUMBERS = ["0", "-1", str(10**9), "9" * 400, "abc", "1.5", "", "²", "１", "\0", "1e3"]
HUGE = "x" * 60_000
HEADERS = {
    "accept-encoding": f"gzip;q={HUGE}",
    "accept-language": f"{'en,' * 20_000}",
    "cookie": f"a={HUGE}; sessionid={HUGE}; csrftoken={HUGE}; messages={HUGE}",
    "if-modified-since": HUGE,
    "if-none-match": HUGE,
    "referer": f"http://testserver/{HUGE}",
    "user-agent": HUGE,
    "x-request-id": HUGE,
    "hx-request": HUGE,
    "hx-current-url": HUGE,
    "range": f"bytes={HUGE}",
    "accept": HUGE,
    "x-company": HUGE,
}


def build() -> None:
    """The portal's pages, and a page of each kind in the help center."""
    site.create()
    Growing().grow(1)


LEVIES = Standing("levies", build, is_begun=HomePage.objects.exists)


@pytest.fixture
def levies(db: None) -> None:
    """A help center with a page of each kind."""
    LEVIES.stand()


@pytest.mark.usefixtures("levies")
@pytest.mark.parametrize("query", QUERIES, ids=ascii)
def test_whatever_is_searched_for(query: str, owner: User) -> None:
    for client in (Client(), client_of(owner)):
        for address in ("/help/search/", "/help/search/suggest/", "/api/help/v1/suggest/"):
            assert client.get(address, {"q": query}).status_code == 200, address
        answer = client.get("/api/help/v1/search/", {"q": query})
        assert answer.status_code == (400 if "\0" in query else 200)
    assert all(len(event.query) <= 200 for event in SearchEvent.objects.all())


@pytest.mark.usefixtures("levies")
@pytest.mark.parametrize("number", NUMBERS, ids=ascii)
def test_whatever_stands_for_a_number(number: str) -> None:
    client = Client()
    assert client.get("/help/search/", {"q": "levy", "page": number, "topic": number}).status_code == 200
    # A page that a list does not have is not found; the search shows its last one instead.
    for address in ("/help/", "/help/levies/"):
        assert client.get(address, {"page": number}).status_code == 404
    assert client.get("/help/levies/article/", {"page": number}).status_code == 200
    for parameter, statuses in [("page", {400, 404}), ("page_size", {200, 400})]:
        for address in ("/api/help/v1/pages/", "/api/help/v1/search/"):
            answer = client.get(address, {"q": "levy", parameter: number})
            assert answer.status_code in statuses | ({200} if number in {"", "１"} else set()), (address, parameter)
            if answer.status_code != 200:
                assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.usefixtures("levies")
@pytest.mark.parametrize(
    "value", ["no-such", "\0", HUGE, "' OR 1=1", "levies%", "٣"], ids=lambda value: ascii(value)[:20]
)
def test_unknown_filters_find_nothing_or_everything(value: str) -> None:
    client = Client()
    for name in ("product", "type", "topic", "search", "literal"):
        assert client.get("/help/search/", {"q": "levy", name: value}).status_code == 200
    for name in ("product", "type"):
        for address in ("/api/help/v1/pages/", "/api/help/v1/search/"):
            answer = client.get(address, {"q": "levy", name: value})
            assert answer.status_code in {200, 400}
            assert answer.status_code == 400 or answer.json()["count"] == 0


@pytest.mark.usefixtures("levies")
@pytest.mark.parametrize(
    "path", ["%ff", "%00", "%c3%28", "%ed%a0%80", "..%2f..%2fetc", "%e2%80%ae", "x" * 5_000, "a//b"]
)
def test_paths_that_are_no_text(path: str) -> None:
    client = Client()
    for before, after in [("/help/", "/"), ("/help/", ".pdf"), ("/help/levies/", "/"), ("/", "/"), ("/r/", "/")]:
        assert client.get(f"{before}{path}{after}").status_code == 404
    assert client.get(f"/api/help/v1/pages/{path}/").status_code == 404


@pytest.mark.usefixtures("levies")
@pytest.mark.parametrize("name", HEADERS)
def test_headers_of_any_length(name: str) -> None:
    client = Client(headers={name: HEADERS[name]})
    for address in ("/help/", "/help/levies/article/", "/help/levies/article.pdf", "/help/search/?q=levy"):
        assert client.get(address).status_code == 200, address
    assert client.get("/api/help/v1/search/?q=levy").status_code in {200, 406}


READ = ("/help/", "/api/help/", "/sitemap", "/llms.txt", "/brand/", "/manifest", "/service-worker", "/offline/")


def refusing() -> Iterator[tuple[str, str]]:
    """Each address of the help center and around it that is only read, with a method that writes."""
    for row in MATRIX.values():
        if row.method == "get" and 200 in row.answers.values() and row.example.startswith(READ):
            yield from ((row.example, method) for method in ("post", "put", "patch", "delete"))


def test_what_is_read_cannot_be_written(portal_site: None, staff: User) -> None:
    pages.article("Levy")
    answers = {
        (address, method): getattr(client, method)(address).status_code
        for client in (Client(), client_of(staff))
        for address, method in refusing()
    }
    # A dashboard sends visitors to the sign-in, and does not exist for those at other desks.
    assert {key: status for key, status in answers.items() if status != 405} == {}


def test_a_form_that_is_too_large_is_refused_in_words(portal_site: None) -> None:
    page = pages.article("Levy")
    answer = Client().post(f"/help/feedback/{page.pk}/", {"helpful": "yes", "comment": "x" * 3_000_000})
    assert answer.status_code == 400
    assert "what you typed is still there" in answer.text


def test_a_form_without_its_token_is_refused_in_words(portal_site: None) -> None:
    page = pages.article("Levy")
    answer = Client(enforce_csrf_checks=True).post(f"/help/feedback/{page.pk}/", {"helpful": "yes"})
    assert answer.status_code == 403
    assert "Please send that again" in answer.text


@override_settings(ALLOWED_HOSTS=["portal.example"])
def test_another_host_is_refused_in_words(db: None) -> None:
    answer = Client(headers={"host": "evil.example"}).get("/help/")
    assert answer.status_code == 400
    assert "evil.example" not in answer.text
    assert "That request cannot be read" in answer.text


def test_the_tables_are_still_there(help_center: None) -> None:
    assert "knowledge_helpdocument" in connection.introspection.table_names()
