"""A page that one reader opened is put together for others of the same readers, each with what is their own."""

import gzip
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as portal_settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.template import Context, RequestContext, Template, TemplateSyntaxError
from django.test import Client, RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from helpcenter.knowledge.models import ArticlePage, Feedback, HelpIndexPage, TopicPage
from home.models import HomePage
from home.setup import site
from portal.accounts.models import Company, User
from portal.core import page_cache, shared_pages
from portal.core.compression import gzip_of, piece_of
from portal.core.page_cache import Generation, ProcessStore
from tests.cast import client_of
from tests.helpcenter.knowledge import pages, shelves
from tests.plugins.standing import Standing
from tests.portal.core.page_changes import ADDRESS, PAGE_CHANGES, first_other_answer

Committing = Callable[..., Any]
KINDS = [f"/help/levies/{name}/" for name in ("article", "tutorial", "faq", "trouble")]
TOPIC = "/help/bills/"
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="(\w+)"')


@pytest.fixture(params=["process", "shared"], autouse=True)
def mode(request: pytest.FixtureRequest, settings: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each way of keeping pages, in a process that has not looked at the generation yet."""
    settings.PAGE_CACHE = request.param
    monkeypatch.setattr(page_cache, "generation", Generation())
    monkeypatch.setattr(page_cache, "parts", ProcessStore())
    return str(request.param)


def build_help() -> None:
    """An article for customers in a topic, and a page of each kind for everyone in another."""
    site.create()
    body = [pages.text("<p>Choose the bill.</p>" * 50)]
    pages.article("Pay a bill", pages.topic("Bills"), audience=["customers"], body=body)
    (levies,) = shelves.stand(HelpIndexPage.objects.get(), [TopicPage(title="Levies", slug="levies")])
    shelves.stand(levies, shelves.kinds())


HELP = Standing("shared_help", build_help, is_begun=HomePage.objects.exists)


@pytest.fixture
def shared_help(db: None) -> None:
    HELP.stand()


@pytest.fixture
def article(shared_help: None) -> ArticlePage:
    return ArticlePage.objects.get(slug="pay-a-bill")


@pytest.fixture
def first(article: ArticlePage, owner: User) -> Client:
    """The browser of a customer, who opened each page before all others."""
    return having_opened(client_of(owner), TOPIC, TOPIC, ADDRESS, *KINDS, "/help/", "/help/levies/")


@pytest.fixture
def second(first: Client, viewer: User) -> Client:
    """The browser of a colleague, who opened another page before."""
    return beside(first, viewer)


def beside(other: Client, user: User) -> Client:
    """A person's browser that asks the same process, and has opened a page with a form before."""
    client = client_of(user)
    client.handler = other.handler
    return having_opened(client, KINDS[0], KINDS[0], KINDS[0])


def having_opened(client: Client, *addresses: str) -> Client:
    """The browser, in which these pages were opened."""
    for address in addresses:
        assert client.get(address).status_code == 200
    return client


def test_page_that_a_colleague_opened_is_put_together_without_a_query(
    second: Client, viewer: User, owner: User, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        response = second.get(ADDRESS)
    assert b"Choose the bill." in response.content
    assert viewer.email in response.text
    assert owner.email not in response.text
    with django_assert_num_queries(0):
        assert second.get(ADDRESS).content == response.content


@pytest.mark.parametrize("accepted", ["identity", "gzip"])
def test_page_put_together_is_what_the_reader_would_have_got_of_every_kind(
    first: Client, viewer: User, accepted: str, settings: Any
) -> None:
    extra: dict[str, Any] = {"HTTP_ACCEPT_ENCODING": accepted}
    addresses = [ADDRESS, *KINDS, "/help/", "/help/levies/", TOPIC]
    for address in addresses:
        first.get(address, **extra)
    second = beside(first, viewer)
    for _ in range(2):
        second.get(KINDS[0], **extra)
    settings.PAGE_CACHE = "off"
    alone = having_opened(client_of(viewer), "/help/")
    for address in addresses:
        put_together, made = second.get(address, **extra), alone.get(address, **extra)
        assert put_together.context is None, address
        assert made.context is not None, address
        assert shown(put_together) == shown(made), address
        assert int(put_together["Content-Length"]) == len(put_together.content)


def shown(response: Any) -> tuple[bytes, dict[str, str]]:
    """Body and headers, but for what no two answers have in common."""
    is_packed = response.get("Content-Encoding") == "gzip"
    body = gzip.decompress(response.content) if is_packed else response.content
    headers = {name: value for name, value in response.items() if name not in {"X-Request-ID", "Content-Length"}}
    return TOKEN.sub(b"token", body), headers


def test_forms_of_a_page_put_together_are_taken(second: Client, article: ArticlePage, viewer: User) -> None:
    tokens = TOKEN.findall(second.get(ADDRESS).content)
    assert len(tokens) == 2
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = second.cookies
    vote = {"csrfmiddlewaretoken": tokens[1].decode(), "helpful": "yes"}
    assert strict.post(f"/help/feedback/{article.pk}/", vote).status_code == 302
    assert Feedback.objects.get().user == viewer
    assert strict.post("/accounts/logout/", {"csrfmiddlewaretoken": tokens[0].decode()}).status_code == 302


def test_tokens_of_others_are_never_in_a_page(first: Client, second: Client) -> None:
    theirs = {token for address in [ADDRESS, *KINDS] for token in TOKEN.findall(first.get(address).content)}
    assert not theirs & set(TOKEN.findall(second.get(ADDRESS).content))


def test_other_company_does_not_get_a_page_that_is_not_open_to_it(
    first: Client,
    article: ArticlePage,
    company: Company,
    stranger: User,
    django_capture_on_commit_callbacks: Committing,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        article.audience, article.audience_companies = [], [pages.HelpPageCompany(company=company)]
        pages.publish(article)
    page_cache.generation.look_at = 0
    having_opened(first, ADDRESS, KINDS[0])
    other = beside(first, stranger)
    assert [other.get(address).status_code for address in (ADDRESS, TOPIC)] == [404, 200]
    assert b"Pay a bill" not in other.get(TOPIC).content
    assert b"Pay a bill" in having_opened(first, TOPIC).get(TOPIC).content


def test_staff_and_people_without_a_desk_do_not_share_with_customers(
    first: Client, staff: User, developer: User
) -> None:
    for person, status in ((staff, 200), (developer, 404)):
        response = beside(first, person).get(ADDRESS)
        assert response.status_code == status
        assert response.context is not None, "made anew"


def test_vote_is_shown_to_its_reader_alone(
    first: Client, second: Client, article: ArticlePage, django_capture_on_commit_callbacks: Committing
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        second.post(f"/help/feedback/{article.pk}/", {"helpful": "no", "comment": "Where is the button?"})
    having_opened(second, KINDS[0])
    assert b"The editors read every answer" in second.get(ADDRESS).content
    assert second.get(KINDS[1]).context is None, "of other pages the reader has said nothing"
    assert b"The editors read every answer" not in first.get(ADDRESS).content


def test_page_of_a_reader_who_voted_is_not_given_to_others(
    first: Client, viewer: User, article: ArticlePage, django_capture_on_commit_callbacks: Committing
) -> None:
    other = beside(first, viewer)
    with django_capture_on_commit_callbacks(execute=True):
        first.post(f"/help/feedback/{article.pk}/", {"helpful": "no"})
        pages.publish(article)
    page_cache.generation.look_at = 0
    having_opened(first, ADDRESS, KINDS[0])
    having_opened(other, KINDS[0])
    response = other.get(ADDRESS)
    assert response.context is not None, "made anew: nobody had the page as this reader gets it"
    assert b"Did this page help?" in response.content


@pytest.mark.parametrize(("change", "status", "shown"), PAGE_CHANGES)
def test_change_of_the_page_is_seen_within_a_second_by_those_who_never_opened_it(
    first: Client,
    second: Client,
    article: ArticlePage,
    change: Callable[[ArticlePage], None],
    status: int,
    shown: bytes,
    django_capture_on_commit_callbacks: Committing,
) -> None:
    before = first.get(ADDRESS).content
    with django_capture_on_commit_callbacks(execute=True):
        change(article)
    assert first_other_answer(first, before).status_code == status
    response = second.get(ADDRESS)
    assert response.status_code == status
    assert shown in response.content


def leaves(viewer: User) -> None:
    viewer.memberships.get().delete()


def is_closed(viewer: User) -> None:
    company = viewer.memberships.get().company
    company.is_active = False
    company.save()


def is_locked_out(viewer: User) -> None:
    viewer.is_active = False
    viewer.save()


@pytest.mark.parametrize("change", [leaves, is_closed, is_locked_out])
def test_who_may_no_longer_read_gets_nothing_put_together(
    second: Client, viewer: User, change: Callable[[User], None], django_capture_on_commit_callbacks: Committing
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        change(viewer)
    assert second.get(ADDRESS).status_code == 404


def test_who_signed_out_gets_nothing_put_together(second: Client) -> None:
    stolen = Client()
    stolen.handler = second.handler
    for name in (portal_settings.SESSION_COOKIE_NAME, portal_settings.CSRF_COOKIE_NAME):
        stolen.cookies[name] = second.cookies[name].value
    second.post("/accounts/logout/")
    assert stolen.get(ADDRESS).status_code == 404


def test_new_name_stands_at_once_on_pages_opened_first(
    second: Client, viewer: User, django_capture_on_commit_callbacks: Committing
) -> None:
    viewer.first_name, viewer.last_name = "Amina", "Otieno"
    with django_capture_on_commit_callbacks(execute=True):
        viewer.save()
    assert "Amina Otieno" in second.get(ADDRESS).text


def test_page_with_a_part_that_the_session_was_not_shown_is_made_anew(first: Client, viewer: User) -> None:
    client = client_of(viewer)
    client.handler = first.handler
    having_opened(client, TOPIC, TOPIC, TOPIC)
    assert client.get("/help/levies/").context is None
    assert client.get(ADDRESS).context is not None, "a topic shows no form with a token"
    assert client.get(KINDS[0]).context is None
    assert client.get(KINDS[1]).context is None


@pytest.mark.parametrize(
    ("body", "pieces"),
    [
        (b"Hello Ann, sign out, Ann!", None),
        (b"Hello Bob", None),
        (b"Hello Ann, goodbye", [b"Hello ", b", goodbye"]),
    ],
    ids=["part stands twice", "part is missing", "part stands once"],
)
def test_page_is_shared_only_where_all_that_is_personal_can_be_told(body: bytes, pieces: list[bytes] | None) -> None:
    page = shared_pages.shared_page(HttpResponse(body), body=body, parts=[("name", b"Ann")])
    assert (page and [piece.text for piece in page.pieces]) == pieces


def test_what_is_personal_cannot_be_remembered() -> None:
    source = '{% load remembering %}{% remember "a" %}{% personal "name" %}Ann{% endpersonal %}{% endremember %}'
    with pytest.raises(TemplateSyntaxError):
        Template(source).render(RequestContext(signed_out(), {}))


def test_personal_part_is_drawn_where_nothing_is_noted() -> None:
    source = '{% load remembering %}{% personal "name" %}Ann{% endpersonal %}'
    assert Template(source).render(Context({})) == "Ann"


def signed_out() -> HttpRequest:
    """A request of somebody unknown."""
    request = RequestFactory().get("/")
    vars(request)["user"] = AnonymousUser()
    return request


@given(st.lists(st.binary(max_size=500), max_size=12))
def test_pieces_are_one_gzip_body(texts: list[bytes]) -> None:
    assert gzip.decompress(gzip_of(map(piece_of, texts))) == b"".join(texts)
