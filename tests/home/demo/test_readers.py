"""What demo readers searched for and thought: editors find something in each report, once."""

import pytest

from helpcenter.knowledge.models import AnswerMail, Feedback, HelpDocument, SearchEvent
from home.demo import readers
from tests.factories import UserFactory
from tests.helpcenter.knowledge import pages

pytestmark = pytest.mark.django_db


@pytest.fixture
def help_center_of_the_demo() -> None:
    """Two of the pages, and the people who vote on them."""
    index = pages.help_center()
    selling = pages.topic("Selling", pages.topic("ERP", index))
    pages.article("Issue an invoice", selling, slug="invoices")
    loans = pages.topic("Loans", pages.topic("SACCO", index))
    pages.article("Guarantors and cover", loans, slug="guarantors", summary="Report of a statement.")
    for _path, email, *_rest in readers.VOTES:
        if not readers.User.objects.filter(email=email).exists():
            UserFactory.create(email=email)
    UserFactory.create(email=readers.EDITOR)


def counts() -> list[int]:
    return [model.objects.count() for model in (SearchEvent, Feedback, AnswerMail)]


def test_editors_find_something_in_each_report(help_center_of_the_demo: None) -> None:
    readers.create()
    searches = SearchEvent.objects.all()
    assert [row["query"] for row in searches.nothing_found()][:1] == ["payslip password"]
    assert [(row["query"], row["clicks"]) for row in searches.low_clicks()] == [("report", 1), ("statement", 1)]
    assert [document.title for document in HelpDocument.objects.listed().unhelpful()] == ["Guarantors and cover"]
    answered = Feedback.objects.get(page__slug="guarantors")
    assert (answered.answered_by.email, AnswerMail.objects.get().feedback) == (readers.EDITOR, answered)


def test_a_second_run_adds_nothing(help_center_of_the_demo: None) -> None:
    readers.create()
    before = counts()
    readers.create()
    assert counts() == before == [59, 3, 1]
