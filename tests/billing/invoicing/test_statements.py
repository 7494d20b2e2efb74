"""Statements of account: what was owed before, each movement, and what is owed after; as the ledger has it."""

import csv
from datetime import UTC, datetime
from io import StringIO

import pytest

from billing.invoicing.services import credit_notes, settlement
from billing.invoicing.services.statements import Statement
from tests.billing.invoicing.books import AT, TODAY, kes
from tests.billing.invoicing.conftest import issued
from tests.cast import client_of

pytestmark = pytest.mark.django_db
STATEMENT = "/customer/billing/statement/"
NOVEMBER = "?from=2026-11-01&to=2026-11-30"


@pytest.fixture
def moved(company, other_company) -> None:
    """1,160 charged, 500 paid, 116 credited; then 232 charged, of which the balance pays nothing."""
    first = issued(company, "1000.00")
    settlement.receive(company=company, amount=kes("500.00"), gateway="manual", reference="FT1", at=AT)
    credit_notes.issue(invoice=first, reason="Lost", amount=kes("116.00"), today=TODAY, at=AT, by=None)
    issued(company, "200.00")
    issued(other_company, "9999.00")


def november(company) -> Statement:
    return Statement(company, "KES", datetime(2026, 10, 31, 21, tzinfo=UTC), datetime(2026, 11, 30, 21, tzinfo=UTC))


def test_each_movement_leads_from_what_was_owed_to_what_is(moved, company):
    statement = november(company)
    assert [(row.movement.kind, row.amount, row.balance) for row in statement.rows()] == [
        ("invoice", kes("1160.00"), kes("1160.00")),
        ("payment", kes("-500.00"), kes("660.00")),
        ("credit_note", kes("-116.00"), kes("544.00")),
        ("invoice", kes("232.00"), kes("776.00")),
    ]
    assert (statement.opening, statement.closing) == (kes(0), kes("776.00"))


def test_what_happened_before_is_the_opening_balance(moved, company):
    later = Statement(company, "KES", datetime(2026, 12, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
    assert (later.opening, later.closing, list(later.rows())) == (kes("776.00"), kes("776.00"), [])


def test_money_that_is_over_is_below_zero_and_its_use_changes_nothing(company):
    settlement.receive(company=company, amount=kes("300.00"), gateway="manual", reference="FT1", at=AT)
    issued(company, "100.00")
    assert [(row.movement.kind, row.balance) for row in november(company).rows()] == [
        ("payment", kes("-300.00")),
        ("invoice", kes("-184.00")),
    ]


def test_members_who_see_invoices_read_their_own_alone(moved, owner, billing_member, viewer, stranger):
    for person in (owner, billing_member):
        page = client_of(person).get(STATEMENT + NOVEMBER)
        assert page.status_code == 200
        assert "776.00" in page.text
        assert "11,598.84" not in page.text
    assert "776.00" not in client_of(stranger).get(STATEMENT + NOVEMBER).text
    assert client_of(viewer).get(STATEMENT).status_code == 403


def test_the_sheet_holds_plain_numbers(moved, owner):
    answer = client_of(owner).get(f"{STATEMENT}{NOVEMBER}&format=csv")
    rows = list(csv.reader(StringIO(b"".join(answer).decode())))
    assert rows[0] == ["day", "what", "subject", "currency", "charged", "paid_or_credited", "owed"]
    assert rows[1] == ["2026-11-01", "Owed before", "", "KES", "", "", "0.00"]
    assert rows[3] == ["2026-11-21", "Money received", "INV-2026-000001", "KES", "", "500.00", "660.00"]
    assert len(rows) == 6


def test_an_unknown_currency_or_period_shows_the_companys_own(moved, owner):
    page = client_of(owner).get(f"{STATEMENT}?currency=XXX&from=never&to=2026-99-99")
    assert page.status_code == 200
    assert page.context["statement"].currency == "KES"
