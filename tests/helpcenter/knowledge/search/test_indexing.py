"""The index and its vocabulary follow what is published, to the word."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from helpcenter.knowledge.models import HelpDocument, SearchDocument, Word
from helpcenter.knowledge.services import indexing
from tests.helpcenter.knowledge import pages
from tests.helpcenter.knowledge.search.asking import ANYONE, CUSTOMER, found, frequency
from tests.helpcenter.knowledge.stored import snapshot

pytestmark = pytest.mark.usefixtures("help_center")


def test_each_word_is_counted_once_a_document_and_apart_in_titles() -> None:
    pages.article("Pay an invoice", body=[pages.text("<p>The invoice of your invoice.</p>")])
    pages.article("Print", summary="Print an invoice on paper.")
    assert frequency("invoice") == (2, 1)
    assert frequency("print") == (1, 1)
    assert frequency("paper") == (1, 0)
    assert frequency("") == (2, 0)


def test_a_new_version_replaces_the_words_of_the_old_one() -> None:
    page = pages.article("Pay an invoice")
    page.title = "Pay a receipt"
    pages.publish(page)
    assert (frequency("invoice"), frequency("receipt"), frequency("")) == ((0, 0), (1, 1), (1, 0))
    assert not Word.objects.filter(word="invoice").exists()
    assert (found("invoice"), found("receipt")) == ([], ["Pay a receipt"])


def test_keywords_find_a_page_that_does_not_hold_them() -> None:
    pages.article("Pay an invoice", keywords="bill, fee note")
    assert found("fee note") == ["Pay an invoice"]


@pytest.mark.parametrize("way", ["unpublish", "delete"])
def test_what_is_gone_leaves_no_word(way: str) -> None:
    pages.article("Pay an invoice")
    before = snapshot()
    page = pages.article("Zanzibar quarterly return")
    getattr(page, way)()
    assert snapshot()["words"] == before["words"]
    assert found("zanzibar") == []


def test_restricting_a_page_takes_its_words_from_the_public() -> None:
    page = pages.article("Zanzibar quarterly return")
    page.audience = ["customers"]
    pages.publish(page)
    assert frequency("zanzibar", ANYONE) == (0, 0)
    assert frequency("zanzibar", CUSTOMER) == (1, 1)


def test_restricting_a_topic_takes_the_words_of_everything_below_from_the_public() -> None:
    topic = pages.topic("Taxes")
    pages.article("Zanzibar quarterly return", topic)
    topic.audience = ["customers"]
    pages.publish(topic)
    assert frequency("zanzibar", ANYONE) == (0, 0)
    assert found("zanzibar", CUSTOMER) == ["Zanzibar quarterly return"]


def test_rebuilding_writes_what_publishing_wrote() -> None:
    pages.article("Pay an invoice", audience=["customers"])
    pages.article("Print an invoice")
    before = snapshot()
    assert indexing.rebuild() == 2
    assert snapshot() == before


def test_indexing_takes_as_many_queries_for_one_document_as_for_twenty() -> None:
    for number in range(20):
        pages.article(f"Pay invoice {number}", body=[pages.text(f"<p>Word{number} stands alone.</p>")])
    documents = list(HelpDocument.objects.order_by("pk"))
    for document in documents:
        document.title = "Print"
    with CaptureQueriesContext(
        connection,
    ) as one:
        indexing.index(documents[:1])
    with CaptureQueriesContext(connection) as many:
        indexing.index(documents[1:])
    assert len(one) == len(many)


def test_an_endless_text_is_indexed_as_far_as_the_database_takes_it() -> None:
    page = pages.article("A book")
    document = HelpDocument.objects.get(pk=page.pk)
    document.text = " ".join(f"w{number}" for number in range(400_000))
    indexing.index([document])
    assert len(SearchDocument.objects.get(pk=page.pk).body) == indexing.LONGEST_BODY
    assert frequency("w12") == (1, 0)
