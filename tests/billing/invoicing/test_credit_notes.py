"""Credit notes: whole and in part, never more than is left, tax in proportion."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from djmoney.money import Money
from hypothesis import given
from hypothesis import strategies as st

from billing.invoicing.models import CreditNote, CreditNoteLine, Invoice, TaxRate
from billing.invoicing.services import credit_notes, ledger, settlement
from billing.invoicing.services.drafts import Item
from portal.accounts.models import Company, User
from portal.core.errors import DomainError
from portal.core.money import total
from portal.notifications.models import Notification
from tests.billing.invoicing.books import AT, TODAY, accounts, difference, kes
from tests.billing.invoicing.conftest import draft, issued

pytestmark = pytest.mark.django_db


def credit(invoice: Invoice, amount: Money | None = None, reason: str = "Two users had left.") -> CreditNote:
    return credit_notes.issue(invoice=invoice, reason=reason, today=TODAY, at=AT, by=None, amount=amount)


def test_full_credit_of_an_open_invoice_closes_it(company: Company, owner: User, invoice: Invoice) -> None:
    note = credit(invoice)
    invoice.refresh_from_db()
    assert (note.number, note.net, note.tax, note.total) == ("CN-2026-000001", kes(1000), kes(160), kes(1160))
    assert (invoice.status, accounts()) == ("paid", {})
    assert Notification.objects.filter(kind="credit_note_issued").get().subject == (
        "Credit note CN-2026-000001 for invoice INV-2026-000001: KES 1,160.00"
    )


def test_credit_of_a_paid_invoice_goes_to_the_balance_and_can_be_returned(company: Company, invoice: Invoice) -> None:
    settlement.receive(company=company, amount=kes(1160), gateway="manual", reference="T1", at=AT)
    credit(invoice, kes(580))
    assert ledger.balance_of(company, "KES") == kes(580)
    settlement.give_back(company=company, amount=kes(580), gateway="manual", reference="R1", at=AT)
    assert accounts() == {"cash manual": "580.00", "revenue": "-500.00", "tax_payable VAT 16 %": "-80.00"}
    with pytest.raises(settlement.NotEnoughBalance):
        settlement.give_back(company=company, amount=kes("0.01"), gateway="manual", reference="R2", at=AT)
    assert difference() == ""


def test_partly_paid_invoice_owes_less_first(company: Company, invoice: Invoice) -> None:
    settlement.receive(company=company, amount=kes(1000), gateway="manual", reference="T1", at=AT)
    credit(invoice, kes(200))  # 160 are still due, 40 were paid already
    invoice.refresh_from_db()
    assert (invoice.status, ledger.balance_of(company, "KES")) == ("paid", kes(40))


def test_tax_is_reversed_by_the_largest_remainder(company: Company) -> None:
    # 100.00 + 16.00 at 16 %, 50.00 + 4.00 at 8 %: together 170.00. A third of it, 56.67:
    # 33.335… 5.333… 16.667… 1.333… are 33.33 5.33 16.66 1.33, and two cents go to the largest remainders (.7 and .6).
    TaxRate.objects.create(country="KE", category="reduced", percent=Decimal(8), starts_on=TODAY)
    invoice = issued(company, "100.00", Item("Fuel", kes(50), tax_category="reduced"))
    note = credit(invoice, kes("56.67"))
    assert [(f"{line.net_amount:.2f}", f"{line.tax_amount:.2f}") for line in note.lines.all()] == [
        ("33.34", "5.33"),
        ("16.67", "1.33"),
    ]
    assert [row.percent for row in note.tax_lines] == [Decimal(16), Decimal(8)]
    rest = credit(invoice)
    assert (rest.total, rest.net, rest.tax) == (kes("113.33"), kes("99.99"), kes("13.34"))
    assert accounts() == {}


def test_no_more_than_is_left_is_credited(invoice: Invoice) -> None:
    credit(invoice, kes(1000))
    for amount in (kes("160.01"), kes(0), kes(-5), Money(1, "USD"), kes("0.001")):
        with pytest.raises(DomainError):
            credit(invoice, amount)
    assert (CreditNote.objects.count(), credit_notes.left_of(invoice)) == (1, kes(160))
    credit(invoice, kes(160))
    with pytest.raises(credit_notes.NotCreditable if invoice.status == "void" else credit_notes.TooMuch):
        credit(invoice)


def test_draft_and_reasonless_are_refused(company: Company, invoice: Invoice) -> None:
    with pytest.raises(credit_notes.NotCreditable):
        credit(draft(company, "5"))
    with pytest.raises(credit_notes.ReasonMissing):
        credit(invoice, reason=" ")
    assert not CreditNote.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        lambda: CreditNote.objects.update(reason="Another"),
        lambda: CreditNote.objects.all()._raw_delete("default"),
        lambda: CreditNoteLine.objects.update(net_amount=1),
        lambda: CreditNoteLine.objects.all()._raw_delete("default"),
    ],
)
def test_database_refuses_to_change_a_credit_note(invoice: Invoice, change: object) -> None:
    credit(invoice)
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        change()
    assert CreditNote.objects.get().reason == "Two users had left."


@given(
    parts=st.lists(st.integers(-(10**9), 10**10), min_size=1, max_size=12).filter(lambda parts: sum(parts) > 0),
    portion=st.fractions(0, 1),
)
def test_share_adds_up_and_passes_no_part(parts: list[int], portion: object) -> None:
    amount = max(1, int(sum(parts) * portion))
    shares = credit_notes.share(kes(Decimal(amount) / 100), [kes(Decimal(part) / 100) for part in parts])
    assert total(shares, "KES") == kes(Decimal(amount) / 100)
    for share, part in zip(shares, parts, strict=True):
        assert 0 <= share.amount * 100 * (1 if part >= 0 else -1) <= abs(part)
