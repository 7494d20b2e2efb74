"""The help API: what it answers, what it refuses and how, and that its description is true."""

from typing import Any

import pytest
import schemathesis
from django.core.cache import cache
from django.test import Client
from hypothesis import HealthCheck, given, settings
from pytest_django.live_server_helper import LiveServer
from rest_framework.test import APIClient
from rest_framework.throttling import AnonRateThrottle
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from helpcenter.knowledge.api import documents, search
from helpcenter.knowledge.models import FAQPage, HelpDocument, SearchEvent
from home.models import HomePage
from home.setup import site
from portal.accounts.models import User
from tests.cast import client_of
from tests.factories import ProductFactory
from tests.helpcenter.knowledge import pages
from tests.helpcenter.knowledge.shelves import Growing
from tests.plugins.standing import Standing

LIST, SEARCH, SUGGEST = "/api/help/v1/pages/", "/api/help/v1/search/", "/api/help/v1/suggest/"


def build() -> None:
    """The portal's pages, and a topic of levies with five articles and a question."""
    site.create()
    shelf = pages.topic("Taxes", slug="taxes")
    erp = ProductFactory.create(slug="erp")
    for number in range(5):
        pages.article(f"Levy {number}", shelf, product=erp if number < 2 else None, summary="What is due.")
    pages.made(FAQPage, "Is the levy due?", shelf, slug="due", product=erp)


ARTICLES = Standing("articles", build, is_begun=HomePage.objects.exists)


@pytest.fixture
def articles(db: None) -> None:
    ARTICLES.stand()


def get(address: str, client: Client | None = None, **params: object) -> Any:
    response = (client or Client()).get(address, params)
    assert response.status_code == 200, response.text
    assert response["Content-Type"] == "application/json"
    return response.json()


def problem(address: str, **params: object) -> tuple[int, str, dict[str, list[str]]]:
    """Status, type and errors of a refusal."""
    response = Client().get(address, params)
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert body["status"] == response.status_code
    assert body["title"]
    assert body["detail"]
    return response.status_code, body["type"].rpartition(":")[2], body.get("errors", {})


@pytest.mark.usefixtures("articles")
def test_the_list_is_read_page_by_page() -> None:
    first = get(LIST, page_size=4)
    assert (first["count"], first["previous"]) == (7, None)
    assert first["next"] == f"http://testserver{LIST}?page=2&page_size=4"
    second = get(first["next"])
    assert (second["next"], second["previous"]) == (None, f"http://testserver{LIST}?page_size=4")
    titles = [row["title"] for row in [*first["results"], *second["results"]]]
    assert titles == ["Taxes", *[f"Levy {number}" for number in range(5)], "Is the levy due?"]
    assert len(get(LIST, page_size=1000)["results"]) == 7


@pytest.mark.usefixtures("articles")
def test_a_page_of_the_list_and_the_page_itself() -> None:
    document = HelpDocument.objects.select_related("page").get(title="Levy 1")
    key = str(document.page.translation_key)
    row = next(row for row in get(LIST)["results"] if row["id"] == key)
    changed = row.pop("updated_at")
    assert row == {
        "id": key,
        "title": "Levy 1",
        "url": "/help/taxes/levy-1/",
        "excerpt": "What is due.",
        "type": "article",
        "product": "erp",
        "topic": "Taxes",
    }
    whole = get(f"{LIST}{key}/")
    assert whole == {**row, "updated_at": changed, "html": document.body, "text": "", "minutes": 1, "toc": []}


@pytest.mark.usefixtures("articles")
def test_the_list_is_narrowed_as_the_search_is() -> None:
    assert get(LIST, type="faq")["count"] == 1
    assert get(LIST, product="erp")["count"] == get(SEARCH, q="levy", product="erp")["count"] == 3
    assert get(LIST, product="erp", type="article")["count"] == 2
    assert get(LIST, product="no-such")["count"] == get(SEARCH, q="levy", product="no-such")["count"] == 0


@pytest.mark.usefixtures("articles")
def test_a_search_is_read_page_by_page_and_counts_once() -> None:
    first = get(SEARCH, q="Levy", page_size=4)
    assert (first["count"], first["previous"]) == (6, None)
    second = get(first["next"])
    assert second["next"] is None
    assert len({row["id"] for row in [*first["results"], *second["results"]]}) == 6
    assert set(first["results"][0]) == {"id", "title", "url", "excerpt", "type", "product", "topic"}
    (event,) = SearchEvent.objects.all()
    assert (event.query, event.results, event.reader, event.is_filtered) == ("levy", 6, "anonymous", False)


@pytest.mark.usefixtures("articles")
def test_searches_of_a_member_and_narrowed_ones_are_counted_as_such(viewer: User) -> None:
    get(SEARCH, client_of(viewer), q="levy", type="faq")
    (event,) = SearchEvent.objects.all()
    assert (event.reader, event.results, event.is_filtered) == ("customers", 1, True)


@pytest.mark.usefixtures("articles")
def test_what_is_no_search_is_not_counted() -> None:
    get(SEARCH)
    get(SEARCH, q="  ")
    get(SUGGEST, q="lev")
    Client(headers={"user-agent": "Googlebot/2.1"}).get(SEARCH, {"q": "levy"})
    Client().head(SEARCH, {"q": "levy"})
    assert problem(SEARCH, q="levy", page="x")[0] == 400
    assert not SearchEvent.objects.exists()


@pytest.mark.usefixtures("articles")
@pytest.mark.parametrize(
    ("address", "params", "refusal"),
    [
        (LIST, {"page_size": "abc"}, (400, "invalid", {"page_size": ["Give a whole number from 1 to 200."]})),
        (LIST, {"page_size": "0"}, (400, "invalid", {"page_size": ["Give a whole number from 1 to 200."]})),
        (LIST, {"page": "99"}, (404, "not_found", {})),
        (LIST, {"page": "abc"}, (404, "not_found", {})),
        (LIST, {"type": "nonsense"}, (400, "invalid", {"type": [
            "Select a valid choice. nonsense is not one of the available choices."]})),
        (SEARCH, {"q": "a", "page": "0"}, (400, "invalid", {"page": [
            "Ensure this value is greater than or equal to 1."]})),
        (SEARCH, {"q": "a", "page_size": "51"}, (400, "invalid", {"page_size": [
            "Ensure this value is less than or equal to 50."]})),
        (SEARCH, {"q": "a", "type": "x"}, (400, "invalid", {"type": ['"x" is not a valid choice.']})),
        (SEARCH, {"q": "\0"}, (400, "invalid", {"q": ["Null characters are not allowed."]})),
        (f"{LIST}00000000-0000-4000-8000-000000000000/", {}, (404, "not_found", {})),
        (f"{LIST}nonsense/", {}, (404, "not_found", {})),
    ],
)  # fmt: skip
def test_bad_parameters_are_refused_with_what_is_wrong(
    address: str, params: dict[str, str], refusal: tuple[int, str, dict[str, list[str]]]
) -> None:
    assert problem(address, **params) == refusal


def test_a_page_that_is_not_yours_is_answered_as_one_that_does_not_exist(portal_site: None, owner: User) -> None:
    closed = pages.article("Closed", audience=["staff"])
    for client in (Client(), client_of(owner)):
        answers = [
            client.get(f"{LIST}{key}/") for key in (closed.translation_key, "00000000-0000-4000-8000-000000000000")
        ]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].content == answers[1].content


@pytest.mark.usefixtures("articles")
@pytest.mark.parametrize("address", [LIST, SEARCH, SUGGEST])
def test_who_asks_too_often_is_told_when_to_come_back(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class TwiceAMinute(AnonRateThrottle):
        rate = "2/min"

    for view in (search.SearchView, search.SuggestView, documents.PageList):
        monkeypatch.setattr(view, "throttle_classes", [TwiceAMinute])
    cache.clear()
    client = APIClient()
    answers = [client.get(address, {"q": "levy"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 0 < int(answers[2]["Retry-After"]) <= 60
    assert answers[2]["Content-Type"] == "application/problem+json"
    assert answers[2].json()["type"] == "urn:portal:problem:throttled"


def test_who_says_to_come_from_elsewhere_is_counted_all_the_same(
    articles: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    class TwiceAMinute(AnonRateThrottle):
        rate = "2/min"

    monkeypatch.setattr(search.SuggestView, "throttle_classes", [TwiceAMinute])
    cache.clear()
    answers = [
        APIClient().get(SUGGEST, {"q": "levy"}, headers={"x-forwarded-for": f"192.0.2.{number}"}) for number in range(3)
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 429]


def test_no_page_of_another_origin_reads_it_in_the_name_of_a_reader(articles: None, viewer: User) -> None:
    """docs/decisions/0005-other-origins.md."""
    for client in (Client(), client_of(viewer)):
        for method in (client.get, client.options):
            response = method(SEARCH, headers={"origin": "https://elsewhere.example"})
            assert [name for name in response.headers if name.lower().startswith("access-control")] == []


def described() -> Any:
    """The API's own description."""
    response = Client().get("/api/schema/", headers={"accept": "application/json"})
    assert response.status_code == 200
    return response.json()


@pytest.mark.django_db
def test_the_description_names_parameters_answers_and_refusals() -> None:
    schema = described()
    assert schema["openapi"] == "3.1.0"
    found = {
        path: {parameter["name"] for parameter in operations["get"].get("parameters", [])}
        for path, operations in schema["paths"].items()
        if path.startswith("/api/help/")
    }
    assert found == {
        LIST: {"page", "page_size", "product", "type"},
        f"{LIST}{{id}}/": {"id"},
        SEARCH: {"q", "product", "type", "page", "page_size"},
        SUGGEST: {"q"},
    }
    for path in found:
        answers = set(schema["paths"][path]["get"]["responses"])
        assert answers - {"400"} == {"200", "401", "403", "404", "429"}


def test_the_description_is_true(transactional_db: None, portal_site: None, live_server: LiveServer) -> None:
    """A few made-up requests at each address (schemathesis): no fault, and answers of the described shape."""
    Growing().grow(2)
    schema = schemathesis.openapi.from_dict(described())
    for path in (LIST, f"{LIST}{{id}}/", SEARCH, SUGGEST):
        few_requests(schema[path]["GET"], live_server.url)


def few_requests(operation: Any, base_url: str) -> None:
    """Make up some requests of an operation and check each answer."""

    @settings(max_examples=15, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy())
    def check(case: Any) -> None:
        response = case.call(base_url=base_url)
        assert response.status_code < 500, case.as_curl_command()
        case.validate_response(response, checks=[content_type_conformance, response_schema_conformance])

    check()
