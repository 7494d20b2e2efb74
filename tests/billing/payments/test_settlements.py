"""What pages of invoices show of payments, receipts, refunds, disputes, balances and credit notes."""

import re

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext

from billing.invoicing.models import Invoice
from billing.invoicing.registry import settlements_of
from billing.invoicing.services import credit_notes, settlement
from billing.payments.gateways.base import About, Event, Outcome, State
from billing.payments.models import Payment, Refund
from billing.payments.services import disputes, manual, receipts, refunds
from portal.accounts.models import Company, User
from tests.billing.invoicing.books import AT, TODAY, kes
from tests.billing.payments.conftest import DECLINED, begun, card, issued, paid
from tests.cast import client_of

pytestmark = pytest.mark.django_db


def rows(invoice: Invoice) -> list[tuple[str, str, str, str]]:
    return [(row.what, row.note, row.state, f"{row.amount.amount}") for row in settlements_of(invoice)]


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return re.sub(r"\s+", " ", answer.content.decode().replace("\N{NO-BREAK SPACE}", " "))


def test_payments_lead_to_their_pages_and_receipts(owner: User, company: Company, invoice: Invoice) -> None:
    client, address = client_of(owner), invoice.get_absolute_url()
    assert "Payments and credits" not in text(client, address)
    half = paid(invoice, amount=kes(580))
    refused = paid(invoice, DECLINED)
    page = text(client, address)
    for payment in (half, refused):
        assert f'href="{payment.get_absolute_url()}"' in page
    assert re.findall(r'href="([^"]+)">Receipt', page) == [f"{half.get_absolute_url()}receipt.pdf"]
    assert refused.failure_message
    assert refused.failure_message in page


def test_what_belongs_to_other_invoices_stays_with_them(
    company: Company, other_company: Company, invoice: Invoice, finance: User
) -> None:
    second, theirs = issued(company, "100.00"), issued(other_company, "1000.00")
    paid(theirs)
    manual.record(company=company, amount=kes(1300), reference="FT1", first=[invoice], at=AT, by=finance)
    assert rows(invoice) == [("Payment", "Bank transfer · KES\u00a01,160.00 of it for this invoice", "Paid", "1300.00")]
    assert rows(second) == [("Payment", "Bank transfer · KES\u00a0116.00 of it for this invoice", "Paid", "1300.00")]
    third = issued(company, "1000.00")
    assert rows(third) == [("Company’s balance", "", "Used", "24.00")]


def test_money_that_was_booked_without_a_payment_is_listed(
    owner: User, company: Company, other_company: Company, invoice: Invoice, finance: User
) -> None:
    second, theirs = issued(company, "100.00"), issued(other_company, "1000.00")
    settlement.receive(company=company, amount=kes(1200), gateway="manual", reference="FT9", first=[invoice], at=AT)
    settlement.receive(company=other_company, amount=kes(1), gateway="manual", reference="FT8", first=[theirs], at=AT)
    assert rows(invoice) == [("Payment", "Bank transfer · FT9", "Paid", "1160.00")]
    assert rows(second) == [("Payment", "Bank transfer · FT9", "Paid", "40.00")]
    page = text(client_of(owner), second.get_absolute_url())
    assert "Bank transfer · FT9" in page
    assert "FT8" not in page


def test_receipt_names_both_parties_all_invoices_and_what_is_kept(
    company: Company, invoice: Invoice, finance: User
) -> None:
    second = issued(company, "100.00")
    manual.record(company=company, amount=kes(1300), reference="FT1", first=[invoice], at=AT, by=finance)
    payment = Payment.objects.select_related("company", "invoice", "movement").get()
    page = render_to_string("payments/receipt.html", receipts.context_of(payment)).replace("\N{NO-BREAK SPACE}", " ")
    amounts = re.findall(r'<td class="figure">(.*?)</td>', page)
    assert amounts == ["1,160.00", "116.00", "24.00", "KES 1,300.00"]
    assert [part in page for part in (str(invoice), str(second), invoice.bill_to["name"], "Kept to your credit")] == (
        [True] * 4
    )
    assert receipts.pdf(payment).startswith(b"%PDF-")


def test_refund_is_seen_once_it_is_decided(owner: User, finance: User, staff: User, invoice: Invoice) -> None:
    payment = paid(invoice)
    refunds.request(payment=payment, reason="Counted twice.", at=AT, by=finance, amount=kes(160))
    assert "Counted twice." not in text(client_of(owner), invoice.get_absolute_url())
    desk = text(client_of(finance), f"/admin/registers/invoices/inspect/{invoice.pk}/")
    assert "Counted twice." in desk
    assert "Waits for a decision" in desk
    assert f'href="/admin/registers/payments/inspect/{payment.pk}/"' in desk
    credit_notes.issue(invoice=invoice, reason="A gift.", amount=kes(116), today=TODAY, at=AT, by=finance)
    Refund.objects.update(status="cancelled")
    page = text(client_of(owner), invoice.get_absolute_url())
    assert "Counted twice." not in page
    assert "A gift." in page
    note = invoice.credit_notes.get()
    assert f'href="/customer/billing/credit-notes/{note.number}.pdf"' in page


def test_dispute_stands_with_its_payment(invoice: Invoice) -> None:
    payment = paid(invoice)
    event = Event("e", "d", About.DISPUTE, AT, reference="dp_1", outcome=Outcome(State.PENDING), amount=payment.money)
    disputes.record(payment=payment, event=event, at=AT)
    assert [row[0] for row in rows(invoice)] == ["Payment", "Dispute"]
    assert rows(invoice)[1][2:] == ("Taken back by the bank", "-1160.00")


def test_many_attempts_ask_the_database_no_more_than_one(owner: User, finance: User, invoice: Invoice) -> None:
    addresses = (invoice.get_absolute_url(), f"/admin/registers/invoices/inspect/{invoice.pk}/")
    clients = (client_of(owner), client_of(finance))
    paid(invoice, DECLINED)

    def weights() -> list[int]:
        found = []
        for client, address in zip(clients, addresses, strict=True):
            client.get(address)
            with CaptureQueriesContext(connection) as caught:
                assert client.get(address).status_code == 200
            found.append(len(caught))
        return found

    few = weights()
    for _ in range(6):
        paid(invoice, DECLINED)
    assert weights() == few
    assert few[0] <= 15


def test_payment_under_way_shows_before_it_ends(owner: User, company: Company, invoice: Invoice) -> None:
    card(company)
    payment = begun(invoice)
    assert [row[2] for row in rows(invoice)] == ["Waits for you"]
    assert f'href="{payment.get_absolute_url()}"' in text(client_of(owner), invoice.get_absolute_url())
