"""Finance reads invoices, credit notes and the ledger in the admin, and acts by services alone."""

import re

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing.invoicing.models import CreditNote, Invoice, LedgerTransaction, TaxExemption, TaxRate
from billing.invoicing.services import credit_notes
from portal.approvals.models import Approval
from tests.billing.invoicing.books import AT, TODAY, accounts, kes
from tests.billing.invoicing.conftest import draft, issued
from tests.cast import client_of
from tests.factories import CompanyFactory

pytestmark = pytest.mark.django_db
LIST = "/admin/registers/invoices/"
REGISTERS = (LIST, "/admin/registers/credit_notes/", "/admin/registers/ledger/")
LINE = {"description": "Training", "quantity": "2", "unit_price": "500.00", "tax_category": "standard"}


def numbers(user, query: str = "") -> list[str | None]:
    """The numbers of the rows, in order."""
    return [row.number for row in client_of(user).get(LIST + query).context["object_list"]]


def page_of(invoice: Invoice) -> str:
    return f"{LIST}inspect/{invoice.pk}/"


def test_only_finance_and_administrators_read_the_registers(invoice, finance, staff, support, editor, owner):
    for address in (*REGISTERS, page_of(invoice), f"{LIST}pdf/{invoice.pk}/", f"{LIST}new/"):
        for person in (support, editor, owner):
            answer = client_of(person).get(address)
            assert answer.status_code in (302, 403), (address, person)
            assert "INV-2026" not in answer.content.decode()
    for person in (finance, staff):
        for address in (*REGISTERS, page_of(invoice), f"{LIST}new/"):
            assert client_of(person).get(address).status_code == 200, (address, person)


def test_drafts_come_first_and_the_list_is_narrowed(company, other_company, finance):
    first, second = issued(company, "10.00"), issued(other_company, "20.00")
    drawn_up = draft(company, "30.00")
    assert numbers(finance) == [None, second.number, first.number]
    assert numbers(finance, "?company=ridgeline") == [second.number]
    assert numbers(finance, "?status=draft") == [drawn_up.number]
    assert numbers(finance, "?number=inv-2026-000001") == [first.number]
    assert numbers(finance, "?issued_on_from=2026-11-22") == []


@pytest.mark.parametrize("address", REGISTERS)
def test_a_longer_register_asks_no_more(address, company, other_company, finance):
    client = client_of(finance)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    def fill(count: int) -> None:
        for of in (company, other_company) * count:
            invoice = issued(of, "10.00")
            credit_notes.issue(invoice=invoice, reason="Lost", today=TODAY, at=AT, by=None)

    fill(1)
    client.get(address)
    before = asked()
    fill(10)
    assert asked() == before


def test_a_draft_is_drawn_up_changed_and_asked_for(company, finance):
    client = client_of(finance)
    client.post(f"{LIST}new/", {**LINE, "company": "savanna-foods", "note": "As agreed."})
    invoice = Invoice.objects.get()
    assert (invoice.company, invoice.total, invoice.note) == (company, kes("1160.00"), "As agreed.")
    period = {"starts_on": "2026-11-01", "last_day": "2026-11-30"}
    client.post(f"{LIST}add_line/{invoice.pk}/", {**LINE, "description": "SMS", "quantity": "1", **period})
    line = invoice.lines.get(position=2)
    assert (line.net, line.period) == (kes("500.00"), "1 Nov 2026 – 30 Nov 2026")
    client.post(f"{LIST}remove_line/{line.pk}/")
    assert invoice.lines.count() == 1
    client.post(f"{LIST}ask_to_send/{invoice.pk}/")
    approval = Approval.objects.get()
    assert (approval.kind, approval.asked_by, approval.company) == ("invoice_sending", finance, company)
    shown = client.get(page_of(invoice)).text
    assert f"/admin/snippets/approvals/approval/inspect/{approval.pk}/" in shown
    assert "Ask for sending" not in shown
    refused = client.post(f"{LIST}discard/{invoice.pk}/")
    assert "Until then it stays as it is." in refused.text
    assert Invoice.objects.count() == 1


def test_a_company_is_named_so_that_one_is_meant(company, finance):
    CompanyFactory.create(name="Savanna Farms", slug="savanna-farms")
    client = client_of(finance)
    for words, told in (
        ("Savanna", "Several are called that: Savanna Farms (savanna-farms), Savanna Foods (savanna-foods)."),
        ("Nobody", "No company is called that."),
    ):
        assert told in client.post(f"{LIST}new/", {**LINE, "company": words}).text
    assert not Invoice.objects.exists()
    client.post(f"{LIST}new/", {**LINE, "company": "savanna foods"})
    assert Invoice.objects.get().company == company


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"quantity": "0"}, "greater than or equal to"),
        ({"starts_on": "2026-11-01"}, "A period has a first and a last day."),
        ({"starts_on": "2026-11-02", "last_day": "2026-11-01"}, "The period ends before it begins."),
        ({"unit_price": "a lot"}, "Enter a number."),
    ],
)
def test_a_wrong_line_is_said_and_nothing_is_written(wrong, told, company, finance):
    answer = client_of(finance).post(f"{LIST}new/", {**LINE, "company": "savanna-foods", **wrong})
    assert told in answer.text
    assert "Training" in answer.text
    assert not Invoice.objects.exists()


def test_an_invoice_is_credited_and_voided(company, finance):
    client, credited, void = client_of(finance), issued(company, "100.00"), issued(company, "50.00")
    client.post(f"{LIST}credit/{credited.pk}/", {"amount": "58.00", "reason": "Half was lost."})
    assert CreditNote.objects.get().total == kes("58.00")
    client.post(f"{LIST}void/{void.pk}/", {"reason": "Twice."})
    void.refresh_from_db()
    assert (void.status, void.closing_reason) == ("void", "Twice.")
    assert accounts(company=company)["receivable"] == "58.00"


def test_a_refusal_is_said_above_the_form_and_changes_nothing(company, finance):
    invoice = issued(company, "100.00")
    before = LedgerTransaction.objects.count()
    answer = client_of(finance).post(f"{LIST}credit/{invoice.pk}/", {"amount": "116.01", "reason": "All of it."})
    assert answer.status_code == 200
    assert not CreditNote.objects.exists()
    assert LedgerTransaction.objects.count() == before


def test_who_may_only_look_does_nothing(company, support, finance):
    support.user_permissions.add(Permission.objects.get(codename="view_invoice"))
    invoice, client = issued(company, "100.00"), client_of(support)
    shown = client.get(page_of(invoice)).text
    assert "INV-2026-000001" in shown
    assert "/void/" not in shown
    for action in ("void", "credit", "ask_to_write_off", "add_line", "discard", "ask_to_send"):
        assert client.post(f"{LIST}{action}/{invoice.pk}/", {"reason": "Because."}).status_code == 302
    invoice.refresh_from_db()
    assert invoice.status == "open"
    assert not Approval.objects.exists()


def test_the_pages_of_all_three_tell_what_there_is(company, finance):
    invoice = issued(company, "100.00")
    note = credit_notes.issue(
        invoice=invoice, reason="Half was lost.", amount=kes("58.00"), today=TODAY, at=AT, by=None
    )
    client = client_of(finance)
    assert "Half was lost." in client.get(page_of(invoice)).text
    assert invoice.number in client.get(f"/admin/registers/credit_notes/inspect/{note.pk}/").text
    booked = LedgerTransaction.objects.get(kind="credit_note")
    shown = client.get(f"/admin/registers/ledger/inspect/{booked.pk}/").text
    sides = re.findall(r'<td class="figure">(.*?)</td>', shown.replace("\N{NO-BREAK SPACE}", " "))
    assert sides == ["KES 50.00", "", "KES 8.00", "", "", "KES 58.00"]
    # Nine in the morning in UTC is noon in Nairobi.
    assert "21 November 2026, 12:00:00" in shown


def test_finance_keeps_rates_that_issued_invoices_do_not_follow(company, finance):
    invoice = issued(company, "100.00")
    client = client_of(finance)
    form = {"country": "KE", "category": "standard", "name": "VAT", "percent": "18", "starts_on": "2026-11-22"}
    client.post("/admin/snippets/invoicing/taxrate/add/", form)
    assert TaxRate.objects.get(percent=18).country == "KE"
    invoice.refresh_from_db()
    assert invoice.total == kes("116.00")


def test_exempt_company_is_looked_up_by_name(company, other_company, finance):
    client = client_of(finance)
    page = client.get("/admin/snippets/invoicing/taxexemption/add/").text
    assert "Choose a company" in page
    assert "Ridgeline" not in page
    form = {"company": company.pk, "reason": "VAT Act 2013, section 7", "certificate": "E-1", "starts_on": "2026-01-01"}
    assert client.post("/admin/snippets/invoicing/taxexemption/add/", form).status_code == 302
    exemption = TaxExemption.objects.get()
    assert (exemption.company, exemption.shown) == (company, "VAT Act 2013, section 7 (E-1)")
    assert "Savanna Foods" in client.get(f"/admin/snippets/invoicing/taxexemption/edit/{exemption.pk}/").text
