"""Sending and writing off take two people: one asks, another decides."""

from datetime import timedelta

import pytest

from billing.invoicing.models import Invoice, LedgerTransaction, WriteOffRequest
from billing.invoicing.services import drafts, invoices, requests, settlement
from portal.approvals import services as approvals
from portal.approvals.models import Approval
from portal.notifications.models import Notification
from tests.billing.invoicing.books import AT, accounts, difference, kes
from tests.billing.invoicing.conftest import draft

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=1)


@pytest.fixture
def waiting(company, finance) -> Approval:
    """KES 1,160.00 with tax, which finance wants to be sent."""
    return requests.ask_to_send(invoice=draft(company, "1000.00"), by=finance, at=AT)


def test_another_person_sends_the_draft_on_the_day_of_the_decision(waiting, staff, company):
    assert waiting.subject_label == "KES\N{NO-BREAK SPACE}1,160.00 for Savanna Foods"
    approvals.approve(approval=waiting, by=staff, at=LATER)
    invoice = Invoice.objects.get()
    assert (invoice.number, invoice.status, str(invoice.issued_on)) == ("INV-2026-000001", "open", "2026-11-22")
    assert accounts(company=company) == {
        "receivable": "1160.00",
        "revenue": "-1000.00",
        "tax_payable VAT 16 %": "-160.00",
    }


def test_who_asked_may_not_send_it(waiting, finance):
    with pytest.raises(approvals.MayNotDecide):
        approvals.approve(approval=waiting, by=finance, at=LATER)
    assert Invoice.objects.get().status == "draft"
    assert not LedgerTransaction.objects.exists()


def test_a_rejected_draft_can_be_changed_and_asked_for_again(waiting, finance, staff, company):
    invoice = Invoice.objects.get()
    approvals.reject(approval=waiting, by=staff, at=LATER, comment="The quantity is wrong.")
    assert "The quantity is wrong." in Notification.objects.get(recipient=finance).body
    drafts.add(invoice=invoice, items=[drafts.Item("SMS", kes("100.00"))], at=LATER)
    again = requests.ask_to_send(invoice=invoice, by=finance, at=LATER)
    assert again.subject_label == "KES\N{NO-BREAK SPACE}1,276.00 for Savanna Foods"


def test_a_draft_stays_as_it_is_while_somebody_decides(waiting):
    invoice = Invoice.objects.get()
    for change in (
        lambda: drafts.add(invoice=invoice, items=[drafts.Item("SMS", kes("100.00"))], at=AT),
        lambda: drafts.remove(line=invoice.lines.get(), at=AT),
        lambda: drafts.discard(invoice=invoice),
    ):
        with pytest.raises(drafts.WaitsForDecision):
            change()
    assert Invoice.objects.get().total == kes("1160.00")


def test_what_is_asked_is_what_was_read(company, finance):
    read = draft(company, "1000.00")
    drafts.add(invoice=Invoice.objects.get(), items=[drafts.Item("SMS", kes("100.00"))], at=AT)
    with pytest.raises(requests.HasChanged):
        requests.ask_to_send(invoice=read, by=finance, at=AT)
    assert not Approval.objects.exists()


def test_only_drafts_with_lines_are_sent_and_once(company, finance, invoice, waiting):
    with pytest.raises(drafts.NotADraft):
        requests.ask_to_send(invoice=invoice, by=finance, at=AT)
    with pytest.raises(approvals.AlreadyAsked):
        requests.ask_to_send(invoice=Invoice.objects.get(status="draft"), by=finance, at=AT)
    empty = Invoice.objects.create(company=company, currency="KES", created_at=AT)
    with pytest.raises(drafts.NothingToInvoice):
        requests.ask_to_send(invoice=empty, by=finance, at=AT)
    assert Approval.objects.count() == 1


def test_a_line_leaves_a_draft_and_the_rest_adds_up(company):
    invoice = draft(company, "1000.00", "500.00", "250.00")
    drafts.remove(line=invoice.lines.get(position=2), at=AT)
    invoice.refresh_from_db()
    assert invoice.total == kes("1450.00")
    assert [(line.position, line.net) for line in invoice.lines.all()] == [(1, kes("1000.00")), (2, kes("250.00"))]


def test_the_last_line_stays(company):
    invoice = draft(company, "1000.00")
    with pytest.raises(drafts.NothingToInvoice):
        drafts.remove(line=invoice.lines.get(), at=AT)
    assert invoice.lines.count() == 1


def test_another_person_writes_off_what_is_left(invoice, finance, staff, company):
    settlement.receive(company=company, amount=kes("160.00"), gateway="manual", reference="FT1", at=AT)
    asked = requests.ask_to_write_off(invoice=invoice, reason=" Closed down. ", by=finance, at=AT)
    assert asked.subject_label == "INV-2026-000001: KES\N{NO-BREAK SPACE}1,000.00"
    with pytest.raises(approvals.MayNotDecide):
        approvals.approve(approval=asked, by=finance, at=LATER)
    approvals.approve(approval=asked, by=staff, at=LATER)
    invoice.refresh_from_db()
    assert (invoice.status, invoice.closing_reason) == ("uncollectible", "Closed down.")
    assert accounts(company=company)["write_off"] == "1000.00"
    assert difference() == ""


def test_an_invoice_that_was_paid_meanwhile_is_not_written_off(invoice, finance, staff, company):
    asked = requests.ask_to_write_off(invoice=invoice, reason="Closed down.", by=finance, at=AT)
    settlement.receive(company=company, amount=kes("1160.00"), gateway="manual", reference="FT1", at=AT)
    with pytest.raises(Exception, match="not possible"):
        approvals.approve(approval=asked, by=staff, at=LATER)
    invoice.refresh_from_db()
    asked.refresh_from_db()
    assert (invoice.status, asked.status) == ("paid", "pending")
    assert "write_off" not in accounts(company=company)


def test_a_write_off_says_why_and_is_asked_for_once(invoice, finance, company):
    with pytest.raises(invoices.ReasonMissing):
        requests.ask_to_write_off(invoice=invoice, reason="  ", by=finance, at=AT)
    with pytest.raises(requests.NotOpen):
        requests.ask_to_write_off(invoice=draft(company, "1.00"), reason="Lost", by=finance, at=AT)
    requests.ask_to_write_off(invoice=invoice, reason="Lost", by=finance, at=AT)
    with pytest.raises(approvals.AlreadyAsked):
        requests.ask_to_write_off(invoice=invoice, reason="Another reason", by=finance, at=AT)
    assert WriteOffRequest.objects.get().reason == "Lost"


def test_asked_again_after_a_rejection_it_says_why_anew(invoice, finance, staff):
    first = requests.ask_to_write_off(invoice=invoice, reason="Lost", by=finance, at=AT)
    approvals.reject(approval=first, by=staff, at=AT, comment="Ask them once more.")
    requests.ask_to_write_off(invoice=invoice, reason="Insolvent", by=finance, at=LATER)
    assert (WriteOffRequest.objects.get().reason, WriteOffRequest.objects.get().asked_at) == ("Insolvent", LATER)
