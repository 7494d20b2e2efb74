"""What `verify_ledger` finds when somebody changes the books with the guards switched off."""

import pytest

from billing.invoicing.models import Invoice
from billing.invoicing.registry import ledger_checks
from billing.invoicing.services import credit_notes
from tests.billing.invoicing.books import AT, TODAY, difference, kes, unguarded
from tests.billing.invoicing.conftest import issued

pytestmark = pytest.mark.django_db
OTHER_INVOICE = """
UPDATE invoicing_invoiceline SET net_amount = 999 WHERE net_amount = 1000;
UPDATE invoicing_invoice SET net_amount = 999, total_amount = 1159 WHERE net_amount = 1000
"""
OTHER_NOTE = """
UPDATE invoicing_creditnoteline SET net_amount = 90, tax_amount = 26;
UPDATE invoicing_creditnote SET net_amount = 90, tax_amount = 26
"""


@pytest.fixture
def world(invoice: Invoice) -> Invoice:
    """Two invoices, and a credit note against the first."""
    issued(invoice.company, "500")
    credit_notes.issue(invoice=invoice, reason="Gone.", today=TODAY, at=AT, by=None, amount=kes(116))
    return invoice


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE invoicing_invoiceline SET net_amount = 999 WHERE net_amount = 1000", "INV-2026-000001 is not the sum"),
        ("UPDATE invoicing_creditnoteline SET tax_amount = 15", "CN-2026-000001 is not the sum"),
        (OTHER_INVOICE, "INV-2026-000001 is booked with other amounts"),
        (OTHER_NOTE, "CN-2026-000001 is booked with other amounts"),
        (
            "UPDATE invoicing_invoice SET status = 'paid' WHERE net_amount = 500",
            "INV-2026-000002 is paid, and by the ledger KES580",
        ),
        (
            "UPDATE invoicing_ledgerentry SET invoice_id = (SELECT max(id) FROM invoicing_invoice)",
            "is open, and by the ledger",
        ),
        (
            "UPDATE invoicing_invoice SET sequence = 5, number = 'INV-2026-000005' WHERE sequence = 2",
            "2 numbers from 1 to 5",
        ),
        ("UPDATE core_numberseries SET last = 9 WHERE series = 'CN'", "9 was last"),
    ],
)
def test_proof_finds_it(world: Invoice, statement: str, says: str) -> None:
    assert difference() == ""
    unguarded(statement)
    assert says in difference()


def test_checks_of_other_apps_are_run(world: Invoice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ledger_checks._entries, "payments", lambda: iter(["payment 7 is not in the ledger"]))
    assert difference() == "The books do not agree: payments: payment 7 is not in the ledger."
