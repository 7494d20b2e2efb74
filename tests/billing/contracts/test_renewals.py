"""A renewed contract charges its recurring items on: each month of the new term once, at the same price."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.management import call_command

from billing.invoicing.models import Charge
from portal.accounts.models import Company, User
from portal.contracts.models import BillingPeriod, Contract
from portal.contracts.services import ending, pausing, processing, renewing
from portal.notifications.models import Notification
from tests.billing.contracts.billed import AT, amounts, at, billed, charged, invoiced, item_of, periods, run, states
from tests.portal.contracts.charges.made import contract, item, put_in_force, terms

END = date(2026, 4, 30)


def days(made: Contract) -> list[tuple[str, str, str]]:
    """First day, first day after, and when it is due, of each period."""
    return [(f"{row.starts_on}", f"{row.ends_on}", f"{row.due_on}") for row in periods(made)]


def renew(made: Contract, day: date) -> Contract:
    renewing.renew(today=day, at=at(day))
    call_command("verify_ledger", verbosity=0)
    return Contract.objects.select_related("company").get(pk=made.pk)


@pytest.fixture
def support(company: Company, asker: User, decider: User) -> Contract:
    """Three months of support, from 31 January to 29 April, renewed by three; a training and a fee beside it."""
    made = contract(company, ends_on=END, renewal_months=3, type="maintenance")
    item(made, "100.00", description="Support")
    item(made, "300.00", description="Training", schedule="instalments")
    item(made, "50.00", description="Fee", schedule="one_off")
    item(made, "10.00", description="Trial", months=2)
    return billed(made, asker, decider)


def test_recurring_items_that_last_until_the_end_are_charged_on(support: Contract, other_company: Company) -> None:
    before = periods(support)
    renewed = renew(support, END)
    assert f"{renewed.ends_on}" == "2026-07-30"
    assert amounts(support) == ["260.00", "210.00", "200.00", "100.00", "100.00", "100.00"]
    assert days(support)[3:] == [
        ("2026-04-30", "2026-05-31", "2026-04-30"),
        ("2026-05-31", "2026-06-30", "2026-05-31"),
        ("2026-06-30", "2026-07-31", "2026-06-30"),
    ]
    assert [row.pk for row in periods(support)[:3]] == [row.pk for row in before]
    assert charged()[-3:] == [("2026-04-30", "100.00"), ("2026-05-31", "100.00"), ("2026-06-30", "100.00")]
    lines = item_of(support).period_lines.order_by("number").values_list("number", flat=True)
    assert (list(lines), item_of(support).renewed_months, item_of(support, 2).renewed_months) == ([*range(1, 7)], 3, 0)
    assert not Charge.objects.filter(company=other_company).exists()


def test_renewing_twice_charges_once(support: Contract) -> None:
    for _again in range(3):
        renew(support, END)
    assert len(periods(support)) == 6
    renew(support, date(2026, 7, 30))
    renew(support, date(2026, 7, 30))
    assert amounts(support)[3:] == ["100.00"] * 6
    assert item_of(support).renewed_months == 6


def test_late_by_terms_charges_each_month_once(support: Contract) -> None:
    renewed = renew(support, date(2026, 11, 2))
    assert f"{renewed.ends_on}" == "2027-01-30"
    assert [row[2] for row in days(support)[3:]] == [
        "2026-04-30", "2026-05-31", "2026-06-30", "2026-07-31", "2026-08-31", "2026-09-30", "2026-10-31", "2026-11-30",
        "2026-12-31",
    ]  # fmt: skip
    assert amounts(support)[3:] == ["100.00"] * 9
    assert item_of(support).goes_on_until == date(2027, 1, 31)


def test_renewed_months_are_invoiced_in_their_turn(support: Contract) -> None:
    run(date(2026, 4, 29))
    renew(support, END)
    # What goes on is not over, though all that was signed at first has been charged.
    pausing.complete_ended(today=END)
    assert item_of(support).status == "active"
    run(date(2026, 5, 31))
    assert [lines for _day, lines in invoiced()][3:] == [["100.00"], ["100.00"]]
    assert states(support)[3:] == ["overdue", "invoiced", "pending"]
    call_command("verify_ledger", verbosity=0)


def test_what_waits_for_a_late_renewal_is_not_over(support: Contract) -> None:
    run(END)
    pausing.complete_ended(today=date(2026, 5, 2))
    assert [item_of(support, place).status for place in (1, 2, 3, 4)] == ["active", *["completed"] * 3]
    renew(support, date(2026, 5, 3))
    assert amounts(support)[3:] == ["100.00"] * 3


def test_quarters_begin_with_the_term(company: Company, asker: User, decider: User) -> None:
    made = contract(company, ends_on=date(2026, 6, 30), renewal_months=4, type="maintenance")
    item(made, "100.00", months=5)
    terms(made, "quarterly")
    billed(made, asker, decider)
    renew(made, date(2026, 6, 30))
    assert amounts(made) == ["300.00", "200.00", "300.00", "100.00"]
    assert [row[2] for row in days(made)] == ["2026-01-31", "2026-04-30", "2026-06-30", "2026-09-30"]
    renew(made, date(2026, 10, 30))
    assert amounts(made)[4:] == ["300.00", "100.00"]


def test_discount_is_taken_off_each_month(company: Company, asker: User, decider: User) -> None:
    made = contract(company, ends_on=END, renewal_months=1, type="maintenance", discount_percent=Decimal(15))
    item(made, "99.99")
    billed(made, asker, decider)
    renew(made, END)
    assert charged()[-2:] == [("2026-04-30", "99.99"), ("2026-04-30", "-15.00")]


def test_days_of_their_own_are_not_repeated(company: Company, asker: User, decider: User, owner: User) -> None:
    made = contract(company, ends_on=END, renewal_months=3, type="maintenance")
    item(made, "100.00")
    terms(made, "custom", date(2026, 2, 1), date(2026, 3, 1))
    billed(made, asker, decider)
    renew(made, END)
    assert (amounts(made), item_of(made).renewed_months) == (["150.00", "150.00"], 0)
    assert "The renewal charges nothing." in Notification.objects.get(recipient=owner, kind="contract_renewed").body


def test_paused_items_are_charged_when_they_go_on(support: Contract, asker: User) -> None:
    pausing.pause(item=item_of(support), by=asker, at=AT)
    renew(support, END)
    assert (amounts(support)[3:], states(support)[3:]) == (["0.00"] * 3, ["cancelled"] * 3)
    pausing.resume(item=item_of(support), by=asker, at=at(date(2026, 6, 2)))
    assert amounts(support)[3:] == ["0.00", "0.00", "100.00"]
    call_command("verify_ledger", verbosity=0)


def test_completed_items_are_not_charged_on(support: Contract, asker: User) -> None:
    pausing.complete(item=item_of(support), by=asker, at=AT)
    renew(support, END)
    assert len(periods(support)) == 3


def test_a_period_after_the_last_makes_room(support: Contract, asker: User) -> None:
    pausing.pause(item=item_of(support, 2), by=asker, at=AT)
    day = date(2026, 4, 20)
    run(day)
    pausing.resume(item=item_of(support, 2), by=asker, at=at(day))
    renew(support, END)
    assert amounts(support)[3:] == ["300.00", "100.00", "100.00", "100.00"]
    assert days(support)[3:5] == [
        ("2026-04-30", "2026-05-01", "2026-04-20"),
        ("2026-05-01", "2026-05-31", "2026-04-30"),
    ]


def test_billing_enabled_after_a_renewal_charges_every_month(company: Company, asker: User, decider: User) -> None:
    made = contract(company, ends_on=END, renewal_months=2, type="maintenance")
    item(made, "100.00")
    put_in_force(made)
    renew(made, END)
    assert (periods(made), item_of(made).renewed_months) == ([], 2)
    billed(made, asker, decider)
    assert amounts(made) == ["100.00"] * 5
    renew(made, date(2026, 6, 30))
    assert amounts(made) == ["100.00"] * 7
    assert BillingPeriod.objects.filter(contract=made).values("due_on").distinct().count() == 7


def test_what_ends_charges_no_more(support: Contract, asker: User) -> None:
    renew(support, END)
    run(END)
    ending.terminate(contract=support, by=asker, at=at(date(2026, 5, 10)), reason="Moved.")
    assert states(support)[3:] == ["invoiced", "cancelled", "cancelled"]
    assert item_of(support).status == "completed"
    call_command("verify_ledger", verbosity=0)


def test_whoever_decides_against_it_is_charged_nothing_more(support: Contract, owner: User) -> None:
    renewing.turn_off(contract=support, by=owner, at=AT)
    processing.process(today=END, at=at(END))
    assert len(periods(support)) == 3
    assert Contract.objects.get(pk=support.pk).status == "expired"


def test_both_sides_read_what_it_charges(support: Contract, owner: User, stranger: User) -> None:
    words = "The renewal charges USD 100.00 each month, USD 300.00 in all, without tax."
    renewing.announce(today=date(2026, 4, 10), at=AT)
    renew(support, END)
    for kind in ("contract_renewal", "contract_renewed"):
        body = Notification.objects.get(recipient=owner, kind=kind).body.replace("\N{NO-BREAK SPACE}", " ")
        assert words in body
    assert not Notification.objects.filter(recipient=stranger).exists()
