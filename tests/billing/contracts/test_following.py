"""Billing periods follow their invoices: issued, paid, overdue, paid back, void, written off and credited."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from djmoney.money import Money

from billing.invoicing.models import Charge, Invoice
from billing.invoicing.registry import draft_policies
from billing.invoicing.services import contract_charges, credit_notes, drafts, invoices, requests, reversals, settlement
from billing.invoicing.tasks import follow_contracts
from portal.accounts.models import Company, User
from portal.approvals import services as approvals
from portal.contracts.models import BillingPeriod, Contract
from tests.billing.contracts.billed import FIRST, at, billed, charged, invoiced, periods, run, states
from tests.billing.invoicing.charging import owe
from tests.portal.contracts.charges.made import contract, item

USD = "USD"


@pytest.fixture
def invoice(training: Contract) -> Invoice:
    """That of the first period, open."""
    run(FIRST)
    return Invoice.objects.get()


def pay(invoice: Invoice, amount: str = "") -> None:
    whole = Money(amount, USD) if amount else invoice.total
    settlement.receive(
        company=invoice.company, amount=whole, gateway="manual", reference=f"R-{amount}", at=at(FIRST), first=[invoice]
    )


def first(training: Contract) -> BillingPeriod:
    return periods(training)[0]


def test_run_draws_each_period_on_its_day(training: Contract) -> None:
    for day, drawn in ((date(2026, 1, 30), 0), (FIRST, 1), (date(2026, 2, 27), 1), (date(2026, 2, 28), 2)):
        run(day)
        assert states(training) == ["invoiced"] * drawn + ["pending"] * (3 - drawn)
    run(date(2026, 3, 31))
    assert invoiced() == [("2026-01-31", ["1666.67"]), ("2026-02-28", ["1666.67"]), ("2026-03-31", ["1666.66"])]
    assert [period.invoice_number for period in periods(training)] == list(
        Invoice.objects.order_by("pk").values_list("number", flat=True)
    )
    run(date(2026, 12, 31))
    assert len(invoiced()) == 3
    call_command("verify_ledger", verbosity=0)


def test_days_that_were_missed_are_made_up_for_one_by_one(training: Contract) -> None:
    run(date(2026, 4, 1))
    assert [day for day, _lines in invoiced()] == ["2026-01-31", "2026-02-28", "2026-03-31"]
    # Dated when they were due, two of them were to be paid before they were made.
    assert states(training) == ["overdue", "overdue", "invoiced"]
    call_command("verify_ledger", verbosity=0)


def test_one_invoice_has_subscriptions_and_contracts(training: Contract, company: Company) -> None:
    owe(company, "subscription 1", "50.00", FIRST, currency=USD)
    run(FIRST)
    assert invoiced() == [("2026-01-31", ["1666.67", "50.00"])]
    assert states(training) == ["invoiced", "pending", "pending"]


def test_tax_comes_on_top_as_invoiced(invoice: Invoice) -> None:
    assert (invoice.net, invoice.tax, invoice.total) == (
        Money("1666.67", USD),
        Money("266.67", USD),
        Money("1933.34", USD),
    )


def test_paid_when_the_whole_invoice_is(training: Contract, invoice: Invoice) -> None:
    pay(invoice, "1933.33")
    assert first(training).status == "invoiced"
    pay(invoice, "0.01")
    assert states(training) == ["paid", "pending", "pending"]
    call_command("verify_ledger", verbosity=0)


def test_balance_pays_a_period_as_it_is_invoiced(training: Contract, company: Company) -> None:
    settlement.receive(company=company, amount=Money(5000, USD), gateway="manual", reference="advance", at=at(FIRST))
    run(FIRST)
    assert states(training) == ["paid", "pending", "pending"]


def test_overdue_the_day_after_it_was_due(training: Contract, invoice: Invoice) -> None:
    assert invoice.due_on == FIRST + timedelta(days=14)
    assert contract_charges.fall_overdue(today=invoice.due_on) == 0
    assert contract_charges.fall_overdue(today=invoice.due_on + timedelta(days=1)) == 1
    assert contract_charges.fall_overdue(today=invoice.due_on + timedelta(days=1)) == 0
    assert states(training) == ["overdue", "pending", "pending"]
    call_command("verify_ledger", verbosity=0)
    pay(invoice)
    assert first(training).status == "paid"


def test_scheduler_marks_what_is_overdue(training: Contract, invoice: Invoice) -> None:
    # The tests' clock is later than the invoice's day.
    follow_contracts()
    assert first(training).status == "overdue"


def test_money_that_is_taken_back_makes_it_owed_again(training: Contract, invoice: Invoice) -> None:
    pay(invoice)
    payment = invoice.entries.get(transaction__kind="payment").transaction
    reversals.take_back(payment=payment, amount=invoice.total, gateway="manual", reference="B", at=at(FIRST))
    assert first(training).status == "invoiced"
    call_command("verify_ledger", verbosity=0)


def test_money_that_is_taken_back_late_makes_it_overdue(training: Contract, invoice: Invoice) -> None:
    pay(invoice)
    payment = invoice.entries.get(transaction__kind="payment").transaction
    late = at(FIRST + timedelta(days=30))
    reversals.take_back(payment=payment, amount=invoice.total, gateway="manual", reference="B", at=late)
    assert first(training).status == "overdue"


def test_refund_of_the_balance_leaves_it_paid(training: Contract, invoice: Invoice) -> None:
    pay(invoice, "2000.00")
    settlement.give_back(
        company=invoice.company, amount=Money("66.66", USD), gateway="manual", reference="B", at=at(FIRST)
    )
    assert first(training).status == "paid"


def test_void_invoice_cancels_its_period_and_no_other(training: Contract, invoice: Invoice, decider: User) -> None:
    invoices.void(invoice=invoice, reason="Wrong address.", at=at(FIRST), by=decider)
    assert states(training) == ["cancelled", "pending", "pending"]
    assert first(training).invoice_number == invoice.number
    run(date(2026, 2, 28))
    assert states(training) == ["cancelled", "invoiced", "pending"]
    call_command("verify_ledger", verbosity=0)


def test_invoice_that_is_given_up_leaves_its_period_overdue(
    training: Contract, invoice: Invoice, decider: User
) -> None:
    invoices.write_off(invoice=invoice, reason="Gone.", at=at(FIRST), by=decider)
    assert first(training).status == "overdue"
    call_command("verify_ledger", verbosity=0)


def test_credit_note_in_part_changes_nothing_and_whole_leaves_nothing_due(
    training: Contract, invoice: Invoice, decider: User
) -> None:
    same = {"invoice": invoice, "reason": "Half the time.", "today": FIRST, "at": at(FIRST), "by": decider}
    credit_notes.issue(**same, amount=Money("100.00", USD))
    assert first(training).status == "invoiced"
    credit_notes.issue(**same)
    assert first(training).status == "paid"
    call_command("verify_ledger", verbosity=0)


def test_following_again_changes_nothing(training: Contract, invoice: Invoice) -> None:
    pay(invoice)
    before = list(BillingPeriod.objects.values())
    contract_charges.follow(invoices=[invoice], today=FIRST)
    assert list(BillingPeriod.objects.values()) == before


def test_draft_waits_for_approval_where_somebody_decides_about_each(
    training: Contract, asker: User, decider: User
) -> None:
    """As for companies that are billed through Wave."""
    draft_policies.register("t", lambda companies: {row.pk for row in companies})
    try:
        run(FIRST)
    finally:
        del draft_policies._entries["t"]
    draft = Invoice.objects.get()
    assert (draft.status, states(training)) == ("draft", ["pending"] * 3)
    call_command("verify_ledger", verbosity=0)
    approval = requests.ask_to_send(invoice=draft, by=asker, at=at(FIRST))
    approvals.approve(approval=approval, by=decider, at=at(FIRST))
    assert states(training) == ["invoiced", "pending", "pending"]
    call_command("verify_ledger", verbosity=0)


def test_draft_that_is_discarded_is_drawn_anew(training: Contract) -> None:
    draft_policies.register("t", lambda companies: {row.pk for row in companies})
    try:
        run(FIRST)
    finally:
        del draft_policies._entries["t"]
    drafts.discard(invoice=Invoice.objects.get())
    assert charged()[0] == ("2026-01-31", "1666.67")
    run(FIRST + timedelta(days=1))
    assert states(training) == ["invoiced", "pending", "pending"]
    assert Charge.objects.count() == 3


def test_zero_after_a_whole_discount_is_paid_at_once(company: Company, asker: User, decider: User) -> None:
    labs = contract(company, discount_percent=100)
    item(labs, "100.00", months=1)
    billed(labs, asker, decider)
    run(FIRST)
    assert (states(labs), invoiced()) == (["paid"], [("2026-01-31", ["100.00", "-100.00"])])
    call_command("verify_ledger", verbosity=0)


def test_companies_are_invoiced_apart(company: Company, other_company: Company, asker: User, decider: User) -> None:
    made = []
    for one, currency in ((company, "USD"), (other_company, "KES")):
        agreed = contract(one, currency=currency)
        item(agreed, "100.00", months=1)
        made.append(billed(agreed, asker, decider))
    run(FIRST)
    rows = Invoice.objects.order_by("-company__slug").values_list("company__slug", "currency", "net_amount")
    assert [(slug, currency, f"{net:.2f}") for slug, currency, net in rows] == [
        ("savanna-foods", "USD", "100.00"),
        ("ridgeline-sacco", "KES", "100.00"),
    ]
    invoices.void(invoice=Invoice.objects.get(company=company), reason="Wrong.", at=at(FIRST), by=decider)
    assert [states(one) for one in made] == [["cancelled"], ["invoiced"]]
