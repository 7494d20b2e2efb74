"""Editors keep synonyms and recommended pages, and read what readers did not find."""

import pytest
from django.utils import timezone

from helpcenter.knowledge.models import Promotion, SearchEvent, Synonym
from portal.accounts.models import User
from tests.cast import client_of
from tests.helpcenter.knowledge import pages
from tests.helpcenter.knowledge.search.asking import found, search

pytestmark = pytest.mark.usefixtures("help_center")
REPORTS = ["/admin/reports/help-nothing-found/", "/admin/reports/help-low-clicks/"]


def test_an_editor_declares_synonyms_in_one_line(editor: User) -> None:
    pages.article("Pay an invoice")
    answer = client_of(editor).post(
        "/admin/snippets/knowledge/synonym/add/", {"phrases": "Invoice,  Fee-Note, BILL, bill"}
    )
    assert answer.status_code == 302
    assert Synonym.objects.get().phrases == ["invoice", "fee note", "bill"]
    assert found("fee note") == ["Pay an invoice"]


def test_an_editor_recommends_a_page(editor: User) -> None:
    page = pages.article("Ways to pay")
    data = {"phrases": "How to pay?", "page": page.pk, "text": "All of them."}
    assert client_of(editor).post("/admin/snippets/knowledge/promotion/add/", data).status_code == 302
    assert Promotion.objects.get().phrases == ["how to pay"]
    assert [hit.excerpt_html for hit in search("how to pay").promoted] == ["All of them."]


@pytest.mark.parametrize("phrases", ["", "invoice", "?!, …"])
def test_one_phrase_is_no_synonym(editor: User, phrases: str) -> None:
    answer = client_of(editor).post("/admin/snippets/knowledge/synonym/add/", {"phrases": phrases})
    assert answer.status_code == 200
    assert not Synonym.objects.exists()


@pytest.mark.parametrize("address", REPORTS)
def test_reports_list_what_readers_missed(editor: User, address: str) -> None:
    for _ in range(5):
        SearchEvent.objects.create(query="zanzibar levy", results=0, reader="anonymous", at=timezone.now())
        SearchEvent.objects.create(query="customs duty", results=9, reader="customers", at=timezone.now())
    response = client_of(editor).get(address)
    assert response.status_code == 200
    missed, ignored = "nothing" in address, "clicks" in address
    assert (b"zanzibar levy" in response.content, b"customs duty" in response.content) == (missed, ignored)
    sheet = client_of(editor).get(f"{address}?export=csv").getvalue()
    assert (b"zanzibar levy" in sheet, b"customs duty" in sheet) == (missed, ignored)


@pytest.mark.parametrize(
    "address", [*REPORTS, "/admin/snippets/knowledge/synonym/", "/admin/snippets/knowledge/promotion/"]
)
def test_members_of_companies_see_none_of_it(viewer: User, address: str) -> None:
    assert client_of(viewer).get(address).status_code in {302, 403}
