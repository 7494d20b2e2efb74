"""Editors read what readers said, and answer once."""

from typing import Any

import pytest
from django.test import Client

from helpcenter.knowledge.models import AnswerMail, Feedback, HelpPage
from helpcenter.knowledge.services import feedback as feedbacks
from helpcenter.knowledge.tasks import mail_answer
from portal.accounts.models import User
from tests.cast import CAST, client_of
from tests.factories import ProductFactory
from tests.helpcenter.knowledge import pages

pytestmark = pytest.mark.usefixtures("portal_site")
LIST = "/admin/snippets/knowledge/feedback/"


@pytest.fixture
def article() -> HelpPage:
    return pages.article("Pay a bill", product=ProductFactory.create(slug="erp"))


@pytest.fixture
def asked(article: HelpPage, owner: User) -> Feedback:
    return Feedback.objects.create(page=article, user=owner, is_helpful=False, comment="Which bill?")


def address(feedback: Feedback) -> str:
    return f"{LIST}answer/{feedback.pk}/"


def press(client: Client, feedback: Feedback, text: str, capture: Any) -> Any:
    """Answer, and let the worker do what was queued."""
    with capture(execute=False):
        response = client.post(address(feedback), {"answer": text})
    for job in AnswerMail.objects.filter(state="queued"):
        mail_answer(job.pk)
        mail_answer(job.pk)
    return response


def test_the_reader_gets_the_answer_by_mail_and_on_the_page(
    asked: Feedback, editor: User, owner: User, mailoutbox: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    response = press(client_of(editor), asked, "The one of May.", django_capture_on_commit_callbacks)
    assert (response.status_code, response["Location"]) == (302, LIST)
    asked.refresh_from_db()
    assert (asked.answer, asked.answered_by) == ("The one of May.", editor)
    assert AnswerMail.objects.filter(queued_at=asked.answered_at).count() == 1
    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == ([owner.email], "Your comment on “Pay a bill” was answered")
    for words in ("Which bill?", "The one of May.", "/help/pay-a-bill/"):
        assert words in mail.body
    assert "The one of May." in client_of(owner).get("/help/pay-a-bill/").text
    assert "The one of May." not in Client().get("/help/pay-a-bill/").text


def test_a_visitor_gets_no_mail(
    article: HelpPage, editor: User, mailoutbox: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    asked = Feedback.objects.create(page=article, visitor="v", is_helpful=False, comment="Which bill?")
    press(client_of(editor), asked, "The one of May.", django_capture_on_commit_callbacks)
    asked.refresh_from_db()
    assert (asked.answer, AnswerMail.objects.count(), mailoutbox) == ("The one of May.", 0, [])


def test_a_second_answer_is_refused_in_words(
    asked: Feedback, editor: User, staff: User, mailoutbox: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    press(client_of(editor), asked, "The one of May.", django_capture_on_commit_callbacks)
    refused = press(client_of(staff), asked, "The one of June.", django_capture_on_commit_callbacks)
    assert refused.status_code == 200
    assert f"This comment was answered by {editor} on " in refused.text
    assert "The one of June." in refused.text
    asked.refresh_from_db()
    assert (asked.answer, asked.answered_by, len(mailoutbox)) == ("The one of May.", editor, 1)
    assert address(asked) not in client_of(editor).get(LIST).text


def test_a_new_comment_waits_for_an_answer_of_its_own(
    asked: Feedback, editor: User, owner: User, django_capture_on_commit_callbacks: Any
) -> None:
    press(client_of(editor), asked, "The one of May.", django_capture_on_commit_callbacks)
    document = asked.page.help_document
    feedbacks.vote(document=document, user=owner, visitor="", is_helpful=False, comment="And June?")
    assert list(Feedback.objects.unanswered()) == [asked]
    feedbacks.vote(document=document, user=owner, visitor="", is_helpful=True)
    assert list(Feedback.objects.unanswered()) == [asked]


@pytest.mark.parametrize("text", ["", "   ", "x" * 2001])
def test_an_answer_must_say_something_and_not_too_much(asked: Feedback, editor: User, text: str) -> None:
    assert client_of(editor).post(address(asked), {"answer": text}).status_code == 200
    asked.refresh_from_db()
    assert (asked.answer, asked.answered_at) == ("", None)


def test_a_vote_without_a_comment_has_nothing_to_answer(article: HelpPage, editor: User) -> None:
    vote = Feedback.objects.create(page=article, visitor="v", is_helpful=True)
    assert client_of(editor).get(address(vote)).status_code == 404


def test_editors_and_administrators_alone_answer(asked: Feedback, clients: dict[str, Client]) -> None:
    answers = {name: client.get(address(asked)).status_code for name, client in clients.items()}
    assert answers == {**dict.fromkeys(CAST, 302), "editor": 200, "staff": 200}
    for name in ("support", "finance", "viewer", "anonymous"):
        assert clients[name].post(address(asked), {"answer": "Hello"}).status_code == 302
    asked.refresh_from_db()
    assert asked.answered_at is None


def test_nobody_adds_edits_or_deletes_votes(asked: Feedback, staff: User) -> None:
    for place in ("add/", f"edit/{asked.pk}/", f"delete/{asked.pk}/"):
        assert client_of(staff).post(f"{LIST}{place}", {"comment": "Lovely"}).status_code in {302, 403, 404}
    assert Feedback.objects.get().comment == "Which bill?"


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("", {"no", "answered", "yes", "sacco"}),
        ("is_helpful=true", {"yes"}),
        ("is_helpful=false", {"no", "answered", "sacco"}),
        ("waits=true", {"no", "sacco"}),
        ("waits=false", {"answered", "yes"}),
        ("product=erp", {"no", "answered", "yes"}),
        ("product=sacco&is_helpful=false", {"sacco"}),
        ("q=bill", {"no", "answered", "yes"}),
        ("q=rates", {"sacco"}),
    ],
)
def test_the_register_is_filtered(
    article: HelpPage, editor: User, asked: Feedback, question: str, found: set[str]
) -> None:
    other = pages.article("Savings", product=ProductFactory.create(slug="sacco"))
    rows = {
        "no": asked,
        "yes": Feedback.objects.create(page=article, visitor="yes", is_helpful=True),
        "answered": Feedback.objects.create(page=article, visitor="answered", is_helpful=False, comment="Late"),
        "sacco": Feedback.objects.create(page=other, visitor="sacco", is_helpful=False, comment="Rates"),
    }
    feedbacks.answer(feedback=rows["answered"], text="Soon", by=editor, at=asked.created_at)
    for slug in ("erp", "sacco"):
        question = question.replace(f"product={slug}", f"product={ProductFactory.create(slug=slug).pk}")
    listed = client_of(editor).get(f"{LIST}?{question}").context["object_list"]
    assert {row.pk for row in listed} == {rows[name].pk for name in found}


@pytest.mark.parametrize(("asks", "said"), [("true", "Yes"), ("false", "No")])
def test_a_filter_in_use_says_what_was_chosen(editor: User, asks: str, said: str) -> None:
    active = client_of(editor).get(f"{LIST}?waits={asks}").context["active_filters"]
    assert [(one.field_label, one.value) for one in active] == [("Comment waits for an answer", said)]
