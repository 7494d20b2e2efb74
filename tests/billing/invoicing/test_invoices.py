"""Issuing, voiding and writing off, and what an issued invoice never is: changed."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from billing.invoicing import facts
from billing.invoicing.models import BillingSettings, Invoice, InvoiceLine, LedgerEntry
from billing.invoicing.services import credit_notes, drafts, invoices, settlement
from billing.invoicing.services.drafts import Item
from portal.accounts.models import Company, User
from portal.activity.models import ActivityEvent
from portal.core.errors import InvalidTransition
from portal.core.models import NumberSeries
from portal.notifications.models import Notification
from tests.billing.invoicing.books import AT, TODAY, accounts, difference, kes
from tests.billing.invoicing.conftest import draft, issued
from tests.portal.core.state_matrix import assert_state_matrix

pytestmark = pytest.mark.django_db
WHY = "Sent to the wrong company."


def test_states() -> None:
    closing = {"at": AT, "reason": "x"}
    assert_state_matrix(
        lambda state: Invoice(status=state or "draft"),
        {
            "issue": {"draft": "open"},
            "settle": {"open": "paid"},
            "reopen": {"paid": "open"},
            "void": {"open": "void"},
            "write_off": {"open": "uncollectible"},
        },
        arguments={
            "issue": {"at": AT, "issued_on": TODAY, "due_on": TODAY},
            "settle": {"at": AT},
            "reopen": {},
            "void": closing,
            "write_off": closing,
        },
    )


def test_issuing_copies_both_parties_tells_and_notes_it(
    company: Company, owner: User, billing_member: User, viewer: User, company_admin: User
) -> None:
    Company.objects.filter(pk=company.pk).update(legal_name="Savanna Foods Limited", billing_city="Nairobi")
    Company.objects.get(pk=company.pk)
    heard: list[object] = []
    facts.invoices_issued.connect(lambda sender, invoices, **rest: heard.extend(invoices), weak=False, dispatch_uid="t")
    invoice = invoices.issue(invoice=draft(company, "1000.00"), today=TODAY, at=AT, by=owner)
    facts.invoices_issued.disconnect(dispatch_uid="t")
    Company.objects.filter(pk=company.pk).update(legal_name="Another Limited")
    invoice.refresh_from_db()
    assert (invoice.bill_to["name"], invoice.bill_to["city"]) == ("Savanna Foods Limited", "Nairobi")
    assert (invoice.bill_from["tax_id"], invoice.bill_from["street"]) == ("P051999888K", "Riverside Drive 8")
    assert set(Notification.objects.values_list("recipient__email", "subject")) == {
        ("owner@savanna.example", "Invoice INV-2026-000001: KES 1,160.00, due on 5 December 2026"),
        ("billing@savanna.example", "Invoice INV-2026-000001: KES 1,160.00, due on 5 December 2026"),
    }
    event = ActivityEvent.objects.get(verb="invoice.issued")
    assert (event.actor, event.company, str(event)) == (owner, company, "Invoice INV-2026-000001 was issued")
    assert heard == [invoice]


def test_numbers_follow_series_year_and_format_that_staff_set(company: Company, vendor: BillingSettings) -> None:
    assert issued(company, "1").number == "INV-2026-000001"
    BillingSettings.objects.update(invoice_series="TS", number_format="{series}/{year}/{number:04d}", payment_days=30)
    again = issued(company, "1")
    assert (again.number, again.due_on) == ("TS/2026/0001", date(2026, 12, 21))
    new_year = datetime(2027, 1, 1, 9, tzinfo=UTC)
    turned = invoices.issue(invoice=draft(company, "1"), today=new_year.date(), at=new_year, by=None)
    assert turned.number == "TS/2027/0001"
    assert difference() == ""


@pytest.mark.parametrize("wanted", ["{series}-{number}", "{series}-{year}-x", "{wrong}", "{number:zz}", "{series"])
def test_format_of_numbers_that_would_repeat_is_refused(wanted: str) -> None:
    with pytest.raises(Exception, match="Name"):
        BillingSettings(number_format=wanted).full_clean()


def test_draft_without_lines_is_not_issued(company: Company) -> None:
    empty = Invoice.objects.create(company=company, currency="KES", created_at=AT)
    with pytest.raises(drafts.NothingToInvoice):
        invoices.issue(invoice=empty, today=TODAY, at=AT, by=None)
    empty.refresh_from_db()
    assert (empty.status, empty.number, NumberSeries.objects.count()) == ("draft", None, 0)


def test_invoice_is_issued_once(invoice: Invoice) -> None:
    with pytest.raises(InvalidTransition):
        invoices.issue(invoice=invoice, today=TODAY, at=AT, by=None)
    assert (LedgerEntry.objects.count(), NumberSeries.objects.get().last) == (3, 1)


def test_source_is_invoiced_once(company: Company) -> None:
    first = draft(company, Item("ERP", kes(100), source="subscription 1, 2026-11-21"))
    with pytest.raises(drafts.AlreadyInvoiced), transaction.atomic():
        draft(company, "5", Item("ERP", kes(100), source="subscription 1, 2026-11-21"))
    assert Invoice.objects.get() == first
    drafts.discard(invoice=first)
    assert draft(company, Item("ERP", kes(100), source="subscription 1, 2026-11-21")).total == kes(116)


def test_lines_are_added_to_drafts_alone(company: Company, invoice: Invoice) -> None:
    open_draft = draft(company, "100")
    drafts.add(invoice=open_draft, items=[Item("More", kes(50))], at=AT)
    assert (open_draft.total, [line.position for line in open_draft.lines.all()]) == (kes(174), [1, 2])
    for refused in (
        lambda: drafts.add(invoice=invoice, items=[Item("More", kes(50))], at=AT),
        lambda: drafts.discard(invoice=invoice),
    ):
        with pytest.raises(drafts.NotADraft):
            refused()
    assert invoice.lines.count() == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda: Invoice.objects.update(total_amount=1, net_amount=1, tax_amount=0),
        lambda: Invoice.objects.update(bill_to={"name": "Somebody else"}),
        lambda: Invoice.objects.update(number="INV-2026-000009"),
        lambda: Invoice.objects.update(due_on=date(2030, 1, 1)),
        lambda: Invoice.objects.update(status="draft", number=None),
        lambda: Invoice.objects.all()._raw_delete("default"),
        lambda: InvoiceLine.objects.update(description="Something else"),
        lambda: InvoiceLine.objects.all()._raw_delete("default"),
        lambda: InvoiceLine.objects.create(invoice=Invoice.objects.get(), position=2, unit_price=Decimal(1)),
    ],
)
def test_database_refuses_to_change_what_is_issued(invoice: Invoice, change: object) -> None:
    before = Invoice.objects.values().get(), list(InvoiceLine.objects.values())
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        change()
    assert (Invoice.objects.values().get(), list(InvoiceLine.objects.values())) == before


def test_line_does_not_move_to_an_issued_invoice(company: Company, invoice: Invoice) -> None:
    other = draft(company, "5")
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        other.lines.update(invoice=invoice, position=2)
    assert other.lines.count() == 1


def test_void_takes_everything_back(company: Company, owner: User, invoice: Invoice) -> None:
    invoices.void(invoice=invoice, reason=WHY, at=AT, by=owner)
    invoice.refresh_from_db()
    assert (invoice.status, invoice.closing_reason, invoice.due) == ("void", WHY, kes(0))
    assert accounts() == {}
    assert difference() == ""


def test_void_keeps_what_was_paid_for_the_next_invoice(company: Company, invoice: Invoice) -> None:
    settlement.receive(company=company, amount=kes(160), gateway="manual", reference="T1", at=AT)
    invoices.void(invoice=invoice, reason=WHY, at=AT, by=None)
    assert accounts() == {"cash manual": "160.00", "customer_balance": "-160.00"}
    following = issued(company, "1000.00")
    assert (following.due, accounts()["cash manual"]) == (kes(1000), "160.00")
    assert "customer_balance" not in accounts()


def test_write_off_gives_up_what_is_due(company: Company, owner: User, invoice: Invoice) -> None:
    settlement.receive(company=company, amount=kes(160), gateway="manual", reference="T1", at=AT)
    invoices.write_off(invoice=invoice, reason="The company is closed.", at=AT, by=owner)
    assert accounts() == {
        "cash manual": "160.00",
        "revenue": "-1000.00",
        "tax_payable VAT 16 %": "-160.00",
        "write_off": "1000.00",
    }
    assert difference() == ""


def test_closing_needs_a_reason_and_an_open_invoice(company: Company, invoice: Invoice) -> None:
    with pytest.raises(invoices.ReasonMissing):
        invoices.void(invoice=invoice, reason="  ", at=AT, by=None)
    credit_notes.issue(invoice=invoice, reason=WHY, today=TODAY, at=AT, by=None, amount=kes(10))
    with pytest.raises(invoices.AlreadyCredited):
        invoices.void(invoice=invoice, reason=WHY, at=AT, by=None)
    settlement.receive(company=company, amount=kes(1150), gateway="manual", reference="T1", at=AT)
    for close in (invoices.void, invoices.write_off):
        with pytest.raises(InvalidTransition):
            close(invoice=invoice, reason=WHY, at=AT, by=None)
    invoice.refresh_from_db()
    assert (invoice.status, difference()) == ("paid", "")


def test_invoice_over_nothing_is_paid_at_once(company: Company) -> None:
    invoice = issued(company, "100", Item("Discount", kes(-100)))
    assert (invoice.status, invoice.number, accounts()) == ("paid", "INV-2026-000001", {})
    assert difference() == ""


def test_invoice_below_zero_adds_to_the_balance(company: Company) -> None:
    invoice = issued(company, "100", Item("Unused part of the old plan", kes(-300)))
    assert (invoice.status, invoice.total) == ("paid", kes(-232))
    assert accounts() == {"revenue": "200.00", "tax_payable VAT 16 %": "32.00", "customer_balance": "-232.00"}
    assert difference() == ""
