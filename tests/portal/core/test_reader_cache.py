"""A page kept for a signed-in reader is that reader's alone, and never older than what it shows."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as portal_settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.cache import SessionStore
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from billing.subscriptions.models import ProductAccess
from helpcenter.knowledge.models import ArticlePage, Feedback
from home.models import HomePage
from home.setup import site
from portal.accounts.models import Company, Membership, User
from portal.core import page_cache, reader_cache
from portal.core.page_cache import Generation, ProcessStore
from portal.teams.models import Agency, Developer
from resellers.models import Reseller
from tests.cast import client_of
from tests.helpcenter.knowledge import pages
from tests.plugins.standing import Standing
from tests.portal.core.page_changes import ADDRESS, PAGE_CHANGES, first_other_answer
from tests.portal.core.test_page_cache import cache_at, dead_server

Committing = Callable[..., Any]


@pytest.fixture(params=["process", "shared"], autouse=True)
def mode(request: pytest.FixtureRequest, settings: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each way of keeping pages, in a process that has not looked at the generation yet."""
    settings.PAGE_CACHE = request.param
    monkeypatch.setattr(page_cache, "generation", Generation())
    monkeypatch.setattr(page_cache, "parts", ProcessStore())
    return str(request.param)


def build_article() -> None:
    """The portal's pages, and an article among them."""
    site.create()
    pages.article(
        "Pay a bill", pages.topic("Bills"), audience=["customers"], body=[pages.text("<p>Choose the bill.</p>" * 50)]
    )


ARTICLE = Standing("article", build_article, is_begun=HomePage.objects.exists)


@pytest.fixture
def article(db: None) -> ArticlePage:
    """An article for customers, in a topic."""
    ARTICLE.stand()
    return ArticlePage.objects.get()


@pytest.fixture
def reader(article: ArticlePage, owner: User) -> Client:
    """The browser of a customer, who has opened the article twice: it is kept."""
    client = client_of(owner)
    for _ in range(3):
        assert client.get(ADDRESS).status_code == 200
    return client


def in_process_of(client: Client, other: Client) -> Client:
    """Another browser that asks the same process."""
    other.handler = client.handler
    return other


def test_page_opened_again_is_answered_without_a_query(reader: Client, django_assert_num_queries: Any) -> None:
    first = reader.get(ADDRESS)
    with django_assert_num_queries(0):
        second = reader.get(ADDRESS)
    assert second.content == first.content
    assert b"Choose the bill." in second.content
    assert b"/accounts/logout/" in second.content


def test_page_is_for_this_browser_alone_by_its_headers(reader: Client) -> None:
    fresh, kept = client_headers(reader, "/help/"), client_headers(reader, ADDRESS)
    for headers in (fresh, kept):
        assert {"private", "no-cache"} == set(headers["Cache-Control"].split(", "))
        assert "Cookie" in headers["Vary"]
    assert "X-Request-ID" not in kept


def client_headers(client: Client, address: str) -> Any:
    return client.get(address).headers


def test_page_for_everyone_may_be_kept_by_browsers_as_before(reader: Client) -> None:
    assert "Cache-Control" not in Client().get("/help/").headers


def test_other_people_of_the_same_company_get_pages_of_their_own(reader: Client, viewer: User, owner: User) -> None:
    other = in_process_of(reader, client_of(viewer))
    answers = [other.get(ADDRESS).text for _ in range(3)]
    assert all(viewer.email in answer and owner.email not in answer for answer in answers)


def test_another_company_never_gets_the_page(
    reader: Client, article: ArticlePage, company: Company, stranger: User, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        article.audience, article.audience_companies = [], [pages.HelpPageCompany(company=company)]
        pages.publish(article)
    page_cache.generation.look_at = 0
    assert [reader.get(ADDRESS).status_code for _ in range(3)] == [200, 200, 200]
    other = in_process_of(reader, client_of(stranger))
    assert [other.get(ADDRESS).status_code for _ in range(2)] == [404, 404]
    assert in_process_of(reader, Client()).get(ADDRESS).status_code == 404


def test_two_browsers_of_one_person_do_not_share_a_token(reader: Client, owner: User) -> None:
    other = in_process_of(reader, client_of(owner))
    for _ in range(3):
        other.get(ADDRESS)
    token = portal_settings.CSRF_COOKIE_NAME
    assert reader.cookies[token].value != other.cookies[token].value
    for client in (reader, other):
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = client.cookies
        secret = client.get(ADDRESS).context
        assert secret is None, "a kept page has no context: it was not made anew"
        assert strict.post("/accounts/logout/", {"csrfmiddlewaretoken": token_in(client)}).status_code == 302


def token_in(client: Client) -> str:
    """The token of the kept page."""
    text = client.get(ADDRESS).text
    return text.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]


def test_token_of_a_first_page_comes_with_its_cookie(article: ArticlePage, owner: User) -> None:
    client = client_of(owner)
    session = client.cookies["sessionid"].value
    for _ in range(2):
        browser = in_process_of(client, Client())
        browser.cookies["sessionid"] = session
        assert browser.get(ADDRESS).cookies[portal_settings.CSRF_COOKIE_NAME].value
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = browser.cookies
        token = token_in(browser)
    assert strict.post("/accounts/logout/", {"csrfmiddlewaretoken": token}).status_code == 302


def test_person_who_signed_out_gets_nothing_of_it(reader: Client) -> None:
    stolen = in_process_of(reader, Client())
    stolen.cookies["sessionid"] = reader.cookies["sessionid"].value
    stolen.cookies["csrftoken"] = reader.cookies["csrftoken"].value
    assert b"/accounts/logout/" in stolen.get(ADDRESS).content
    reader.post("/accounts/logout/")
    assert stolen.get(ADDRESS).status_code == 404
    assert reader.get(ADDRESS).status_code == 404


@pytest.mark.parametrize(("change", "status", "shown"), PAGE_CHANGES)
def test_change_of_the_page_is_seen_within_a_second(
    reader: Client,
    article: ArticlePage,
    change: Callable[[ArticlePage], None],
    status: int,
    shown: bytes,
    django_capture_on_commit_callbacks: Committing,
) -> None:
    before = reader.get(ADDRESS).content
    with django_capture_on_commit_callbacks(execute=True):
        change(article)
    response = first_other_answer(reader, before)
    assert response.status_code == status
    assert shown in response.content


def leaves(owner: User) -> None:
    owner.memberships.get().delete()


def is_closed(owner: User) -> None:
    company = owner.memberships.get().company
    company.is_active = False
    company.save()


def is_locked_out(owner: User) -> None:
    owner.is_active = False
    owner.save()


def gets_a_new_password(owner: User) -> None:
    owner.set_password("a new word to come in by")
    owner.save()


@pytest.mark.parametrize("change", [leaves, is_closed, is_locked_out, gets_a_new_password])
def test_who_may_no_longer_read_gets_nothing_at_once(
    reader: Client, owner: User, change: Callable[[User], None], django_capture_on_commit_callbacks: Committing
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        change(owner)
    assert reader.get(ADDRESS).status_code == 404


def test_people_locked_out_many_at_once_get_nothing_at_once(
    reader: Client, owner: User, viewer: User, staff: User, django_capture_on_commit_callbacks: Committing
) -> None:
    address = f"/admin/bulk/accounts/user/set_active_state/?id={owner.pk}&id={viewer.pk}"
    with django_capture_on_commit_callbacks(execute=True):
        assert client_of(staff).post(address, {"mark_as_active": "False"}).status_code == 302
    assert not User.objects.filter(pk__in=[owner.pk, viewer.pk], is_active=True).exists()
    assert reader.get(ADDRESS).status_code == 404


def test_product_taken_away_takes_its_pages_away_at_once(
    reader: Client, article: ArticlePage, company: Company, django_capture_on_commit_callbacks: Committing
) -> None:
    access = ProductAccess.objects.get(company=company)
    with django_capture_on_commit_callbacks(execute=True):
        article.audience, article.audience_products = [], [access.product]
        pages.publish(article)
    page_cache.generation.look_at = 0
    assert [reader.get(ADDRESS).status_code for _ in range(2)] == [200, 200]
    access.is_open = False
    with django_capture_on_commit_callbacks(execute=True):
        access.save()
    assert reader.get(ADDRESS).status_code == 404


def test_new_name_is_shown_at_once(reader: Client, owner: User, django_capture_on_commit_callbacks: Committing) -> None:
    owner.first_name, owner.last_name = "Amina", "Otieno"
    with django_capture_on_commit_callbacks(execute=True):
        owner.save()
    assert "Amina Otieno" in reader.get(ADDRESS).text


def test_change_that_is_rolled_back_leaves_the_page_alone(
    reader: Client, owner: User, django_assert_num_queries: Any
) -> None:
    owner.save()  # the test's own transaction never commits
    with django_assert_num_queries(0):
        assert reader.get(ADDRESS).status_code == 200


def test_own_vote_and_the_answer_to_it_are_shown_at_once(
    reader: Client, article: ArticlePage, staff: User, django_capture_on_commit_callbacks: Committing
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        reader.post(f"/help/feedback/{article.pk}/", {"helpful": "no", "comment": "Where is the button?"})
    voted = reader.get(ADDRESS)
    assert voted.context["vote"]["comment"] == "Where is the button?"
    vote = Feedback.objects.get()
    vote.answer, vote.answered_by = "Above the list.", staff
    with django_capture_on_commit_callbacks(execute=True):
        vote.save()
    assert "Above the list." in reader.get(ADDRESS).text


def test_other_desk_is_acted_for_at_once(
    reader: Client, owner: User, other_company: Company, article: ArticlePage, django_capture_on_commit_callbacks: Any
) -> None:
    flags = {"can_approve_developers": False, "can_sign_contracts": False, "can_manage_billing": False}
    with django_capture_on_commit_callbacks(execute=True):
        Membership.objects.create(company=other_company, user=owner, role="viewer", **flags)
        article.audience_companies = [pages.HelpPageCompany(company=owner.memberships.first().company)]
        article.audience = []
        pages.publish(article)
    page_cache.generation.look_at = 0
    assert [reader.get(ADDRESS).status_code for _ in range(2)] == [200, 200]
    reader.post("/desks/switch/", {"desk": f"company:{other_company.slug}"})
    assert reader.get(ADDRESS).status_code == 404


def test_page_made_while_another_tab_changed_desks_and_back_is_not_kept(owner: User) -> None:
    session = SessionStore()
    session.update({SESSION_KEY: str(owner.pk), "desk": "company:ours"})
    session.save()
    shown, changed = threading.Event(), threading.Event()

    def other_tab() -> None:
        shown.wait(5)
        choose_desk(session.session_key, "company:theirs")
        changed.set()

    def view(request: HttpRequest) -> HttpResponse:
        vars(request)["session"] = SessionStore(session.session_key)
        shown.set()
        assert changed.wait(5)
        desk = request.session["desk"]
        choose_desk(session.session_key, "company:ours")
        return reader_cache.kept_for_reader(HttpResponse(desk))

    middleware = reader_cache.ReaderPageCacheMiddleware(view)
    request = RequestFactory().get("/help/", HTTP_COOKIE=f"{portal_settings.SESSION_COOKIE_NAME}={session.session_key}")
    tab = threading.Thread(target=other_tab)
    tab.start()
    assert middleware(request).content == b"company:theirs"
    tab.join()
    changed.set()
    assert middleware(request).content == b"company:ours"


def choose_desk(session_key: str | None, desk: str) -> None:
    session = SessionStore(session_key)
    session["desk"] = desk
    session.save()


@pytest.fixture
def forgotten(monkeypatch: pytest.MonkeyPatch) -> set[int]:
    """People whose pages are forgotten."""
    found: set[int] = set()
    monkeypatch.setattr(reader_cache, "expire_for", found.update)
    return found


def test_each_thing_that_says_what_a_person_may_do_is_watched(
    forgotten: set[int], developer: User, reseller: User, agency_admin: User, viewer: User, company: Company
) -> None:
    for row in (
        Developer.objects.get(),
        Reseller.objects.get(),
        Agency.objects.get(),
        viewer.memberships.get(),
        viewer,
        company,
    ):
        expected = {Developer: developer, Reseller: reseller, Agency: agency_admin}.get(type(row), viewer)
        forgotten.clear()
        row.save()
        assert forgotten == {expected.pk}, row


def test_people_who_begin_or_cease_to_administer_an_agency_are_seen(
    forgotten: set[int], agency_admin: User, viewer: User
) -> None:
    agency = Agency.objects.get()
    for change, expected in (
        (lambda: agency.admins.add(viewer), {viewer.pk}),
        (lambda: agency.admins.remove(agency_admin), {agency_admin.pk}),
        (agency.admins.clear, {viewer.pk}),
        (lambda: viewer.agencies.add(agency), {viewer.pk}),
    ):
        forgotten.clear()
        change()
        assert forgotten == expected


@pytest.mark.parametrize(
    "extra",
    [
        {"QUERY_STRING": "page=1"},
        {"HTTP_HX_REQUEST": "true"},
        {"HTTP_HOST": "localhost"},
        {"HTTP_ACCEPT_ENCODING": "gzip"},
    ],
    ids=["query string", "htmx", "host", "gzip"],
)
def test_requests_that_differ_get_answers_of_their_own(reader: Client, extra: dict[str, str]) -> None:
    assert reader.get(ADDRESS, **extra).context is not None, "made anew"


def test_forgotten_word_makes_the_page_anew(reader: Client, owner: User) -> None:
    assert reader.get(ADDRESS).context is None
    cache.delete(reader_cache.word_key(owner.pk))
    assert reader.get(ADDRESS).context is not None


def test_change_during_an_outage_is_seen_after_it(
    reader: Client, owner: User, settings: Any, django_capture_on_commit_callbacks: Committing
) -> None:
    alive, before = settings.CACHES, reader.get(ADDRESS).content
    settings.CACHES = cache_at(dead_server())
    with django_capture_on_commit_callbacks(execute=True):
        owner.memberships.get().delete()
    settings.CACHES = alive
    page_cache.generation.look_at = 0
    assert first_other_answer(reader, before).status_code == 404
