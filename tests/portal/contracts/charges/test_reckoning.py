"""Whatever is agreed is charged wholly, once and to the cent."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

from djmoney.money import Money
from hypothesis import given
from hypothesis import strategies as some

from portal.contracts import reckoning
from portal.contracts.models import BillingTerms, Contract, ContractLineItem
from portal.contracts.reckoning import Planned
from portal.core import money

CURRENCIES = ["KES", "USD", "EUR", "JPY", "UGX", "KWD", "TND"]
DAYS = some.dates(date(2024, 1, 1), date(2028, 12, 31))
PERCENTS = some.decimals(0, 100, places=2)


@some.composite
def items(draw: some.DrawFn, currency: str) -> list[ContractLineItem]:
    """Up to six line items of one contract, not saved."""
    contract = Contract(currency=currency)
    made = []
    for place in range(draw(some.integers(1, 6))):
        schedule = draw(some.sampled_from(ContractLineItem.Schedule.values))
        months = 1 if schedule == "one_off" else draw(some.integers(1, 12))
        starts_on = draw(DAYS)
        price = money.from_minor(draw(some.integers(1, 10**9)), currency)
        one = ContractLineItem(
            pk=place + 1,
            contract=contract,
            position=place + 1,
            description=f"Item {place}",
            schedule=schedule,
            amount=price.amount,
            months=months,
            starts_on=starts_on,
            ends_on=reckoning.end_of(schedule=schedule, starts_on=starts_on, months=months),
        )
        made.append(one)
    return made


def check(plan: tuple[Planned, ...], made: list[ContractLineItem], percent: Decimal, currency: str) -> None:
    """Every item is charged wholly, every part once, no days overlap, and discounts are exact for each period."""
    for one in made:
        parts = [part for period in plan for part in period.parts if part.item is one]
        assert money.total((part.amount for part in parts), currency) == one.total
        assert len({part.number for part in parts}) == len(parts)
    for period in plan:
        assert period.starts_on < period.ends_on
        assert all(part.amount.amount > 0 and part.starts_on < part.ends_on for part in period.parts)
        before = money.total((part.amount for part in period.parts), currency)
        assert period.discount == money.round_half_up(Money(-before.amount * percent / 100, currency))
        assert 0 <= period.total.amount <= before.amount
        money.to_minor(period.total)
    assert all(one.ends_on <= two.starts_on and one.due_on < two.due_on for one, two in pairwise(plan))


@given(some.data(), some.sampled_from(CURRENCIES), PERCENTS, some.sampled_from(["monthly", "quarterly"]))
def test_periods_add_up_in_every_currency(data: some.DataObject, currency: str, percent: Decimal, how: str) -> None:
    made = data.draw(items(currency))
    plan = reckoning.plan(made, BillingTerms(frequency=how), percent=percent, currency=currency)
    check(plan, made, percent, currency)
    for period in plan:
        assert all(part.starts_on == period.due_on == period.starts_on for part in period.parts)
    step = 3 if how == "quarterly" else 1
    for one in made:
        count = sum(part.item is one for period in plan for part in period.parts)
        # A part of nothing is left out: less than a cent a month is charged in the first months.
        assert count == -(-min(one.months, money.to_minor(one.total)) // step)


@given(some.data(), some.sampled_from(CURRENCIES), PERCENTS)
def test_custom_days_split_everything(data: some.DataObject, currency: str, percent: Decimal) -> None:
    made = data.draw(items(currency))
    days = sorted(data.draw(some.sets(DAYS, min_size=1, max_size=12)))
    terms = BillingTerms(frequency="custom", days=days)
    plan = reckoning.plan(made, terms, percent=percent, currency=currency)
    check(plan, made, percent, currency)
    assert {period.due_on for period in plan} <= set(days)


@given(some.data(), some.sampled_from(CURRENCIES), PERCENTS)
def test_custom_amounts_are_kept_to_the_cent(data: some.DataObject, currency: str, percent: Decimal) -> None:
    made = data.draw(items(currency))
    days = sorted(data.draw(some.sets(DAYS, min_size=1, max_size=12)))
    whole = money.total((one.total for one in made), currency)
    weights = data.draw(some.lists(some.integers(1, 9), min_size=len(days), max_size=len(days)))
    given_amounts = [part.amount for part in money.split(whole, weights)]
    terms = BillingTerms(frequency="custom", days=days, amounts=given_amounts)
    plan = reckoning.plan(made, terms, percent=percent, currency=currency)
    check(plan, made, percent, currency)
    by_day = {period.due_on: period.total.amount - period.discount.amount for period in plan}
    assert [by_day.get(day, 0) for day in days] == given_amounts


def test_billing_day_comes_back_after_a_short_month() -> None:
    contract = Contract(currency="USD")
    made = ContractLineItem(
        contract=contract,
        schedule="recurring",
        amount=Decimal(10),
        months=5,
        starts_on=date(2028, 1, 31),
        ends_on=date(2028, 6, 30),
    )
    plan = reckoning.plan([made], BillingTerms(), percent=Decimal(0), currency="USD")
    days = ["2028-01-31", "2028-02-29", "2028-03-31", "2028-04-30", "2028-05-31", "2028-06-30"]
    assert [(str(one.starts_on), str(one.ends_on)) for one in plan] == list(pairwise(days))
