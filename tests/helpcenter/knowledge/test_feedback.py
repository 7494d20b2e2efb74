"""A reader's vote: once, with a comment, and nothing typed is lost."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from helpcenter.knowledge.models import ArticlePage, Feedback, HelpPage
from helpcenter.knowledge.services import feedback as feedbacks
from portal.accounts.models import User
from tests.cast import client_of
from tests.helpcenter.knowledge import pages
from tests.portal.core.threads import race

HTMX = {"hx-request": "true"}


@pytest.fixture
def article(portal_site: None) -> ArticlePage:
    return pages.article("Pay a bill")


def address(page: HelpPage) -> str:
    return f"/help/feedback/{page.pk}/"


def votes(page: HelpPage) -> list[tuple[bool, str]]:
    return [(vote.is_helpful, vote.comment) for vote in Feedback.objects.filter(page_id=page.pk).order_by("pk")]


def field(response: object) -> str:
    """What stands in the field of the comment."""
    area = BeautifulSoup(response.content, "html.parser").select_one("textarea[name=comment]")  # type: ignore[attr-defined] # a response
    return area.get_text() if area else ""


def test_a_visitor_votes_and_comments_without_javascript(article: ArticlePage) -> None:
    client = Client()
    assert "Did this page help?" in client.get(address(article)).text
    answer = client.post(address(article), {"helpful": "no"}, follow=True)
    assert answer.redirect_chain == [(address(article), 302)]
    assert "What could be better?" in answer.text
    done = client.post(address(article), {"helpful": "no", "comment": "Which bill?"}, follow=True)
    assert "Thank you. The editors read every answer." in done.text
    assert votes(article) == [(False, "Which bill?")]


def test_voting_begins_no_session_so_that_kept_pages_stay_open(article: ArticlePage) -> None:
    client = Client()
    client.get(address(article))
    client.post(address(article), {"helpful": "yes"})
    assert "sessionid" not in client.cookies
    assert votes(article) == [(True, "")]


def test_a_member_is_led_back_to_the_page_which_knows_the_vote(article: ArticlePage, owner: User) -> None:
    client = client_of(owner)
    answer = client.post(address(article), {"helpful": "yes"}, follow=True)
    assert answer.redirect_chain == [("/help/pay-a-bill/#feedback", 302)]
    assert "What could be better?" in answer.text


def test_a_change_of_mind_changes_the_one_vote_and_keeps_the_comment(article: ArticlePage, owner: User) -> None:
    client = client_of(owner)
    client.post(address(article), {"helpful": "no", "comment": "Which bill?"})
    client.post(address(article), {"helpful": "yes"})
    assert votes(article) == [(True, "Which bill?")]


def test_two_readers_have_two_votes(article: ArticlePage, owner: User, viewer: User) -> None:
    for client in (client_of(owner), client_of(viewer), Client(), Client()):
        client.post(address(article), {"helpful": "yes"})
    assert votes(article) == [(True, "")] * 4


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("x" * 100_000, "Please keep the comment under 2000 characters; it has 100000."),
        ("well\x00done", "The comment holds characters that cannot be kept. Please type it anew."),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_comment_that_cannot_be_kept_is_given_back(
    article: ArticlePage, typed: str, message: str, headers: dict[str, str]
) -> None:
    client = Client(headers=headers)
    refused = client.post(address(article), {"helpful": "no", "comment": typed})
    assert refused.status_code == 422
    assert message in refused.text
    assert field(refused) == typed
    assert votes(article) == []


@pytest.mark.parametrize("helpful", [None, "", "perhaps", "true"])
def test_a_comment_without_an_answer_is_given_back(article: ArticlePage, helpful: str | None) -> None:
    data = {"comment": "Which bill?"} | ({} if helpful is None else {"helpful": helpful})
    refused = Client().post(address(article), data)
    assert refused.status_code == 422
    assert "Choose yes or no." in refused.text
    assert field(refused) == "Which bill?"
    assert votes(article) == []


def test_markup_is_kept_as_it_was_typed_and_never_run(article: ArticlePage, owner: User, editor: User) -> None:
    typed = "<script>alert(1)</script> & <b>bold</b>"
    client = client_of(owner)
    client.post(address(article), {"helpful": "no", "comment": typed})
    assert votes(article) == [(False, typed)]
    vote = Feedback.objects.get()
    feedbacks.answer(feedback=vote, text=typed, by=editor, at=vote.created_at)
    shown = client.get("/help/pay-a-bill/").text
    assert "The editors answered your comment" in shown
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;bold&lt;/b&gt;" in shown


def test_whoever_may_not_see_the_page_cannot_vote(portal_site: None, stranger: User, owner: User) -> None:
    page = pages.article("Secret levy", audience=["staff"])
    for client in (Client(), client_of(stranger), client_of(owner)):
        assert client.post(address(page), {"helpful": "yes"}).status_code == 404
    assert votes(page) == []


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused(article: ArticlePage, method: str) -> None:
    assert getattr(Client(), method)(address(article)).status_code == 405


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("who", ["a visitor", "a member"])
def test_pressed_twice_at_once_it_is_one_vote(who: str, request: pytest.FixtureRequest, article: ArticlePage) -> None:
    user = request.getfixturevalue("owner") if who == "a member" else None
    first = client_of(user)
    first.get(address(article))

    def press(number: int) -> int:
        client = Client()
        client.cookies.update(first.cookies)
        return client.post(address(article), {"helpful": "yes", "comment": f"Comment {number}"}).status_code

    assert race(press, threads=6) == [302] * 6
    ((is_helpful, comment),) = votes(article)
    assert is_helpful
    assert comment.startswith("Comment ")
