"""The invoice run: everything due once, one invoice for each company and currency, whoever works on it."""

from datetime import date, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.db.models import TextField
from django.db.models.functions import Cast

from billing.invoicing import facts
from billing.invoicing.models import (
    BillingSettings,
    Charge,
    Invoice,
    InvoiceBatch,
    InvoiceLine,
    InvoiceRun,
    LedgerEntry,
    LedgerTransaction,
    PaperFile,
    TaxExemption,
    TaxRate,
)
from billing.invoicing.registry import draft_policies
from billing.invoicing.services import charges, drafts, invoices, settlement
from billing.invoicing.services.charges import NewCharge
from billing.invoicing.services.drafts import Item
from portal.accounts.models import Company, User
from portal.activity.models import ActivityEvent
from portal.core.models import Job, NumberSeries
from portal.core.services.encryption import encrypted_fields
from portal.notifications.models import Notification
from tests.billing.invoicing.books import AT, TODAY, accounts, difference, kes
from tests.billing.invoicing.charging import counts, owe, run
from tests.billing.invoicing.conftest import draft

pytestmark = pytest.mark.django_db
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


def test_run_issues_one_invoice_for_each_company_and_currency(company: Company, other_company: Company) -> None:
    owe(company, "a", "333.33", quantity=Decimal(3), starts_on=TODAY, ends_on=TOMORROW)
    owe(company, "b", "-99.99")
    owe(company, "c", "10.00", currency="USD")
    owe(other_company, "d", "5")
    owe(company, "later", due_on=TOMORROW)
    run()
    rows = Invoice.objects.order_by("sequence").values_list(
        "number", "company__slug", "currency", "status", "issued_on", "due_on", "net_amount", "tax_amount"
    )
    due_on = date(2026, 12, 5)
    assert list(rows) == [
        ("INV-2026-000001", "savanna-foods", "KES", "open", TODAY, due_on, Decimal(900), Decimal(144)),
        ("INV-2026-000002", "savanna-foods", "USD", "open", TODAY, due_on, Decimal(10), Decimal("1.60")),
        ("INV-2026-000003", "ridgeline-sacco", "KES", "open", TODAY, due_on, Decimal(5), Decimal("0.80")),
    ]
    assert Charge.objects.waiting().get().source == "later"
    assert accounts(company=company, currency="KES") == {
        "receivable": "1044.00",
        "revenue": "-900.00",
        "tax_payable VAT 16 %": "-144.00",
    }
    assert difference() == ""


def test_tax_number_is_copied_sealed_and_opens_with_the_newest_key_alone(company: Company, settings: Any) -> None:
    Company(pk=company.pk, tax_id="P051234567K").save(update_fields=["tax_id"])
    owe(company, "a")
    run()
    tokens = [
        rows.values_list(Cast(name, TextField()), flat=True).get()
        for rows, name in ((Company.objects.filter(pk=company.pk), "tax_id"), (Invoice.objects.all(), "bill_to_tax_id"))
    ]
    assert tokens[0] == tokens[1] != "P051234567K"
    new = Fernet.generate_key().decode()
    settings.FIELD_ENCRYPTION_KEYS = [new, *settings.FIELD_ENCRYPTION_KEYS]
    call_command("rotate_keys", stdout=StringIO())
    settings.FIELD_ENCRYPTION_KEYS = [new]
    assert Invoice.objects.get().bill_to_tax_id == "P051234567K"
    assert list(encrypted_fields()).index(Company) < list(encrypted_fields()).index(Invoice)


def test_invoice_of_a_company_without_tax_number_has_none(company: Company) -> None:
    Company(pk=company.pk, tax_id=None).save(update_fields=["tax_id"])
    owe(company, "a")
    run()
    assert Invoice.objects.get().bill_to_tax_id is None


def test_lines_are_what_was_charged(company: Company) -> None:
    owe(company, "a", "0.125", quantity=Decimal("84.5"), starts_on=TODAY, ends_on=TOMORROW, tax_category="standard")
    owe(company, "b", "2")
    run()
    first, second = InvoiceLine.objects.order_by("position").values()
    assert {name: value for name, value in first.items() if name not in ("id", "invoice_id")} == {
        "position": 1,
        "description": "ERP",
        "quantity": Decimal("84.500000"),
        "unit_price": Decimal("0.125000"),
        "tax_category": "standard",
        "starts_on": TODAY,
        "ends_on": TOMORROW,
        "source": "a",
        "net_amount": Decimal("10.5600"),
        "tax_name": "VAT",
        "tax_percent": Decimal("16.000"),
        "tax_code": "S",
        "tax_reason": "",
        "tax_amount": Decimal("1.6900"),
    }
    assert (second["position"], second["source"], second["net_amount"]) == (2, "b", 2)
    assert set(Charge.objects.values_list("invoice", flat=True)) == {Invoice.objects.get().pk}


def rows_of(invoice: Invoice) -> dict[str, list[dict[str, object]]]:
    """All that issuing writes about an invoice, but for keys, identifiers, sources and its own number."""
    movements = LedgerTransaction.objects.about(invoice)
    found = {
        "invoice": Invoice.objects.filter(pk=invoice.pk),
        "lines": invoice.lines.order_by("position"),
        "movements": movements,
        "entries": LedgerEntry.objects.filter(transaction__in=movements).order_by("account", "detail"),
        "events": ActivityEvent.objects.about(invoice),
        "paper": PaperFile.objects.filter(invoice=invoice),
    }
    own = {"id", "public_id", "sequence", "source", "invoice_id", "transaction_id", "object_id", "booked_at"}
    named = {invoice.number: "its number", f"invoice {invoice.public_id} issued": "its name"}

    def told(row: dict[str, object]) -> dict[str, object]:
        return {
            name: named.get(value, value) if isinstance(value, str) else value
            for name, value in row.items()
            if name not in own
        }

    return {part: [told(row) for row in rows.values()] for part, rows in found.items()}


def test_invoice_of_a_run_is_equal_to_one_issued_alone_in_every_column(company: Company) -> None:
    Company.objects.filter(pk=company.pk).update(legal_name="Savanna Foods Limited", billing_city="Nairobi")
    Company(pk=company.pk, tax_id="P051234567K").save(update_fields=["tax_id"])
    TaxRate.objects.create(country="KE", category="reduced", percent=Decimal(8), starts_on=date(2020, 1, 1))
    TaxRate.objects.create(country="KE", category="zero", percent=Decimal(0), starts_on=date(2020, 1, 1))
    lines = [
        ("0.125", {"quantity": Decimal("84.5"), "starts_on": TODAY, "ends_on": TOMORROW}),
        ("333.335", {"tax_category": "reduced"}),
        ("-0.005", {"tax_category": "standard"}),
        ("12.34", {"tax_category": "zero"}),
        ("77.77", {"tax_category": "reduced", "quantity": Decimal("0.333333")}),
    ]
    items = [Item("ERP", kes(price), **more) for price, more in lines]
    alone = invoices.issue(invoice=draft(company, *items), today=TODAY, at=AT, by=None)
    for number, (price, more) in enumerate(lines):
        owe(company, str(number), price, **more)
    run()
    one, other = rows_of(alone), rows_of(Invoice.objects.get(sequence=2))
    assert one == other
    assert {part: len(rows) for part, rows in one.items()} == {
        "invoice": 1, "lines": 5, "movements": 1, "entries": 4, "events": 1, "paper": 1,
    }  # fmt: skip
    # 10.56 + 333.34 - 0.01 + 12.34 + 25.92; tax 1.69 + 26.67 + 0 + 0 + 2.07.
    assert (one["invoice"][0]["net_amount"], one["invoice"][0]["tax_amount"]) == (Decimal("382.15"), Decimal("30.43"))
    assert [(row["account"], row["detail"], row["amount"]) for row in one["entries"]] == [
        ("receivable", "", Decimal("412.58")),
        ("revenue", "", Decimal("-382.15")),
        ("tax_payable", "VAT 16 %", Decimal("-1.69")),
        ("tax_payable", "VAT 8 %", Decimal("-28.74")),
    ]
    assert difference() == ""


def test_run_does_to_an_invoice_what_issuing_it_alone_does(
    company: Company, owner: User, billing_member: User, viewer: User, company_admin: User
) -> None:
    Company.objects.filter(pk=company.pk).update(legal_name="Savanna Foods Limited")
    Company(pk=company.pk, tax_id="P051234567K").save(update_fields=["tax_id"])
    heard: list[Invoice] = []
    facts.invoices_issued.connect(lambda sender, invoices, **rest: heard.extend(invoices), weak=False, dispatch_uid="t")
    alone = invoices.issue(invoice=draft(company, Item("ERP", kes("1000.00"))), today=TODAY, at=AT, by=None)
    owe(company, "a")
    run()
    facts.invoices_issued.disconnect(dispatch_uid="t")
    drawn = Invoice.objects.get(sequence=2)
    assert heard == [alone, drawn]
    own = ("id", "public_id", "sequence", "number")
    one, other = (
        {name: value for name, value in row.items() if name not in own}
        for row in Invoice.objects.order_by("sequence").values()
    )
    assert one == other
    assert (drawn.bill_to["name"], drawn.bill_to_tax_id) == ("Savanna Foods Limited", "P051234567K")
    assert [(row.verb, row.company, row.actor, str(row)) for row in ActivityEvent.objects.about(drawn)] == [
        ("invoice.issued", company, None, "Invoice INV-2026-000002 was issued")
    ]
    told = Notification.objects.filter(key=f"invoice {drawn.public_id}")
    assert set(told.values_list("recipient__email", "subject", "company", "url")) == {
        (
            email,
            "Invoice INV-2026-000002: KES 1,160.00, due on 5 December 2026",
            company.pk,
            "/customer/billing/invoices/INV-2026-000002/",
        )
        for email in ("owner@savanna.example", "billing@savanna.example")
    }
    movements = [
        LedgerTransaction.objects.about(invoice).values_list("kind", "subject_label", "currency", "company").get()
        for invoice in (alone, drawn)
    ]
    assert [row[0] for row in movements] == ["invoice", "invoice"]
    assert movements[1][1:] == ("INV-2026-000002", "KES", company.pk)
    assert PaperFile.objects.filter(invoice=drawn, state="queued").exists()


def test_second_run_adds_no_row(company: Company) -> None:
    owe(company, "a")
    run()
    before = counts()
    assert run() is None
    assert counts() == before


def test_tax_is_that_of_the_day(company: Company, other_company: Company) -> None:
    day = date(2020, 12, 31)
    TaxExemption.objects.create(company=other_company, reason="Export zone", certificate="EPZ 7", starts_on=day)
    for number, who in enumerate((company, other_company)):
        owe(who, f"old {number}", due_on=day)
        owe(who, f"new {number}", due_on=day + timedelta(days=1))
    run(day + timedelta(days=1))
    rows = InvoiceLine.objects.order_by("source").values_list("source", "tax_percent", "tax_code", "tax_reason")
    assert list(rows) == [
        ("new 0", 16, "S", ""),
        ("new 1", 0, "E", "Export zone (EPZ 7)"),
        ("old 0", 14, "S", ""),
        ("old 1", 0, "E", "Export zone (EPZ 7)"),
    ]
    assert set(Invoice.objects.values_list("number", flat=True)) == {
        "INV-2020-000001", "INV-2020-000002", "INV-2021-000001", "INV-2021-000002",
    }  # fmt: skip


@pytest.mark.parametrize("day_by_day", [True, False])
def test_days_are_the_same_in_one_go_and_day_by_day(company: Company, other_company: Company, day_by_day: bool) -> None:
    for offset in range(3):
        for who in (company, other_company):
            owe(who, f"{who.slug} {offset}", due_on=TODAY + timedelta(days=offset))
    for offset in range(3) if day_by_day else [2]:
        run(TODAY + timedelta(days=offset))
    rows = Invoice.objects.order_by("sequence").values_list("sequence", "company__slug", "issued_on", "lines__source")
    assert list(rows) == [
        (2 * offset + place, slug, TODAY + timedelta(days=offset), f"{slug} {offset}")
        for offset in range(3)
        for place, slug in ((1, "savanna-foods"), (2, "ridgeline-sacco"))
    ]
    assert list(InvoiceRun.objects.order_by("pk").values_list("due_on", "finished_at")) == [
        (TODAY + timedelta(days=offset), AT) for offset in range(3)
    ]


def test_what_comes_after_the_run_of_its_day_goes_with_the_next(company: Company) -> None:
    owe(company, "a")
    run()
    owe(company, "late", due_on=YESTERDAY)
    run()
    owe(company, "later still")
    run(TOMORROW)
    rows = Invoice.objects.order_by("sequence").values_list("lines__source", "issued_on")
    assert list(rows) == [("a", TODAY), ("late", TODAY), ("later still", TOMORROW)]


def test_balance_is_used_first_and_once(company: Company, other_company: Company, owner: User) -> None:
    settlement.receive(company=company, amount=kes(2000), gateway="manual", reference="1", at=AT)
    heard: list[Invoice] = []
    facts.invoices_paid.connect(lambda sender, invoices, **rest: heard.extend(invoices), weak=False, dispatch_uid="t")
    owe(company, "a")
    owe(other_company, "b")
    run()
    owe(company, "c")
    run()
    facts.invoices_paid.disconnect(dispatch_uid="t")
    rows = (
        Invoice.objects.with_due()
        .order_by("sequence")
        .values_list("company__slug", "status", "due_amount", "closed_at")
    )
    assert list(rows) == [
        ("savanna-foods", "paid", 0, AT),
        ("ridgeline-sacco", "open", 1160, None),
        ("savanna-foods", "open", 320, None),
    ]
    assert [invoice.sequence for invoice in heard] == [1]
    assert Notification.objects.filter(kind="invoice_paid").get().recipient == owner
    assert ActivityEvent.objects.filter(verb="invoice.paid").count() == 1
    assert difference() == ""


def test_discounts_above_the_price_add_to_the_balance(company: Company) -> None:
    owe(company, "a", "-100")
    owe(company, "free", "0", currency="USD")
    run()
    assert set(Invoice.objects.values_list("currency", "status", "total_amount")) == {
        ("KES", "paid", -116), ("USD", "paid", 0),
    }  # fmt: skip
    assert accounts()["customer_balance"] == "-116.00"
    assert difference() == ""


def test_what_cannot_be_invoiced_waits_and_does_not_stop_the_others(company: Company, other_company: Company) -> None:
    owe(company, "a", tax_category="reduced")
    owe(other_company, "b")
    done = run()
    batch = InvoiceBatch.objects.get()
    assert (batch.invoices, batch.drawn, batch.state) == (1, 1, Job.State.DONE)
    assert batch.problems == [{"company": company.pk, "said": "No rate of tax is known for reduced lines there."}]
    assert Charge.objects.waiting().get().source == "a"
    assert InvoiceRun.objects.get() == done
    TaxRate.objects.create(country="KE", category="reduced", percent=Decimal(8), starts_on=date(2020, 1, 1))
    run()
    assert Invoice.objects.get(company=company).total == kes(1080)
    assert NumberSeries.objects.get().last == 2


def test_source_that_staff_have_invoiced_by_hand_is_not_invoiced_again(company: Company) -> None:
    owe(company, "a")
    owe(company, "b")
    by_hand = draft(company, Item("ERP", kes(5), source="a"))
    run()
    assert set(Charge.objects.values_list("source", "invoice")) == {
        ("a", by_hand.pk), ("b", Invoice.objects.get(status="open").pk),
    }  # fmt: skip


def test_invoices_that_somebody_decides_about_stay_drafts(company: Company, other_company: Company) -> None:
    heard: list[Invoice] = []
    facts.invoices_drafted.connect(
        lambda sender, invoices, **rest: heard.extend(invoices), weak=False, dispatch_uid="t"
    )
    draft_policies.register("t", lambda companies: {row.pk for row in companies if row.slug == "savanna-foods"})
    owe(company, "a")
    owe(other_company, "b")
    try:
        run()
    finally:
        del draft_policies._entries["t"]
        facts.invoices_drafted.disconnect(dispatch_uid="t")
    kept = Invoice.objects.get(company=company)
    assert (kept.status, kept.number, kept.total, heard) == ("draft", None, kes(1160), [kept])
    assert Invoice.objects.get(company=other_company).number == "INV-2026-000001"
    assert not Charge.objects.waiting().exists()
    assert difference() == ""
    drafts.discard(invoice=kept)
    assert Charge.objects.waiting().get().source == "a"


def test_line_that_is_taken_out_of_a_draft_waits_for_the_next_run(company: Company) -> None:
    owe(company, "a")
    owe(company, "b", "5")
    draft_policies.register("t", lambda companies: {row.pk for row in companies})
    try:
        run()
    finally:
        del draft_policies._entries["t"]
    kept = Invoice.objects.get()
    drafts.remove(line=kept.lines.get(source="a"), at=AT)
    assert Charge.objects.waiting().get().source == "a"
    run()
    assert [(row.status, row.net_amount) for row in Invoice.objects.order_by("pk")] == [("draft", 5), ("open", 1000)]
    assert set(InvoiceLine.objects.values_list("source", "invoice__status")) == {("a", "open"), ("b", "draft")}


def test_more_than_a_thousand_charges_make_several_invoices(company: Company) -> None:
    rows = [NewCharge(company.pk, TODAY, Item("ERP", kes(1), source=str(number))) for number in range(1001)]
    charges.add(rows, at=AT)
    run()
    assert list(Invoice.objects.order_by("sequence").values_list("net_amount", flat=True)) == [1000, 1]


def test_numbers_follow_the_format_that_staff_set(company: Company, other_company: Company) -> None:
    BillingSettings.objects.update(invoice_series="TS", number_format="{series}/{year}/{number:04d}", payment_days=30)
    owe(company, "a")
    owe(other_company, "b")
    run()
    assert list(Invoice.objects.order_by("sequence").values_list("number", "due_on")) == [
        ("TS/2026/0001", date(2026, 12, 21)),
        ("TS/2026/0002", date(2026, 12, 21)),
    ]
