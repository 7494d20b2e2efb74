"""Enabling the billing of a contract: asked for, decided by another person, exactly once."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.management import call_command

from billing.invoicing.models import Charge, Invoice
from portal.accounts.models import Company, User
from portal.activity.models import ActivityEvent
from portal.approvals import services as approvals
from portal.approvals.models import Approval
from portal.contracts.models import BillingPeriod, BillingPeriodLine, Contract, ContractLineItem
from portal.contracts.services import billing, line_items
from portal.notifications.models import Notification
from tests.billing.contracts.billed import AT, amounts, billed, charged, item_of, periods, states
from tests.portal.contracts.charges.made import contract, item, put_in_force, terms


def counts() -> dict[str, int]:
    models = (BillingPeriod, BillingPeriodLine, Charge, Invoice, Approval, ActivityEvent, Notification)
    return {model.__name__: model._default_manager.count() for model in models}


def test_approval_creates_every_period_and_its_charges(training: Contract) -> None:
    assert amounts(training) == ["1666.67", "1666.67", "1666.66"]
    assert states(training) == ["pending"] * 3
    assert charged() == [("2026-01-31", "1666.67"), ("2026-02-28", "1666.67"), ("2026-03-31", "1666.66")]
    assert item_of(training).status == "active"
    assert set(Charge.objects.values_list("company__slug", "currency")) == {("savanna-foods", "USD")}
    call_command("verify_ledger", verbosity=0)


def test_charges_name_line_contract_and_days(training: Contract) -> None:
    charge = Charge.objects.order_by("due_on")[1]
    line = BillingPeriodLine.objects.get(number=2)
    assert charge.source == f"contract line {line.public_id}"
    assert charge.description == f"Training, 2 of 3 ({training.number})"
    assert (charge.starts_on, charge.ends_on) == (date(2026, 2, 28), date(2026, 3, 31))


def test_discount_is_charged_as_a_line_of_its_own(company: Company, asker: User, decider: User) -> None:
    labs = contract(company, discount_percent=Decimal(15))
    item(labs, "99.99", months=2)
    billed(labs, asker, decider)
    # 15 % of 99.99 are 14.9985.
    assert charged() == [
        ("2026-01-31", "99.99"),
        ("2026-01-31", "-15.00"),
        ("2026-02-28", "99.99"),
        ("2026-02-28", "-15.00"),
    ]
    assert amounts(labs) == ["84.99", "84.99"]
    call_command("verify_ledger", verbosity=0)


def test_who_asks_may_not_decide(company: Company, asker: User) -> None:
    made = contract(company)
    item(made)
    approval = billing.ask(contract=put_in_force(made), by=asker, at=AT)
    before = counts()
    with pytest.raises(approvals.MayNotDecide):
        approvals.approve(approval=approval, by=asker, at=AT)
    assert counts() == before


def test_deciding_twice_changes_nothing(training: Contract, decider: User) -> None:
    approval, before = Approval.objects.get(), counts()
    with pytest.raises(approvals.AlreadyDecided):
        approvals.approve(approval=approval, by=decider, at=AT)
    assert counts() == before


def test_rejecting_creates_nothing(company: Company, asker: User, decider: User) -> None:
    made = contract(company)
    item(made)
    approval = billing.ask(contract=put_in_force(made), by=asker, at=AT)
    approvals.reject(approval=approval, by=decider, at=AT, comment="Not yet.")
    assert (periods(made), charged(), item_of(made).status) == ([], [], "pending")
    again = billing.ask(contract=put_in_force(made), by=asker, at=AT)
    approvals.approve(approval=again, by=decider, at=AT)
    assert len(periods(made)) == 3


def test_billed_contract_is_not_asked_about_again(training: Contract, asker: User) -> None:
    before = counts()
    with pytest.raises(billing.AlreadyEnabled):
        billing.ask(contract=training, by=asker, at=AT)
    assert counts() == before


@pytest.mark.parametrize("status", ["draft", "sent", "expired", "terminated", "cancelled", "declined"])
def test_only_what_is_in_force_is_billed(company: Company, asker: User, status: str) -> None:
    made = contract(company)
    item(made)
    put_in_force(made)
    Contract.objects.filter(pk=made.pk).update(status=status, reason="Because.")
    made.refresh_from_db()
    before = counts()
    with pytest.raises(billing.NotInForce):
        billing.ask(contract=made, by=asker, at=AT)
    assert counts() == before


def test_decision_on_a_contract_that_has_ended_changes_nothing(company: Company, asker: User, decider: User) -> None:
    made = contract(company)
    item(made)
    approval = billing.ask(contract=put_in_force(made), by=asker, at=AT)
    Contract.objects.filter(pk=made.pk).update(status="terminated", reason="It was.")
    before = counts()
    with pytest.raises(billing.NotInForce):
        approvals.approve(approval=approval, by=decider, at=AT)
    assert counts() == before
    approval.refresh_from_db()
    assert approval.status == "pending"


def test_contract_without_line_items_is_not_billed(company: Company, asker: User) -> None:
    before = counts()
    with pytest.raises(billing.NothingToBill):
        billing.ask(contract=put_in_force(contract(company)), by=asker, at=AT)
    assert counts()["Approval"] == before["Approval"]


def test_terms_that_do_not_fit_are_not_billed(company: Company, asker: User) -> None:
    made = contract(company)
    item(made, "100.00", months=1)
    terms(made, "custom", date(2026, 2, 1), amounts=("99.00",))
    with pytest.raises(line_items.NotAsAgreed, match="add up"):
        billing.ask(contract=put_in_force(made), by=asker, at=AT)


def test_decider_reads_every_period(company: Company, asker: User) -> None:
    labs = contract(company, discount_percent=Decimal(10))
    item(labs, "100.00", months=2)
    approval = billing.ask(contract=put_in_force(labs), by=asker, at=AT)
    assert approval.subject_label.endswith("USD\N{NO-BREAK SPACE}180.00")
    by_heading = approval.facts_by_heading()
    assert [(fact.label, fact.value.replace("\N{NO-BREAK SPACE}", " ")) for fact in by_heading[""]][1:] == [
        ("In all", "USD 180.00, without tax, each month"),
        ("Labs discount, 10 %", "−USD 20.00"),
    ]
    lines = "USD 90.00: Development USD 100.00, Labs discount, 10 % −USD 10.00"
    shown = [
        (fact.label, fact.value.replace("\N{NO-BREAK SPACE}", " ")) for fact in by_heading["What is invoiced when"]
    ]
    assert shown == [("31 Jan 2026", lines), ("28 Feb 2026", lines)]


def test_those_who_manage_billing_are_told(
    company: Company, owner: User, billing_member: User, viewer: User, stranger: User, asker: User, decider: User
) -> None:
    made = contract(company)
    item(made, "100.00", months=2)
    billed(made, asker, decider)
    told = Notification.objects.filter(kind="contract_billing_enabled")
    assert {row.recipient for row in told} == {owner, billing_member}
    assert all("31 January 2026" in row.subject and "USD\N{NO-BREAK SPACE}200.00" in row.body for row in told)
    event = ActivityEvent.objects.get(verb="contract.billing_enabled")
    assert (event.company, event.actor, event.data["periods"]) == (company, decider, 2)


def test_two_companies_and_currencies_are_billed_apart(
    company: Company, other_company: Company, asker: User, decider: User
) -> None:
    for one, currency in ((company, "USD"), (other_company, "KES")):
        made = contract(one, currency=currency)
        item(made, "100.00", months=1)
        billed(made, asker, decider)
    rows = Charge.objects.values_list("company__slug", "currency", "unit_price")
    assert set(rows) == {
        ("savanna-foods", "USD", Decimal("100.000000")),
        ("ridgeline-sacco", "KES", Decimal("100.000000")),
    }
    assert ContractLineItem.objects.filter(status="active").count() == 2
