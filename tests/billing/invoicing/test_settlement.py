"""Money that arrives: once for each reference, to the right invoices, the rest to the balance."""

from datetime import timedelta

import pytest
from djmoney.money import Money

from billing.invoicing import facts
from billing.invoicing.models import Invoice, LedgerTransaction
from billing.invoicing.services import invoices, ledger, settlement
from portal.accounts.models import Company
from portal.core.errors import DomainError
from tests.billing.invoicing.books import AT, TODAY, accounts, difference, kes
from tests.billing.invoicing.conftest import draft, issued
from tests.portal.core.threads import race

pytestmark = pytest.mark.django_db


def receive(company: Company, amount: Money, reference: str = "T1", **options: object) -> LedgerTransaction:
    return settlement.receive(company=company, amount=amount, gateway="manual", reference=reference, at=AT, **options)


def test_money_pays_what_is_due_soonest_and_keeps_the_rest(company: Company) -> None:
    late = invoices.issue(invoice=draft(company, "100"), today=TODAY + timedelta(days=3), at=AT, by=None)
    early = issued(company, "1000")
    receive(company, kes(1200))
    states = [(row.number, row.status, row.due) for row in Invoice.objects.with_due().order_by("pk")]
    assert states == [(late.number, "open", kes(76)), (early.number, "paid", kes(0))]
    receive(company, kes(100), "T2")
    assert (ledger.balance_of(company, "KES"), difference()) == (kes(24), "")


def test_invoice_that_was_meant_is_paid_first(company: Company) -> None:
    first, second = issued(company, "100"), issued(company, "100")
    movement = receive(company, kes(116), first=[second])
    assert [row.invoice for row in movement.entries.filter(account="receivable")] == [second]
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status, second.closed_at) == ("open", "paid", AT)


def test_same_reference_changes_nothing(company: Company, invoice: Invoice) -> None:
    heard: list[object] = []
    facts.money_received.connect(lambda sender, movement, **rest: heard.append(movement), weak=False, dispatch_uid="t")
    first = receive(company, kes(100))
    assert receive(company, kes(100)) == first
    facts.money_received.disconnect(dispatch_uid="t")
    assert heard == [first]
    with pytest.raises(settlement.ReferenceReused):
        receive(company, kes(101))
    assert (accounts()["receivable"], difference()) == ("1060.00", "")


def test_other_currencies_and_companies_are_not_touched(
    company: Company, other_company: Company, invoice: Invoice
) -> None:
    foreign = issued(other_company, "1000")
    receive(company, Money(1160, "USD"), first=[invoice])
    receive(company, kes(5000), "T2", first=[foreign])
    foreign.refresh_from_db()
    assert (foreign.status, foreign.due) == ("open", kes(1160))
    assert (ledger.balance_of(company, "USD"), ledger.balance_of(company, "KES")) == (Money(1160, "USD"), kes(3840))
    assert difference() == ""


@pytest.mark.parametrize("amount", [kes(0), kes(-1), kes("0.001"), Money("0.5", "JPY")])
def test_no_money_is_refused(company: Company, invoice: Invoice, amount: Money) -> None:
    for move in (settlement.receive, settlement.give_back):
        with pytest.raises(DomainError):
            move(company=company, amount=amount, gateway="manual", reference="T1", at=AT)
    assert LedgerTransaction.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_money_that_arrives_twice_at_once_is_booked_once(company: Company, invoice: Invoice) -> None:
    results = race(lambda number: receive(company, kes(1160), f"T{number % 2}"), threads=8)
    assert [result for result in results if isinstance(result, BaseException)] == []
    invoice.refresh_from_db()
    assert (invoice.status, ledger.balance_of(company, "KES"), difference()) == ("paid", kes(1160), "")


@pytest.mark.django_db(transaction=True)
def test_balance_is_not_used_twice(company: Company) -> None:
    receive(company, kes(1160))
    waiting = [draft(company, "1000") for _ in range(4)]
    race(lambda number: invoices.issue(invoice=waiting[number], today=TODAY, at=AT, by=None), threads=4)
    assert sorted(Invoice.objects.values_list("status", flat=True)) == ["open", "open", "open", "paid"]
    assert (ledger.balance_of(company, "KES"), difference()) == (kes(0), "")
