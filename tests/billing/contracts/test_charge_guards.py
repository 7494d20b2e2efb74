"""What the database itself refuses of charges of contracts: each guard with its words, and nothing is changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from portal.accounts.models import Company
from portal.contracts.models import BillingPeriod, BillingPeriodLine, BillingTerms, Contract, ContractLineItem
from tests.billing.contracts.billed import FIRST, run
from tests.portal.contracts.charges.made import contract, item, put_in_force

TABLES = (BillingTerms, ContractLineItem, BillingPeriod, BillingPeriodLine)
SIGNED = "what a contract charges is part of what is signed"
STAYS = "what was invoiced of a contract stays"
NEW_ITEM = """
INSERT INTO contracts_contractlineitem (public_id, position, kind, description, schedule, amount, months, starts_on,
    ends_on, renewed_months, status, contract_id)
SELECT gen_random_uuid(), 9, kind, 'More', schedule, amount, months, starts_on, ends_on, 0, status, contract_id
FROM contracts_contractlineitem
"""
NEW_LINE = """
INSERT INTO contracts_billingperiodline (public_id, number, description, amount, starts_on, ends_on, is_withdrawn,
    item_id, period_id)
SELECT gen_random_uuid(), 9, description, amount, starts_on, ends_on, {is_withdrawn}, item_id, period_id
FROM contracts_billingperiodline WHERE number = {number}
"""
MOVED = """
UPDATE contracts_billingperiodline SET period_id = (SELECT id FROM contracts_billingperiod WHERE sequence = {1})
WHERE number = {0}
"""
CHANGED = "UPDATE contracts_contractlineitem SET {}"
GONE = "DELETE FROM contracts_billingperiodline WHERE number = {}"


def rows() -> list[list[tuple[object, ...]]]:
    return [list(model._default_manager.order_by("pk").values_list()) for model in TABLES]


@contextmanager
def refused(says: str) -> Iterator[None]:
    """What is done is refused with these words, and nothing was changed."""
    before = rows()
    with pytest.raises(DatabaseError) as refusal, transaction.atomic():
        yield
    assert str(refusal.value).splitlines()[0] == says
    assert rows() == before


def execute(statement: str) -> None:
    """In SQL, with what is otherwise looked at when the transaction commits."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM contracts_billingterms",
        "UPDATE contracts_billingterms SET frequency = 'quarterly'",
        "UPDATE contracts_billingterms SET frequency = 'custom', days = '{2026-03-01}'",
        "UPDATE contracts_billingterms SET amounts = '{}'",
        "UPDATE contracts_billingterms SET contract_id = contract_id",
    ],
)
def test_terms_stay_as_they_were_signed(training: Contract, statement: str) -> None:
    with refused(SIGNED):
        execute(statement)


def test_terms_are_not_added_to_what_was_signed(company: Company) -> None:
    made = put_in_force(contract(company))
    new = "INSERT INTO contracts_billingterms (frequency, days, amounts, contract_id) VALUES ('{}', '{{}}', '{{}}', {})"
    with refused(SIGNED):
        execute(new.format("quarterly", made.pk))
    execute(new.format("monthly", made.pk))
    assert made.billing_terms.frequency == "monthly"


@pytest.mark.parametrize(
    "statement",
    [
        NEW_ITEM,
        "DELETE FROM contracts_contractlineitem",
        "UPDATE contracts_contractlineitem SET contract_id = contract_id",
        "UPDATE contracts_contractlineitem SET position = 2",
        "UPDATE contracts_contractlineitem SET kind = 'agency_training'",
        "UPDATE contracts_contractlineitem SET description = 'Other'",
        "UPDATE contracts_contractlineitem SET schedule = 'recurring'",
        "UPDATE contracts_contractlineitem SET amount = 1",
        "UPDATE contracts_contractlineitem SET months = 2, ends_on = '2026-03-31'",
        "UPDATE contracts_contractlineitem SET starts_on = '2026-02-28', ends_on = '2026-05-28'",
    ],
)
def test_line_items_stay_as_they_were_signed(training: Contract, statement: str) -> None:
    with refused(SIGNED):
        execute(statement)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("ends_on = '2026-05-01'", "a line item of these months ends on 2026-04-30"),
        ("months = 2", "a line item of these months ends on 2026-03-31"),
        ("schedule = 'one_off', months = 1", "a line item of these months ends on 2026-02-01"),
        ("starts_on = '2026-01-30', ends_on = '2026-04-30'", "a line item lies within the days of its contract"),
        ("starts_on = '2026-11-30', ends_on = '2027-02-28'", "a line item lies within the days of its contract"),
    ],
)
def test_line_items_of_drafts_lie_within_their_contract(company: Company, change: str, says: str) -> None:
    item(contract(company))
    with refused(says):
        execute(CHANGED.format(change))


def test_engagement_charges_twelve_months_at_most(company: Company) -> None:
    item(contract(company, ends_on=None))
    with refused("an engagement lasts 12 months at most"):
        execute("UPDATE contracts_contractlineitem SET starts_on = '2026-11-30', ends_on = '2027-02-28'")
    Contract.objects.update(type="maintenance")
    execute("UPDATE contracts_contractlineitem SET starts_on = '2026-11-30', ends_on = '2027-02-28'")


def test_periods_are_the_sum_of_their_lines(training: Contract) -> None:
    first, second, third = BillingPeriod.objects.order_by("sequence").values_list("pk", flat=True)
    with refused(f"billing period {second} says 1.0000 and its lines add up to 1666.6700"):
        execute("UPDATE contracts_billingperiod SET amount = 1 WHERE sequence = 2")
    with refused(f"billing period {third} says 1666.6600 and its lines add up to 0"):
        execute("UPDATE contracts_billingperiodline SET is_withdrawn = true WHERE number = 3")
    with refused(f"billing period {first} says 1666.6700 and its lines add up to 3333.3400"):
        execute(MOVED.format(2, 1))
    with refused(f"billing period {first} says 1666.6700 and its lines add up to 3333.3400"):
        execute(NEW_LINE.format(number=1, is_withdrawn="false"))


def test_lines_are_the_parts_of_their_item(training: Contract) -> None:
    key = training.line_items.get().pk
    with refused(f"the parts of line item {key} add up to 5001.0000"):
        execute(
            "UPDATE contracts_billingperiodline SET amount = amount + 1 WHERE number = 3;"
            "UPDATE contracts_billingperiod SET amount = amount + 1 WHERE sequence = 3"
        )
    # A part too many is refused, though it is not charged.
    with refused(f"the parts of line item {key} add up to 6666.6700"):
        execute(NEW_LINE.format(number=1, is_withdrawn="true"))


@pytest.mark.parametrize(
    "statement",
    [
        NEW_LINE.format(number=1, is_withdrawn="false"),
        "UPDATE contracts_billingperiodline SET amount = 1 WHERE number = 1",
        "UPDATE contracts_billingperiodline SET description = 'Other' WHERE number = 1",
        "UPDATE contracts_billingperiodline SET is_withdrawn = true WHERE number = 1",
        MOVED.format(1, 2),
        MOVED.format(2, 1),
    ],
)
def test_what_was_invoiced_stays(training: Contract, statement: str) -> None:
    run(FIRST)
    with refused(STAYS):
        execute(statement)


def test_no_line_is_deleted(training: Contract) -> None:
    for number in (1, 2):
        with refused("lines of billing periods stay"):
            execute(GONE.format(number))


def test_months_are_added_by_renewals_alone(company: Company) -> None:
    made = contract(company, ends_on=date(2026, 4, 30), renewal_months=1, type="maintenance")
    item(made)
    put_in_force(made)
    more = "UPDATE contracts_contractlineitem SET renewed_months = {}"
    with refused("each month that a renewal adds begins within its contract"):
        execute(more.format(1))
    Contract.objects.filter(pk=made.pk).update(ends_on=date(2026, 5, 30))
    with refused("each month that a renewal adds begins within its contract"):
        execute(more.format(2))
    execute(more.format(1))
    with refused("what a renewal has added stays"):
        execute(more.format(0))
    Contract.objects.filter(pk=made.pk).update(type="engagement")
    with refused("an engagement is not renewed"):
        execute(more.format(2))
