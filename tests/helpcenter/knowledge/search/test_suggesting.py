"""What is suggested while a reader types."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from helpcenter.knowledge.services import suggesting
from home.models import HomePage
from tests.helpcenter.knowledge import pages
from tests.helpcenter.knowledge.search.asking import CUSTOMER, audiences, suggested
from tests.plugins.standing import Standing


def build_shelf() -> None:
    """A help center with a few articles."""
    pages.help_center()
    for title in (
        "Pay an invoice",
        "Invoice a customer",
        "Set up bank accounts",
        "Bank reconciliation",
        "What is VAT?",
    ):
        pages.article(title)


SHELF = Standing("_shelf", build_shelf, is_begun=HomePage.objects.exists)


@pytest.fixture(autouse=True)
def _shelf(db: None) -> None:
    SHELF.stand()


@pytest.mark.parametrize(
    ("typed", "titles"),
    [
        ("i", ["Invoice a customer", "Pay an invoice"]),
        ("inv", ["Invoice a customer", "Pay an invoice"]),
        ("INVOICE A", ["Invoice a customer"]),
        ("bank acc", ["Set up bank accounts"]),
        ("accounts ban", ["Set up bank accounts"]),
        ("invoices", ["Pay an invoice", "Invoice a customer"]),
        ("what is", ["What is VAT?"]),
        ("invioce", ["Pay an invoice", "Invoice a customer"]),
        ("bank reconcilation", ["Bank reconciliation"]),
        ("bank zzzz", ["Bank reconciliation", "Set up bank accounts"]),
        ("zzzz", []),
        ("", []),
        ("the", []),
    ],
)
def test_titles_are_suggested_by_beginnings_and_through_mistakes(typed: str, titles: list[str]) -> None:
    assert suggested(typed) == titles


def test_the_typed_part_is_marked_and_the_title_escaped() -> None:
    pages.article("Levy <b>")
    (page,) = suggesting.suggest("lev", audience_ids=audiences())
    assert page.title_html == "<mark>Levy</mark> &lt;b&gt;"


def test_no_more_than_asked_for_are_suggested() -> None:
    for number in range(12):
        pages.article(f"Levy {number}")
    assert len(suggested("levy")) == 8
    assert len(suggested("levy", limit=3)) == 3


@pytest.mark.parametrize("typed", ["zan", "zanzibar", "zanzibra", "zanzibar levy"])
def test_a_page_for_customers_is_suggested_to_them_alone(typed: str) -> None:
    pages.article("Zanzibar levy", audience=["customers"])
    assert suggested(typed) == []
    assert suggested(typed, CUSTOMER) == ["Zanzibar levy"]


@pytest.mark.parametrize(
    "typed", ["\0", '"', "'", "\\", "a:*", "(&|!)", "😀", "x" * 10_000, "inv " * 500, "請求書", "%"]
)
def test_whatever_is_typed_gets_an_answer(typed: str) -> None:
    assert isinstance(suggested(typed), list)


@pytest.mark.parametrize("typed", ["inv", "invioce", "bank acc", "zzzz"])
def test_suggestions_take_one_query(typed: str) -> None:
    readable = audiences()
    with CaptureQueriesContext(connection) as queries:
        suggesting.suggest(typed, audience_ids=readable)
    assert len(queries) == 1
