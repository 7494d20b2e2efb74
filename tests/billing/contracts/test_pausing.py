"""Line items are paused, resumed, completed, and end with their contract."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command

from billing.invoicing.models import Charge
from billing.invoicing.registry import draft_policies
from portal.accounts.models import Company, User
from portal.contracts.models import BillingPeriod, BillingPeriodLine, Contract, ContractLineItem
from portal.contracts.services import billing, ending, pausing
from portal.core.errors import InvalidTransition
from tests.billing.contracts.billed import (
    AT,
    FIRST,
    amounts,
    at,
    billed,
    charged,
    invoiced,
    item_of,
    run,
    states,
)
from tests.portal.contracts.charges.made import contract, item, put_in_force

FEBRUARY, MARCH = date(2026, 2, 28), date(2026, 3, 31)


@pytest.fixture
def support(company: Company, asker: User, decider: User) -> Contract:
    """Recurring, USD 100.00 a month for three months."""
    made = contract(company)
    item(made, "100.00")
    return billed(made, asker, decider)


@pytest.fixture
def both(company: Company, asker: User, decider: User) -> Contract:
    """Recurring support and a training, with a Labs discount of 10 %."""
    made = contract(company, discount_percent=Decimal(10))
    item(made, "100.00", description="Support")
    item(made, "300.00", description="Training", schedule="instalments")
    return billed(made, asker, decider)


def agrees() -> None:
    call_command("verify_ledger", verbosity=0)


def test_paused_item_is_not_charged(support: Contract, asker: User) -> None:
    run(FIRST)
    paused = pausing.pause(item=item_of(support), by=asker, at=at(FIRST))
    assert (paused.status, charged()) == ("paused", [])
    run(MARCH)
    assert (states(support), len(invoiced())) == (["invoiced", "cancelled", "cancelled"], 1)
    agrees()


def test_resumed_at_once_is_as_before(support: Contract, asker: User) -> None:
    before = charged()
    pausing.pause(item=item_of(support), by=asker, at=AT)
    pausing.resume(item=item_of(support), by=asker, at=AT)
    assert (charged(), states(support), amounts(support)) == (before, ["pending"] * 3, ["100.00"] * 3)
    agrees()


def test_months_of_a_recurring_item_that_pass_while_it_is_paused_are_not_charged(
    support: Contract, asker: User
) -> None:
    run(FIRST)
    pausing.pause(item=item_of(support), by=asker, at=at(FIRST))
    pausing.resume(item=item_of(support), by=asker, at=at(FEBRUARY + timedelta(days=1)))
    assert charged() == [("2026-03-31", "100.00")]
    run(MARCH)
    assert states(support) == ["invoiced", "cancelled", "invoiced"]
    assert amounts(support) == ["100.00", "0.00", "100.00"]
    agrees()


def test_on_the_very_day_a_month_is_still_charged(support: Contract, asker: User) -> None:
    run(FIRST)
    pausing.pause(item=item_of(support), by=asker, at=at(FIRST))
    pausing.resume(item=item_of(support), by=asker, at=at(FEBRUARY))
    assert charged() == [("2026-02-28", "100.00"), ("2026-03-31", "100.00")]


def test_instalment_that_came_due_while_paused_is_charged_when_it_goes_on(training: Contract, asker: User) -> None:
    run(FIRST)
    pausing.pause(item=item_of(training), by=asker, at=at(FIRST))
    run(FEBRUARY)
    later = FEBRUARY + timedelta(days=10)
    pausing.resume(item=item_of(training), by=asker, at=at(later))
    run(later)
    assert states(training) == ["invoiced", "invoiced", "pending"]
    run(MARCH)
    assert [lines for _day, lines in invoiced()] == [["1666.67"], ["1666.67"], ["1666.66"]]
    agrees()


def test_discount_is_reckoned_anew(both: Contract, asker: User) -> None:
    assert charged()[:3] == [("2026-01-31", "100.00"), ("2026-01-31", "100.00"), ("2026-01-31", "-20.00")]
    pausing.pause(item=item_of(both, 1), by=asker, at=AT)
    assert charged() == [
        (day, amount) for day in ("2026-01-31", "2026-02-28", "2026-03-31") for amount in ("100.00", "-10.00")
    ]
    assert amounts(both) == ["90.00"] * 3
    agrees()
    pausing.pause(item=item_of(both, 2), by=asker, at=AT)
    assert (charged(), states(both), amounts(both)) == ([], ["cancelled"] * 3, ["0.00"] * 3)
    agrees()


def test_instalment_whose_period_was_invoiced_without_it_goes_onto_the_next(both: Contract, asker: User) -> None:
    pausing.pause(item=item_of(both, 2), by=asker, at=AT)
    run(FIRST)
    pausing.resume(item=item_of(both, 2), by=asker, at=at(FIRST + timedelta(days=5)))
    assert amounts(both) == ["90.00", "270.00", "180.00"]
    run(MARCH)
    assert [sorted(lines) for _day, lines in invoiced()] == [
        ["-10.00", "100.00"],
        ["-30.00", "100.00", "100.00", "100.00"],
        ["-20.00", "100.00", "100.00"],
    ]
    agrees()


def test_instalments_that_find_no_period_get_one_after_the_last(both: Contract, asker: User) -> None:
    pausing.pause(item=item_of(both, 2), by=asker, at=AT)
    run(MARCH)
    day = MARCH + timedelta(days=3)
    pausing.resume(item=item_of(both, 2), by=asker, at=at(day))
    last = BillingPeriod.objects.get(sequence=4)
    assert (last.starts_on, last.ends_on, last.due_on) == (date(2026, 4, 30), date(2026, 5, 1), day)
    assert amounts(both) == ["90.00", "90.00", "90.00", "270.00"]
    run(day)
    issued_on, lines = invoiced()[-1]
    assert (issued_on, sorted(lines)) == (str(day), ["-30.00", "100.00", "100.00", "100.00"])
    agrees()


def test_what_is_on_a_draft_stays_there(training: Contract, asker: User) -> None:
    draft_policies.register("t", lambda companies: {row.pk for row in companies})
    try:
        run(FIRST)
    finally:
        del draft_policies._entries["t"]
    pausing.pause(item=item_of(training), by=asker, at=at(FIRST))
    assert (states(training), charged()) == (["pending", "cancelled", "cancelled"], [])
    agrees()


def test_completed_item_charges_what_is_due_and_no_more(support: Contract, asker: User) -> None:
    done = pausing.complete(item=item_of(support), by=asker, at=at(FIRST))
    assert (done.status, charged()) == ("completed", [("2026-01-31", "100.00")])
    run(FIRST)
    assert states(support) == ["invoiced", "cancelled", "cancelled"]
    with pytest.raises(InvalidTransition):
        pausing.resume(item=item_of(support), by=asker, at=at(FIRST))
    agrees()


def test_items_complete_by_themselves_when_they_are_over(support: Contract) -> None:
    over = date(2026, 4, 30)
    assert pausing.complete_ended(today=over) == 0
    run(MARCH)
    assert pausing.complete_ended(today=over - timedelta(days=1)) == 0
    assert pausing.complete_ended(today=over) == 1
    assert item_of(support).status == "completed"


@pytest.mark.parametrize("move", [pausing.pause, pausing.resume, pausing.complete])
def test_item_that_is_not_billed_yet_has_nothing_to_pause(
    company: Company, asker: User, move: Callable[..., object]
) -> None:
    made = contract(company)
    item(made)
    put_in_force(made)
    with pytest.raises(InvalidTransition):
        move(item=item_of(made), by=asker, at=AT)
    assert item_of(made).status == "pending"


def test_terminated_contract_charges_nothing_later(both: Contract, asker: User) -> None:
    run(FIRST)
    ending.terminate(contract=both, by=asker, at=at(FIRST + timedelta(days=1)), reason="Over.")
    assert (states(both), charged()) == (["invoiced", "cancelled", "cancelled"], [])
    assert set(ContractLineItem.objects.values_list("status", flat=True)) == {"completed"}
    run(MARCH)
    assert len(invoiced()) == 1
    agrees()
    with pytest.raises(billing.NotInForce):
        pausing.resume(item=item_of(both), by=asker, at=AT)


def test_what_was_due_before_a_contract_ended_is_still_owed(support: Contract, asker: User) -> None:
    ending.terminate(contract=support, by=asker, at=at(FIRST + timedelta(days=1)), reason="Over.")
    assert charged() == [("2026-01-31", "100.00")]
    run(FIRST + timedelta(days=2))
    assert states(support) == ["invoiced", "cancelled", "cancelled"]
    agrees()


def test_expired_contract_ends_its_items(support: Contract) -> None:
    for day in (FIRST, FEBRUARY, MARCH):
        run(day)
    assert ending.end_due(today=date(2027, 1, 31), at=at(date(2027, 1, 31))) == 1
    assert (item_of(support).status, states(support)) == ("completed", ["invoiced"] * 3)


def test_contract_of_another_company_is_left_alone(
    support: Contract, other_company: Company, asker: User, decider: User
) -> None:
    theirs = contract(other_company)
    item(theirs, "100.00")
    billed(theirs, asker, decider)
    pausing.pause(item=item_of(support), by=asker, at=AT)
    ending.terminate(contract=support, by=asker, at=AT, reason="Over.")
    assert states(theirs) == ["pending"] * 3
    assert Charge.objects.waiting().filter(company=other_company).count() == 3
    assert BillingPeriodLine.objects.standing().filter(period__contract=theirs).count() == 3
