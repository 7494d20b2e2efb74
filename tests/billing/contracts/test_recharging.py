"""What stood on an invoice that is void is charged again, once, when somebody says so."""

from datetime import date

import pytest
from django.core.management import call_command

from billing.invoicing.models import Charge, Invoice, InvoiceLine
from billing.invoicing.services import invoices
from portal.accounts.models import Company, User
from portal.activity.models import ActivityEvent
from portal.contracts.models import BillingPeriod, BillingPeriodLine, Contract
from portal.contracts.services import pausing, recharging
from tests.billing.contracts.billed import AT, FIRST, at, billed, charged, invoiced, item_of, periods, run, states
from tests.portal.contracts.charges.made import contract, item

LATER = date(2026, 2, 5)


@pytest.fixture
def voided(training: Contract, asker: User) -> BillingPeriod:
    """The first period of a training, whose invoice should not have been issued."""
    run(FIRST)
    invoices.void(invoice=Invoice.objects.get(), reason="Wrong.", at=at(FIRST), by=asker)
    return periods(training)[0]


def everything() -> list[object]:
    """All that a refusal might have changed."""
    models = (BillingPeriod, BillingPeriodLine, Charge, Invoice, InvoiceLine)
    rows: list[object] = [list(model._default_manager.order_by("pk").values_list()) for model in models]
    return [*rows, ActivityEvent.objects.count()]


def refused(period: BillingPeriod, by: User) -> None:
    before = everything()
    with pytest.raises(recharging.NotVoid, match="whose invoice was voided"):
        recharging.charge_again(period=period, by=by, at=at(LATER))
    assert everything() == before


def test_void_period_is_charged_again_under_another_identifier(
    training: Contract, voided: BillingPeriod, asker: User
) -> None:
    assert (voided.status, charged()[0][0]) == ("cancelled", "2026-02-28")
    before = voided.lines.get()
    again = recharging.charge_again(period=voided, by=asker, at=at(LATER))
    assert (again.status, again.invoice_number, again.amount) == ("pending", "", voided.amount)
    line = voided.lines.get()
    assert (line.pk, line.amount, line.is_withdrawn) == (before.pk, before.amount, False)
    assert line.public_id != before.public_id
    # No invoice is dated back.
    assert charged()[0] == ("2026-02-05", "1666.67")
    assert Charge.objects.get(source=line.source).due_on == again.due_on == LATER
    assert InvoiceLine.objects.get().source == before.source
    event = ActivityEvent.objects.get(verb="contract.charged_again")
    assert (event.actor, event.company, event.data["period"]) == (asker, training.company, 1)
    call_command("verify_ledger", verbosity=0)


def test_next_run_draws_it_once(training: Contract, voided: BillingPeriod, asker: User) -> None:
    recharging.charge_again(period=voided, by=asker, at=at(LATER))
    for _again in range(2):
        run(LATER)
    assert [lines for _day, lines in invoiced()] == [["1666.67"], ["1666.67"]]
    numbers = list(Invoice.objects.order_by("pk").values_list("number", "status"))
    assert [status for _number, status in numbers] == ["void", "open"]
    # Its number is that of the invoice that stands.
    assert periods(training)[0].invoice_number == numbers[1][0]
    assert states(training)[1:] == ["pending", "pending"]
    call_command("verify_ledger", verbosity=0)


def test_it_is_charged_again_once(voided: BillingPeriod, asker: User) -> None:
    recharging.charge_again(period=voided, by=asker, at=at(LATER))
    refused(voided, asker)


@pytest.mark.parametrize("state", ["pending", "invoiced", "paid", "overdue"])
def test_what_was_not_voided_is_refused(training: Contract, asker: User, state: str) -> None:
    number = "" if state == "pending" else "INV-2026-000077"
    BillingPeriod.objects.filter(contract=training, sequence=1).update(status=state, invoice_number=number)
    refused(periods(training)[0], asker)


def test_what_was_withdrawn_without_an_invoice_is_refused(training: Contract, asker: User) -> None:
    pausing.pause(item=item_of(training), by=asker, at=AT)
    assert states(training) == ["cancelled"] * 3
    refused(periods(training)[0], asker)


def test_what_was_withdrawn_of_a_void_period_stays_withdrawn(company: Company, asker: User, decider: User) -> None:
    made = contract(company)
    item(made, "100.00")
    item(made, "30.00", description="Support")
    billed(made, asker, decider)
    pausing.pause(item=item_of(made, 2), by=asker, at=AT)
    run(FIRST)
    invoices.void(invoice=Invoice.objects.get(), reason="Wrong.", at=at(FIRST), by=asker)
    again = recharging.charge_again(period=periods(made)[0], by=asker, at=at(LATER))
    assert (again.amount, charged()[0]) == (100, ("2026-02-05", "100.00"))
    assert [line.is_withdrawn for line in again.lines.order_by("item__position")] == [False, True]
    call_command("verify_ledger", verbosity=0)


def test_contracts_of_others_are_left_alone(
    voided: BillingPeriod, other_company: Company, asker: User, decider: User
) -> None:
    others = contract(other_company)
    item(others, "77.00")
    billed(others, asker, decider)
    before = [list(others.billing_periods.values()), list(Charge.objects.filter(company=other_company).values())]
    recharging.charge_again(period=voided, by=asker, at=at(LATER))
    after = [list(others.billing_periods.values()), list(Charge.objects.filter(company=other_company).values())]
    assert after == before
