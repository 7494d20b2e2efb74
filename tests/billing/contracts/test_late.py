"""What is charged after its day, as it was enabled, resumed or voided late, is invoiced now: nothing is dated back."""

from datetime import date, timedelta

from billing.invoicing.models import Invoice
from billing.invoicing.services import invoices
from portal.accounts.models import Company, User
from portal.contracts.models import Contract
from portal.contracts.services import ending, pausing, recharging
from portal.notifications.models import Notification
from tests.billing.contracts.billed import FIRST, at, billed, charged, invoiced, item_of, periods, run, states
from tests.billing.invoicing.books import difference
from tests.portal.contracts.charges.made import contract, item

FEBRUARY, MARCH = date(2026, 2, 28), date(2026, 3, 31)


def days() -> list[tuple[str, str, str]]:
    """Number, day and due day of all invoices."""
    rows = Invoice.objects.order_by("pk").values_list("number", "issued_on", "due_on")
    return [(number, str(issued), str(due)) for number, issued, due in rows]


def test_contract_that_is_enabled_late_is_invoiced_from_that_day_on(
    company: Company, owner: User, asker: User, decider: User
) -> None:
    """Due on 31 January, 28 February and 31 March, approved on 10 March."""
    made = contract(company)
    item(made, "5000.00", description="Training", schedule="instalments")
    day = date(2026, 3, 10)
    billed(made, asker, decider, on=at(day))
    assert charged() == [("2026-03-10", "1666.67"), ("2026-03-10", "1666.67"), ("2026-03-31", "1666.66")]
    assert "10 March 2026" in Notification.objects.get(kind="contract_billing_enabled", recipient=owner).subject
    run(day)
    assert days() == [("INV-2026-000001", "2026-03-10", "2026-03-24")]
    assert invoiced() == [("2026-03-10", ["1666.67", "1666.67"])]
    assert [(str(period.starts_on), str(period.due_on)) for period in periods(made)] == [
        ("2026-01-31", "2026-03-10"),
        ("2026-02-28", "2026-03-10"),
        ("2026-03-31", "2026-03-31"),
    ]
    run(MARCH)
    assert (states(made), len(days())) == (["invoiced"] * 3, 2)
    assert difference() == ""


def test_contract_that_is_enabled_late_and_ended_that_day_still_owes_what_is_over(
    company: Company, asker: User, decider: User
) -> None:
    made = contract(company)
    item(made, "100.00", months=3)
    made = billed(made, asker, decider, on=at(FEBRUARY))
    ending.terminate(contract=made, by=asker, at=at(FEBRUARY), reason="Over.")
    # February's is due on the day of the end, January's was before.
    assert (states(made), charged()) == (["pending", "cancelled", "cancelled"], [("2026-02-28", "100.00")])
    run(FEBRUARY)
    assert (invoiced(), difference()) == ([("2026-02-28", ["100.00"])], "")


def test_instalment_that_came_due_while_paused_is_dated_when_it_goes_on(training: Contract, asker: User) -> None:
    run(FIRST)
    pausing.pause(item=item_of(training), by=asker, at=at(FIRST))
    later = date(2026, 3, 10)
    pausing.resume(item=item_of(training), by=asker, at=at(later))
    assert charged() == [("2026-03-10", "1666.67"), ("2026-03-31", "1666.66")]
    run(later)
    run(MARCH)
    assert [issued for _number, issued, _due in days()] == ["2026-01-31", "2026-03-10", "2026-03-31"]
    assert difference() == ""


def test_period_whose_invoice_was_voided_is_dated_when_it_is_charged_again(
    training: Contract, company: Company, asker: User, decider: User
) -> None:
    run(FIRST)
    first = Invoice.objects.get()
    later = FIRST + timedelta(days=20)
    invoices.void(invoice=first, reason="Wrong address.", at=at(later), by=decider)
    again = recharging.charge_again(period=periods(training)[0], by=asker, at=at(later))
    assert (again.status, str(again.due_on)) == ("pending", "2026-02-20")
    run(later)
    assert days() == [
        ("INV-2026-000001", "2026-01-31", "2026-02-14"),
        ("INV-2026-000002", "2026-02-20", "2026-03-06"),
    ]
    assert [f"{one.total.amount}" for one in Invoice.objects.order_by("pk")] == ["1933.34", "1933.34"]
    # Only the second is owed, and the period is as it says.
    assert (states(training), periods(training)[0].invoice_number) == (
        ["invoiced", "pending", "pending"],
        "INV-2026-000002",
    )
    assert difference() == ""


def test_what_is_charged_again_in_time_keeps_its_day(training: Contract, asker: User) -> None:
    pausing.pause(item=item_of(training), by=asker, at=at(FEBRUARY - timedelta(days=60)))
    pausing.resume(item=item_of(training), by=asker, at=at(FIRST - timedelta(days=1)))
    assert [str(period.due_on) for period in periods(training)] == ["2026-01-31", "2026-02-28", "2026-03-31"]
