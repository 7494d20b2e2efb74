"""Invoices name whom they were for as long as the law demands, and not longer."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from billing.invoicing.models import Invoice, PaperFile
from billing.invoicing.retention import RULES
from billing.invoicing.services import credit_notes, settlement
from billing.invoicing.services.papers import archive
from portal.accounts.services import cleaning
from portal.core.privacy import Erasing, company_erasers
from tests.billing.invoicing.books import AT, TODAY, accounts, difference, kes
from tests.billing.invoicing.conftest import draft, issued
from tests.cast import client_of

pytestmark = pytest.mark.django_db
RULE = RULES["invoices"]
AFTER = AT + timedelta(days=RULE.days + 1)


@pytest.fixture
def paid(company) -> Invoice:
    """Paid in full, half of it credited afterwards; with its PDF."""
    company.tax_id = "P051234567Z"
    company.save()
    invoice = issued(company, "1000.00")
    archive.make(pk=PaperFile.objects.get().pk)
    settlement.receive(company=company, amount=kes("1160.00"), gateway="manual", reference="FT1", at=AT)
    credit_notes.issue(invoice=invoice, reason="Lost", amount=kes("580.00"), today=TODAY, at=AT, by=None)
    return invoice


def forget() -> None:
    cleaning.clean_up(at=AFTER)


def test_after_the_period_names_and_files_go_and_amounts_stay(paid, company, owner, django_capture_on_commit_callbacks):
    before, file = accounts(company=company), PaperFile.objects.get(invoice=paid).file
    with django_capture_on_commit_callbacks(execute=True):
        forget()
    paid.refresh_from_db()
    assert (paid.bill_to, paid.bill_to_tax_id, paid.number, paid.total) == ({}, None, "INV-2026-000001", kes("1160.00"))
    note = paid.credit_notes.get()
    assert (note.bill_to, note.bill_to_tax_id, note.total) == ({}, None, kes("580.00"))
    assert not PaperFile.objects.exists()
    assert not file.storage.exists(file.name)
    assert (accounts(company=company), difference()) == (before, "")
    client = client_of(owner)
    assert client.get(f"/customer/billing/invoices/{paid.number}/").status_code == 200
    assert client.get(f"/customer/billing/invoices/{paid.number}.pdf").status_code == 404


def test_before_the_period_is_over_and_while_money_is_due_names_stay(paid, other_company):
    unpaid = issued(other_company, "10.00")
    cleaning.clean_up(at=AT + timedelta(days=RULE.days - 1))
    paid.refresh_from_db()
    assert paid.bill_to["name"] == "Savanna Foods"
    forget()
    unpaid.refresh_from_db()
    assert unpaid.bill_to["name"]


def test_a_document_may_forget_and_nothing_else(paid):
    for change in ({"bill_to": {"name": "Somebody else"}}, {"bill_to": {}, "total_amount": 1}, {"bill_from": {}}):
        for rows in (Invoice.objects.filter(pk=paid.pk), paid.credit_notes.all()):
            with pytest.raises(DatabaseError), transaction.atomic():
                rows.update(**change)


def test_a_company_that_leaves_leaves_issued_invoices(paid, company, other_company):
    draft(company, "10.00")
    kept = draft(other_company, "10.00")
    company_erasers.get("invoices").erase(Erasing(company, company.name, frozenset(), AT))
    assert set(Invoice.objects.filter(status="draft")) == {kept}
    assert Invoice.objects.get(pk=paid.pk).bill_to["name"] == "Savanna Foods"
