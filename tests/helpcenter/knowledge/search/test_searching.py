"""What a search finds, in which order, and what it says about it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from helpcenter.knowledge.models import ArticlePage, FAQPage, HelpIndexPage, HelpPage, Promotion, Synonym
from helpcenter.knowledge.services.searching import Filters
from tests.factories import ProductFactory
from tests.helpcenter.knowledge import pages, shelves
from tests.helpcenter.knowledge.search.asking import CUSTOMER, found, search

pytestmark = pytest.mark.usefixtures("help_center")


def said(*sentences: str) -> list[dict[str, object]]:
    """A body of paragraphs."""
    return [pages.text(f"<p>{sentence}</p>") for sentence in sentences]


def test_title_comes_before_summary_before_heading_before_text() -> None:
    pages.article("In the text", body=said("Something else first.", "A payslip is made."))
    pages.article("In a heading", body=[pages.block("heading", {"text": "Payslip", "level": "2", "anchor": ""})])
    pages.article("In the summary", summary="About the payslip.")
    pages.article("Print a payslip")
    assert found("payslip") == ["Print a payslip", "In the summary", "In a heading", "In the text"]


def test_the_very_title_comes_first() -> None:
    pages.article("Set up bank accounts for payroll", body=said("Set up bank accounts. " * 20))
    pages.article("Set up bank accounts")
    assert found("Set up bank accounts")[0] == "Set up bank accounts"


def test_a_title_for_search_engines_finds_as_the_title_does() -> None:
    pages.article("Set up bank accounts for payroll", body=said("Set up bank accounts. " * 20))
    pages.article("Where wages are paid from", seo_title="Set up bank accounts")
    assert found("Set up bank accounts")[0] == "Where wages are paid from"
    assert found("Where wages are paid from")[0] == "Where wages are paid from"


def test_other_forms_of_a_word_are_found() -> None:
    pages.article("Posting invoices")
    assert found("post an invoice") == ["Posting invoices"]


def test_words_side_by_side_count_more_than_words_apart() -> None:
    pages.article("One", body=said("The bank keeps the account of each member of the group."))
    pages.article("Two", body=said("The keeps of each member of the group: the bank account."))
    assert found("bank account") == ["Two", "One"]


def test_pages_with_all_words_come_before_pages_with_some() -> None:
    pages.article("Import opening balances from a file")
    pages.article("Import opening balances")
    pages.article("Export a file")
    assert found("import balances file") == [
        "Import opening balances from a file",
        "Import opening balances",
        "Export a file",
    ]


def test_a_result_that_holds_only_common_words_of_the_query_is_left_out() -> None:
    common = {"body": said("The report of the month.")}
    rows = [{"title": f"Common page {number}", "slug": f"common-{number}", **common} for number in range(30)]
    shelves.stand_many(ArticlePage, HelpIndexPage.objects.get(), rows)
    pages.article("Zanzibar report")
    assert found("zanzibar customs levy report") == ["Zanzibar report"]


@pytest.mark.parametrize("typed", ["reconcilation", "reconciliaation", "recnociliation", "reconcoliation"])
def test_a_mistyped_word_is_corrected_and_the_reader_is_told(typed: str) -> None:
    pages.article("Bank reconciliation")
    results = search(f"bank {typed}")
    assert [hit.document.title for hit in results.hits] == ["Bank reconciliation"]
    assert results.corrected == "bank reconciliation"


def test_a_word_that_is_known_is_not_corrected() -> None:
    pages.article("Form of payment")
    pages.article("Payments from abroad")
    assert search("form").corrected == ""


def test_the_reader_may_insist_on_what_was_typed() -> None:
    pages.article("Bank reconciliation")
    results = search("reconcilation", correcting=False)
    assert (results.total, results.corrected, results.unknown) == (0, "", ["reconcilation"])


def test_the_last_word_may_be_a_beginning() -> None:
    pages.article("Bank reconciliation")
    results = search("bank reconc")
    assert [hit.document.title for hit in results.hits] == ["Bank reconciliation"]
    assert results.corrected == ""


def test_a_word_that_nobody_wrote_is_named_and_the_rest_is_found() -> None:
    pages.article("Pay an invoice")
    results = search("zxqwv invoice")
    assert results.unknown == ["zxqwv"]
    assert [hit.document.title for hit in results.hits] == ["Pay an invoice"]


@pytest.mark.parametrize(("typed", "written"), [("payslip", "pay slip"), ("pay slip", "payslip")])
def test_words_written_apart_or_as_one_find_each_other(typed: str, written: str) -> None:
    pages.article("Monthly", body=said(f"Print the {written} of each member of staff."))
    pages.article("Slip", body=said("Do not slip on the floor."))
    assert found(typed)[0] == "Monthly"


def test_synonyms_find_each_other_after_the_word_itself() -> None:
    Synonym.objects.create(phrases=["Invoice", "fee note", "BILL"])
    pages.article("Pay a fee note")
    pages.article("Pay an invoice")
    assert found("pay invoices") == ["Pay an invoice", "Pay a fee note"]
    assert found("pay fee notes") == ["Pay a fee note", "Pay an invoice"]
    results = search("bills")
    assert {hit.document.title for hit in results.hits} == {"Pay a fee note", "Pay an invoice"}
    assert (results.corrected, results.unknown) == ("", [])


def test_a_recommended_page_stands_above_the_results_of_its_searches() -> None:
    page = pages.article("Ways to pay", summary="Bank, card and mobile money.")
    Promotion.objects.create(phrases=["How to PAY?"], page=HelpPage.objects.get(pk=page.pk))
    results = search("how to pay")
    assert [hit.document.title for hit in results.promoted] == ["Ways to pay"]
    assert results.promoted[0].excerpt_html == "Bank, card and mobile money."
    assert search("pay").promoted == []


def test_nothing_of_a_page_for_customers_shows_to_the_public() -> None:
    page = pages.article("Zanzibar levy", audience=["customers"], product=ProductFactory.create(slug="erp"))
    pages.article("Pay a levy")
    Promotion.objects.create(phrases=["levy"], page=HelpPage.objects.get(pk=page.pk))
    results = search("levy")
    assert [hit.document.title for hit in results.hits] == ["Pay a levy"]
    assert (results.total, results.promoted, results.facets) == (1, [], [])
    assert search("zanzibra").corrected == ""
    assert search("zanzibra", CUSTOMER).corrected == "zanzibar"
    assert [hit.document.title for hit in search("levy", CUSTOMER).promoted] == ["Zanzibar levy"]


def test_words_are_marked_and_everything_else_is_escaped() -> None:
    pages.article('Pay "A&B" <invoices>', body=said("An <b>Invoice</b> &lt;script&gt; is paid."))
    hit = search("invoice").hits[0]
    assert hit.title_html == "Pay &quot;A&amp;B&quot; &lt;<mark>invoices</mark>&gt;"
    assert hit.excerpt_html == "An <mark>Invoice</mark> &lt;script&gt; is paid."


def test_the_excerpt_is_the_part_that_holds_the_words() -> None:
    pages.article("Long", summary="Nothing of it here.", body=said("Once upon a time. " * 60, "The levy of Zanzibar."))
    excerpt = search("zanzibar levy").hits[0].excerpt_html
    assert "The <mark>levy</mark> of <mark>Zanzibar</mark>." in excerpt
    assert excerpt.startswith("… ")


def test_facets_count_what_each_choice_leaves() -> None:
    erp, payroll = ProductFactory.create(slug="erp", name="ERP"), ProductFactory.create(slug="payroll", name="Payroll")
    taxes = pages.topic("Taxes")
    pages.article("Levy one", taxes, product=erp)
    pages.article("Levy two", taxes, product=payroll)
    pages.made(FAQPage, "Levy three", product=erp)
    facets = {facet.name: {option.label: option.count for option in facet.options} for facet in search("levy").facets}
    assert facets == {"product": {"ERP": 2, "Payroll": 1}, "type": {"Article": 2, "FAQ": 1}}
    results = search("levy", filters=Filters(product="erp"))
    assert results.total == 2
    facets = {facet.name: {option.label: option.count for option in facet.options} for facet in results.facets}
    assert facets == {"product": {"ERP": 2, "Payroll": 1}, "type": {"Article": 1, "FAQ": 1}}


def test_filters_narrow_the_results() -> None:
    erp = ProductFactory.create(slug="erp")
    taxes = pages.topic("Taxes")
    pages.article("Levy one", taxes, product=erp)
    pages.article("Levy two", taxes)
    pages.made(FAQPage, "Levy three", product=erp)
    assert set(found("levy", filters=Filters(product="erp"))) == {"Levy one", "Levy three"}
    assert found("levy", filters=Filters(product="erp", kind="faq")) == ["Levy three"]
    assert set(found("levy", filters=Filters(topic=taxes.pk))) == {"Levy one", "Levy two"}
    assert found("levy", filters=Filters(product="no-such-product")) == []


def test_pages_of_results_follow_one_another_without_gap() -> None:
    rows = [{"title": f"Levy {number}", "slug": f"levy-{number}", "body": []} for number in range(23)]
    shelves.stand_many(ArticlePage, HelpIndexPage.objects.get(), rows)
    every = [title for page in (1, 2, 3) for title in found("levy", page=page)]
    assert len(every) == len(set(every)) == 23
    assert search("levy", page=99).page == 3
    assert [hit.rank for hit in search("levy", page=3).hits] == [21, 22, 23]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "   ",
        "the of and",
        '"',
        "'",
        "\\",
        '"pay -invoice | (&!:*<->',
        "a:* & b",
        "\0pay\0",
        "😀",
        "%_%",
        "{}' OR 1=1 --",
        "حساب الفاتورة",
        "請求書",
        "x" * 10_000,
        "pay invoice " * 1_000,
        "é" * 5_000,
        "'" * 300,
        "1e999 0x1f 3.14 -5",
    ],
)
def test_whatever_is_typed_gets_an_answer(query: str) -> None:
    pages.article("Pay an invoice")
    results = search(query)
    assert results.page == 1
    assert results.is_shortened == (len(query) > 1_000)


def test_readers_of_no_audience_find_nothing() -> None:
    pages.article("Pay an invoice", audience=["staff"])
    assert found("invoice") == []


def test_a_search_takes_as_many_queries_for_twenty_pages_as_for_one() -> None:
    Synonym.objects.create(phrases=["levy", "duty"])
    pages.article("Levy of Zanzibar", product=ProductFactory.create(slug="erp"))
    with CaptureQueriesContext(connection) as one:
        search("levvy duty", page_size=50)
    rows = [
        {"title": product.slug, "slug": product.slug, "body": said("Levy"), "product_id": product.pk}
        for product in (ProductFactory.create(slug=f"product-{number}") for number in range(20))
    ]
    shelves.stand_many(ArticlePage, HelpIndexPage.objects.get(), rows)
    with CaptureQueriesContext(connection) as many:
        assert search("levvy duty", page_size=50).total == 21
    assert len(one) == len(many) == 7  # the audiences of the reader are one of them
