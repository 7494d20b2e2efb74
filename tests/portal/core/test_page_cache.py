"""Pages are kept for anonymous readers only, and never longer than they are true."""

import gzip
import socket
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as portal_settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.test import Client, RequestFactory

from helpcenter.knowledge.models import ArticlePage
from home.models import BrandSettings, HomePage
from home.setup import site
from portal.accounts.models import User
from portal.core import page_cache
from portal.core.page_cache import AnonymousPageCacheMiddleware, Generation, ProcessStore, SharedStore, cacheable
from tests.cast import client_of
from tests.helpcenter.knowledge import pages
from tests.plugins.standing import Standing
from tests.portal.core.page_changes import ADDRESS, ONE_SECOND, PAGE_CHANGES, first_other_answer, publish


@pytest.fixture(params=["process", "shared"])
def mode(request: pytest.FixtureRequest, settings: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each way of keeping pages, in a process that has not looked at the generation yet."""
    settings.PAGE_CACHE = request.param
    monkeypatch.setattr(page_cache, "generation", Generation())
    monkeypatch.setattr(page_cache, "parts", ProcessStore())
    return str(request.param)


def build_article() -> None:
    """The portal's pages, and an article among them."""
    site.create()
    pages.article("Pay a bill", pages.topic("Bills"), body=[pages.text("<p>Choose the bill.</p>" * 50)])


ARTICLE = Standing("article", build_article, is_begun=HomePage.objects.exists)


@pytest.fixture
def article(db: None) -> ArticlePage:
    """A public article in a topic."""
    ARTICLE.stand()
    return ArticlePage.objects.get()


class Counted:
    """A view that tells how often it ran."""

    def __init__(self, change: Callable[[HttpResponse], object] = cacheable) -> None:
        self.calls = 0
        self.change = change

    def __call__(self, request: HttpRequest) -> HttpResponse:
        self.calls += 1
        response = HttpResponse(f"answer {self.calls}")
        self.change(response)
        return response


def asked_twice(first: HttpRequest, second: HttpRequest, view: Counted | None = None) -> tuple[bytes, bytes]:
    """What two requests get of one process."""
    middleware = AnonymousPageCacheMiddleware(view or Counted())
    return middleware(first).content, middleware(second).content


def get(path: str = "/help/", **extra: Any) -> HttpRequest:
    return RequestFactory().get(path, **extra)


def test_kept_page_is_answered_without_a_query(mode: str, article: ArticlePage, django_assert_num_queries: Any) -> None:
    client = Client()
    first = client.get(ADDRESS)
    with django_assert_num_queries(0):
        second = client.get(ADDRESS)
    assert (first.status_code, second.status_code) == (200, 200)
    assert second.content == first.content
    assert b"Choose the bill." in second.content


def test_kept_page_has_the_headers_of_the_page_but_not_the_id_of_its_first_request(
    mode: str, article: ArticlePage
) -> None:
    client = Client()
    first, second = client.get(ADDRESS), client.get(ADDRESS)
    assert second.headers["Content-Security-Policy"] == first.headers["Content-Security-Policy"]
    assert second.headers["Content-Length"] == str(len(second.content))
    assert "X-Request-ID" in first.headers
    assert "X-Request-ID" not in second.headers


@pytest.mark.parametrize(("change", "status", "shown"), PAGE_CHANGES)
def test_change_is_seen_within_a_second(
    mode: str,
    article: ArticlePage,
    change: Callable[[ArticlePage], None],
    status: int,
    shown: bytes,
    django_capture_on_commit_callbacks: Any,
) -> None:
    client = Client()
    before = client.get(ADDRESS).content
    assert b"Pay a bill" in before
    with django_capture_on_commit_callbacks(execute=True):
        change(article)
    response = first_other_answer(client, before)
    assert response.status_code == status
    assert shown in response.content


def test_change_that_is_rolled_back_leaves_kept_pages_alone(mode: str, db: None) -> None:
    before = page_cache.generation.current()
    page_cache.expire()  # the test's own transaction never commits
    page_cache.generation.look_at = 0
    assert page_cache.generation.current() == before


def test_signed_in_reader_gets_an_answer_of_her_own(mode: str, article: ArticlePage, owner: User) -> None:
    anonymous = Client().get(ADDRESS).content
    client = client_of(owner)
    own = client.get(ADDRESS).content
    assert b"/accounts/login/" in anonymous
    assert b"/accounts/login/" not in own
    assert b"/accounts/logout/" in own
    assert b"/accounts/logout/" not in client_without_session(client).get(ADDRESS).content


def client_without_session(client: Client) -> Client:
    """The same process, another browser."""
    other = Client()
    other.handler = client.handler
    return other


def test_restricted_page_is_never_kept_for_strangers(mode: str, article: ArticlePage, owner: User) -> None:
    article.audience = ["customers"]
    pages.publish(article)
    client = client_of(owner)
    assert client.get(ADDRESS).status_code == 200
    assert client_without_session(client).get(ADDRESS).status_code == 404


@pytest.mark.parametrize(
    "other",
    [
        get(QUERY_STRING="page=2"),
        get(QUERY_STRING="x=1&%70age=2"),
        get(HTTP_COOKIE=f"{portal_settings.SESSION_COOKIE_NAME}=abc"),
        get(HTTP_COOKIE="messages=abc"),
        get(HTTP_HX_REQUEST="true"),
        get(HTTP_HOST="localhost"),
        get("/help/erp/"),
        get(HTTP_ACCEPT_ENCODING="gzip"),
        RequestFactory().get("/help/", secure=True),
        RequestFactory().head("/help/"),
        RequestFactory().post("/help/"),
    ],
    ids=[
        "query string",
        "encoded query string",
        "session",
        "messages",
        "htmx",
        "host",
        "path",
        "gzip",
        "https",
        "HEAD",
        "POST",
    ],
)
def test_requests_that_differ_get_answers_of_their_own(mode: str, other: HttpRequest) -> None:
    assert asked_twice(get(), other) == (b"answer 1", b"answer 2")
    page_cache.generation.renew()
    page_cache.generation.look_at = 0
    assert asked_twice(other, get()) == (b"answer 1", b"answer 2")


@pytest.mark.parametrize("cookie", ["csrftoken=abc", "theme=dark", ""])
def test_cookies_that_say_nothing_of_a_person_do_not_matter(mode: str, cookie: str) -> None:
    assert asked_twice(get(), get(HTTP_COOKIE=cookie)) == (b"answer 1", b"answer 1")


@pytest.mark.parametrize("query", ["x=1", "utm_source=letter&homepage=2", "PAGE"])
def test_parameters_that_no_page_reads_share_the_kept_page(mode: str, query: str) -> None:
    assert asked_twice(get(), get(QUERY_STRING=query)) == (b"answer 1", b"answer 1")


def with_a_cookie(response: HttpResponse) -> None:
    cacheable(response).set_cookie("sessionid", "abc")


def not_found(response: HttpResponse) -> None:
    cacheable(response).status_code = 404


def not_marked(response: HttpResponse) -> None:
    """Leave it as it is."""


@pytest.mark.parametrize("change", [with_a_cookie, not_found, not_marked])
def test_answers_for_one_reader_are_not_kept(mode: str, change: Callable[[HttpResponse], object]) -> None:
    assert asked_twice(get(), get(), Counted(change)) == (b"answer 1", b"answer 2")


def test_kept_page_is_compressed_once_for_each_who_can_read_it(mode: str, article: ArticlePage) -> None:
    client = Client()
    packed, again = (client.get(ADDRESS, HTTP_ACCEPT_ENCODING="gzip, br") for _ in range(2))
    plain = client.get(ADDRESS)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert again.content == packed.content, "compression adds random bytes, so this one was kept"
    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(packed.content) == plain.content
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert len(packed.content) < len(plain.content) / 2


def dead_server() -> str:
    """An address where nobody answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"redis://127.0.0.1:{free.getsockname()[1]}/0"


def cache_at(address: str) -> dict[str, Any]:
    return {"default": {"BACKEND": "portal.core.redis_cache.RedisCache", "LOCATION": address}}


def test_readers_get_pages_while_the_cache_server_is_down(mode: str, article: ArticlePage, settings: Any) -> None:
    client = Client()
    assert client.get(ADDRESS).status_code == 200
    settings.CACHES = cache_at(dead_server())
    page_cache.generation.look_at = 0
    started = time.monotonic()
    responses = [client.get(ADDRESS) for _ in range(3)]
    assert [response.status_code for response in responses] == [200, 200, 200]
    assert time.monotonic() - started < ONE_SECOND


def test_change_during_an_outage_is_seen_after_it(
    mode: str, article: ArticlePage, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    alive = settings.CACHES
    client = Client()
    before = client.get(ADDRESS).content
    settings.CACHES = cache_at(dead_server())
    with django_capture_on_commit_callbacks(execute=True):
        publish(article)
    settings.CACHES = alive
    assert b"Settle a bill" in first_other_answer(client, before).content


def test_another_process_sees_the_change_at_its_next_look() -> None:
    here, there = Generation(), Generation()
    assert here.current() == there.current()
    here.renew()
    assert there.current() != cache.get(page_cache.GENERATION_KEY)
    time.sleep(page_cache.LOOK_EVERY_SECONDS)
    assert str(there.current()).startswith(cache.get(page_cache.GENERATION_KEY))


def test_pages_are_forgotten_after_a_while_whatever_happens(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    before = Generation().current()
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + settings.PAGE_CACHE_SECONDS)
    assert Generation().current() != before


def test_process_forgets_what_was_read_longest_ago_when_it_is_full() -> None:
    page = (b"x" * 1000, {})
    store = ProcessStore(most_bytes=3 * page_cache.size_of(page))
    for name in "abc":
        store.set("now", name, page)
    store.get("now", "a")
    store.set("now", "d", page)
    kept = {name: store.get("now", name) is not None for name in "abcd"}
    assert kept == {"a": True, "b": False, "c": True, "d": True}
    assert store.size == store.most_bytes


def test_page_kept_again_counts_once() -> None:
    store = ProcessStore()
    for size in (5000, 100):
        store.set("now", "a", (b"x" * size, {}))
    assert store.size == page_cache.size_of((b"x" * 100, {}))
    assert 100 < store.size < 5000


def test_page_read_often_is_near_and_the_others_are_in_the_cache_server(settings: Any) -> None:
    settings.PAGE_CACHE_NEAR_BYTES = page_cache.size_of((b"x" * 1000, {}))
    here, there = SharedStore(), SharedStore()
    for key in "ab":
        here.set("now", key, (key.encode() * 1000, {}))
    assert list(here.near.entries) == ["b"]
    assert [here.get("now", key)[0][:1] for key in "ab"] == [b"a", b"b"]
    assert there.get("now", "a")[0][:1] == b"a"
    assert list(there.near.entries) == ["a"]
    assert there.get("next", "a") is None


def test_next_generation_knows_nothing_of_the_last() -> None:
    store = ProcessStore()
    store.set("old", "a", (b"x", {}))
    assert store.get("new", "a") is None
    store.set("new", "b", (b"x", {}))
    assert store.get("old", "a") is None
    assert len(store.entries) == 1
    assert store.size == page_cache.size_of((b"x", {}))


class TestParts:
    """What is the same for all who may see it is made once a generation."""

    @pytest.fixture
    def made(self) -> list[str]:
        """Each time that the part was made."""
        return []

    def part(self, made: list[str], key: str = "part") -> str:
        return page_cache.remembered((key, 1), lambda: made.append(key) or f"{key} {len(made)}")

    def test_part_is_made_once_a_generation(self, mode: str, made: list[str]) -> None:
        assert [self.part(made), self.part(made)] == ["part 1", "part 1"]
        page_cache.generation.renew()
        page_cache.generation.look_at = 0
        assert self.part(made) == "part 2"

    def test_parts_are_told_apart_by_their_keys(self, mode: str, made: list[str]) -> None:
        assert [self.part(made), self.part(made, "other")] == ["part 1", "other 2"]

    def test_nothing_is_kept_where_the_cache_is_off(self, made: list[str]) -> None:
        assert [self.part(made), self.part(made)] == ["part 1", "part 2"]

    def test_nothing_is_kept_during_an_outage(self, mode: str, made: list[str], settings: Any) -> None:
        settings.CACHES = cache_at(dead_server())
        assert [self.part(made), self.part(made)] == ["part 1", "part 2"]


class TestTag:
    """`{% remember %}` keeps what stands in it under its keys."""

    def drawn(self, **context: Any) -> str:
        source = '{% load remembering %}{% remember "part" key %}{{ shown }}{% endremember %}'
        return Template(source).render(Context(context))

    def test_part_is_drawn_once_for_the_same_keys(self, mode: str) -> None:
        assert self.drawn(key=1, shown="<first>") == "&lt;first&gt;"
        assert self.drawn(key=1, shown="second") == "&lt;first&gt;"
        assert self.drawn(key=2, shown="second") == "second"

    def test_part_without_its_key_is_drawn_each_time(self, mode: str) -> None:
        assert [self.drawn(shown="first"), self.drawn(shown="second")] == ["first", "second"]
        assert [self.drawn(key=None, shown="first"), self.drawn(key=None, shown="second")] == ["first", "second"]


def test_changed_brand_is_seen_on_kept_pages(
    mode: str, article: ArticlePage, staff: User, django_capture_on_commit_callbacks: Any
) -> None:
    reader, editor = Client(), client_of(staff)
    brand = BrandSettings.load()
    before = reader.get(ADDRESS).content
    assert b"Tamarind" in before
    fields = {"name": "Baobab", "tagline": "", "logo": "", "accent": brand.accent, "support_email": brand.support_email}
    with django_capture_on_commit_callbacks(execute=True):
        assert editor.post(f"/admin/settings/home/brandsettings/{brand.pk}/", fields).status_code == 302
    assert b"Baobab" in first_other_answer(reader, before).content
