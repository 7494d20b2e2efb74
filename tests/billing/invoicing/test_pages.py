"""Pages and API of invoices: who sees what, filters, search, CSV, and how little they ask the database."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from billing.invoicing.models import Invoice, PaperFile
from billing.invoicing.services import credit_notes, invoices, settlement
from billing.invoicing.services.papers import archive
from portal.accounts.models import Company, User
from tests.billing.invoicing.books import AT, TODAY, kes
from tests.billing.invoicing.conftest import draft, issued
from tests.cast import client_of

pytestmark = pytest.mark.django_db
LIST, API = "/customer/billing/invoices/", "/api/business/v1/invoices/"


@pytest.fixture
def client(owner: User) -> Client:
    return client_of(owner)


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode().replace("\N{NO-BREAK SPACE}", " ")


def test_company_reads_its_own_issued_invoices(
    company: Company, other_company: Company, client: Client, invoice: Invoice
) -> None:
    draft(company, "77777")
    foreign = issued(other_company, "88888")
    page = text(client, LIST)
    assert "INV-2026-000001" in page
    assert "KES 1,160.00" in page
    assert foreign.number not in page
    assert "77,777" not in page
    one = text(client, f"{LIST}INV-2026-000001/")
    assert "VAT 16 % on KES 1,000.00" in one
    assert "KES 160.00" in one
    for address in (f"{LIST}{foreign.number}/", f"{LIST}{foreign.number}.pdf", f"{API}{foreign.number}/"):
        assert client.get(address).status_code == 404


def test_viewer_reads_no_invoice(viewer: User, invoice: Invoice) -> None:
    for address in (LIST, f"{LIST}{invoice.number}/", f"{LIST}{invoice.number}.pdf", API, f"{API}{invoice.number}/"):
        assert client_of(viewer).get(address).status_code == 403, address


def test_list_is_narrowed_by_state_period_and_number(company: Company, client: Client) -> None:
    today = timezone.localdate()
    old = invoices.issue(invoice=draft(company, "1"), today=today - timedelta(days=60), at=AT, by=None)
    new = invoices.issue(invoice=draft(company, "2"), today=today, at=AT, by=None)
    gone = invoices.issue(invoice=draft(company, "3"), today=today, at=AT, by=None)
    invoices.void(invoice=gone, reason="Wrong.", at=AT, by=None)

    def found(query: str) -> set[str]:
        page = text(client, f"{LIST}?{query}")
        return {str(invoice.number) for invoice in (old, new, gone) if f">{invoice.number}<" in page}

    assert found("") == {old.number, new.number, gone.number}
    assert found("status=open") == {old.number, new.number}
    assert found("status=overdue") == {old.number}
    assert found("status=void") == {gone.number}
    assert found("period=30") == {new.number, gone.number}
    assert found("q=2") == {new.number}
    assert found(f"q={str(gone.number).lower()}") == {gone.number}
    assert found("q=nothing") == set()
    assert found("status=nonsense&period=-1&page=999&q=%00") == {old.number, new.number, gone.number}


def test_empty_list_offers_no_file_and_nothing_to_narrow(company: Company, client: Client) -> None:
    page = text(client, LIST)
    assert "No invoices yet" in page
    assert "Download CSV" not in page
    assert "Filter invoices" not in page
    issued(company, "1")
    assert "Download CSV" in text(client, LIST)
    nothing = text(client, f"{LIST}?status=void")
    assert "No invoice fits" in nothing
    assert "Download CSV" not in nothing
    assert "Filter invoices" in nothing


def test_list_as_csv(company: Company, client: Client, invoice: Invoice) -> None:
    settlement.receive(company=company, amount=kes(160), gateway="manual", reference="T1", at=AT)
    answer = client.get(f"{LIST}?format=csv")
    lines = b"".join(answer).decode().splitlines()
    assert answer["Content-Disposition"] == 'attachment; filename="invoices.csv"'
    assert lines[0] == "number,status,issued_on,due_on,currency,net,tax,total,to_pay"
    assert lines[1].split(",")[0] == "INV-2026-000001"
    assert lines[1].endswith("2026-11-21,2026-12-05,KES,1000.00,160.00,1160.00,1000.00")


def test_weight_is_the_same_for_one_and_many(company: Company, client: Client, invoice: Invoice) -> None:
    addresses = (LIST, f"{LIST}{invoice.number}/", API, f"{API}{invoice.number}/")
    few = [queries(client, address) for address in addresses]
    for _ in range(30):
        issued(company, "1", "2")
    assert [queries(client, address) for address in addresses] == few
    assert max(few) <= 15


def test_pdf_is_downloaded_once_it_is_made(company: Company, client: Client, invoice: Invoice) -> None:
    note = credit_notes.issue(invoice=invoice, reason="Gone.", today=TODAY, at=AT, by=None, amount=kes(10))
    assert client.get(f"{LIST}{invoice.number}.pdf").status_code == 409
    for file in PaperFile.objects.all():
        archive.make(pk=file.pk)
    for address in (f"{LIST}{invoice.number}.pdf", f"/customer/billing/credit-notes/{note.number}.pdf"):
        answer = client.get(address)
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert note.number in text(client, f"{LIST}{invoice.number}/")


def test_api_gives_invoices_with_lines_and_tax(company: Company, client: Client, invoice: Invoice) -> None:
    settlement.receive(company=company, amount=kes(160), gateway="manual", reference="T1", at=AT)
    listed = client.get(f"{API}?status=open&ordering=-issued_on").json()
    assert (listed["count"], listed["results"][0]["number"]) == (1, "INV-2026-000001")
    one = client.get(f"{API}{invoice.number}/").json()
    assert (one["id"], one["status"], one["company"]) == (str(invoice.public_id), "open", "savanna-foods")
    assert (one["total"], one["due"]) == (
        {"amount": "1160.00", "currency": "KES"},
        {"amount": "1000.00", "currency": "KES"},
    )
    assert [line["description"] for line in one["lines"]] == ["ERP"]
    assert one["taxes"][0]["tax"] == {"amount": "160.00", "currency": "KES"}
    assert client.get(f"{API}?status=draft").status_code == 400
