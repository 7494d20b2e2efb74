"""What a contract costs: periods, their days and sums, to the cent."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.template.loader import render_to_string
from djmoney.money import Money
from pytest_django import DjangoAssertNumQueries

from portal.accounts.models import Company
from portal.contracts.models import Contract
from portal.contracts.services import costs
from tests.portal.contracts.charges.made import contract, item, terms

pytestmark = pytest.mark.django_db
TRAINING = {"kind": "independent_training", "description": "Training", "schedule": "instalments"}


@pytest.fixture
def draft(company: Company) -> Contract:
    return contract(company)


def periods(draft: Contract) -> list[tuple[str, str, str, str]]:
    """First day, first day after, when it is due, and what it charges."""
    return [
        (str(period.starts_on), str(period.last_day), str(period.due_on), str(period.total.amount))
        for period in costs.preview(draft).periods
    ]


def words(draft: Contract) -> str:
    html = render_to_string("contracts/parts/cost.html", {"cost": costs.preview(draft)})
    return " ".join(html.replace("\N{NO-BREAK SPACE}", " ").split())


def test_contract_without_line_items_costs_nothing_and_says_so(draft: Contract) -> None:
    cost = costs.preview(draft)
    assert (cost.periods, cost.items, cost.total) == ((), (), Money(0, "USD"))
    assert "This contract charges nothing." in words(draft)


def test_training_is_split_to_the_cent_and_keeps_its_billing_day(draft: Contract) -> None:
    item(draft, "5000.00", **TRAINING)
    assert periods(draft) == [
        ("2026-01-31", "2026-02-27", "2026-01-31", "1666.67"),
        ("2026-02-28", "2026-03-30", "2026-02-28", "1666.67"),
        ("2026-03-31", "2026-04-29", "2026-03-31", "1666.66"),
    ]
    cost = costs.preview(draft)
    assert [line.description for period in cost.periods for line in period.lines] == [
        "Training, 1 of 3",
        "Training, 2 of 3",
        "Training, 3 of 3",
    ]
    assert (cost.total, cost.before_discount, cost.discount) == (
        Money(5000, "USD"),
        Money(5000, "USD"),
        Money(0, "USD"),
    )


def test_agency_training_costs_half(draft: Contract) -> None:
    item(draft, "2500.00", **TRAINING)
    assert [row[3] for row in periods(draft)] == ["833.34", "833.33", "833.33"]


def test_recurring_charges_its_amount_each_month(draft: Contract) -> None:
    item(draft, "99.99", months=4)
    assert [row[3] for row in periods(draft)] == ["99.99"] * 4
    assert costs.preview(draft).total == Money("399.96", "USD")


def test_what_is_charged_once_is_charged_on_its_first_day(draft: Contract) -> None:
    item(draft, "750.00", schedule="one_off", starts_on=date(2026, 2, 10))
    assert periods(draft) == [("2026-02-10", "2026-02-10", "2026-02-10", "750.00")]


def test_items_of_one_day_share_a_period_and_others_begin_their_own(draft: Contract) -> None:
    item(draft, "100.00", months=2)
    item(draft, "10.00", months=2)
    item(draft, "7.00", schedule="one_off", starts_on=date(2026, 2, 10))
    assert periods(draft) == [
        ("2026-01-31", "2026-02-09", "2026-01-31", "110.00"),
        ("2026-02-10", "2026-02-27", "2026-02-10", "7.00"),
        ("2026-02-28", "2026-03-30", "2026-02-28", "110.00"),
    ]


def test_periods_leave_out_days_on_which_nothing_runs(draft: Contract) -> None:
    item(draft, months=1)
    item(draft, months=1, starts_on=date(2026, 6, 15))
    assert [(first, last) for first, last, _due, _total in periods(draft)] == [
        ("2026-01-31", "2026-02-27"),
        ("2026-06-15", "2026-07-14"),
    ]


def test_quarterly_puts_three_months_into_one_period(draft: Contract) -> None:
    terms(draft, "quarterly")
    item(draft, "100.00", months=7)
    item(draft, "5000.00", **TRAINING, months=4)
    assert periods(draft) == [
        ("2026-01-31", "2026-04-29", "2026-01-31", "4050.00"),
        ("2026-04-30", "2026-07-30", "2026-04-30", "1550.00"),
        ("2026-07-31", "2026-08-30", "2026-07-31", "100.00"),
    ]
    first = costs.preview(draft).periods[0].lines
    assert [line.description for line in first] == ["Development", "Training, 1 of 2"]


def test_custom_days_split_every_item_over_the_periods_in_which_it_runs(draft: Contract) -> None:
    terms(draft, "custom", date(2026, 2, 15), date(2026, 4, 1))
    item(draft, "100.01", schedule="instalments", months=6)
    item(draft, "30.00", schedule="one_off", starts_on=date(2026, 5, 1))
    assert periods(draft) == [
        ("2026-01-31", "2026-03-31", "2026-02-15", "50.01"),
        ("2026-04-01", "2026-07-30", "2026-04-01", "80.00"),
    ]


def test_custom_amounts_are_charged_as_they_were_given(draft: Contract) -> None:
    days = date(2026, 1, 31), date(2026, 3, 1), date(2026, 5, 1)
    terms(draft, "custom", *days, amounts=("700.00", "0.01", "599.99"))
    item(draft, "300.00", months=3, description="Support")
    item(draft, "400.00", schedule="one_off")
    cost = costs.preview(draft)
    assert [period.total.amount for period in cost.periods] == [Decimal("700.00"), Decimal("0.01"), Decimal("599.99")]
    lines = [[(line.description, str(line.amount.amount)) for line in period.lines] for period in cost.periods]
    assert lines == [
        [("Support", "700.00")],
        [("Support", "0.01")],
        [("Support", "199.99"), ("Development", "400.00")],
    ]


def test_labs_discount_is_a_line_of_its_own_rounded_half_up(company: Company) -> None:
    labs = contract(company, discount_percent=Decimal("12.50"))
    item(labs, "100.20", months=1)
    item(labs, "0.02", months=1)
    period = costs.preview(labs).periods[0]
    # 12.5 % of 100.22 are 12.5275.
    assert [(line.description, str(line.amount.amount), line.is_discount) for line in period.lines] == [
        ("Development", "100.20", False),
        ("Development", "0.02", False),
        ("Labs discount, 12.5 %", "-12.53", True),
    ]
    cost = costs.preview(labs)
    assert (period.total, cost.discount, cost.before_discount) == (
        Money("87.69", "USD"),
        Money("-12.53", "USD"),
        Money("100.22", "USD"),
    )


def test_half_a_cent_of_discount_is_given(company: Company) -> None:
    labs = contract(company, discount_percent=Decimal(50))
    item(labs, "0.01", months=1)
    assert [line.amount.amount for line in costs.preview(labs).periods[0].lines] == [Decimal("0.01"), Decimal("-0.01")]


@pytest.mark.parametrize("currency", ["KES", "USD"])
def test_cost_is_told_with_its_currency_and_without_tax(company: Company, currency: str) -> None:
    labs = contract(company, currency=currency, discount_percent=Decimal(10))
    item(labs, "1000.00", months=2)
    shown = words(labs)
    assert f"{currency} 2,000.00" in shown
    assert f"−{currency} 200.00" in shown
    assert f"{currency} 1,800.00" in shown
    assert "Tax comes on top" in shown
    assert "31 Jan 2026 – 27 Feb 2026" in shown
    assert f"{currency} 1,000.00 a month, 31 Jan 2026 – 30 Mar 2026" in shown


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"schedule": "one_off"}, "Once, on 31 Jan 2026"),
        ({"schedule": "instalments", "months": 1}, "Over 1 month, 31 Jan 2026 – 27 Feb 2026"),
        ({"schedule": "instalments", "months": 12}, "Over 12 months, 31 Jan 2026 – 30 Jan 2027"),
    ],
)
def test_schedule_is_told_in_words(draft: Contract, fields: dict[str, Any], said: str) -> None:
    item(draft, **fields)
    assert said in words(draft)


def test_text_of_items_is_escaped(draft: Contract) -> None:
    item(draft, description="<b>Bold</b>")
    assert "<b>" not in words(draft)


@pytest.mark.parametrize("count", [1, 20])
def test_preview_asks_twice_whatever_a_contract_charges(
    draft: Contract, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    for _ in range(count):
        item(draft, months=12)
    with django_assert_num_queries(2):
        assert "In all" in words(draft)


@pytest.mark.parametrize(
    ("frequency", "months", "said"),
    [
        ("monthly", 12, "from 31 January 2027: USD 90.00 each month, USD 1,080.00 in all, without tax."),
        ("quarterly", 6, "from 31 January 2027: USD 270.00 every three months, USD 540.00 in all, without tax."),
        (
            "quarterly",
            4,
            (
                "from 31 January 2027: USD 270.00 on 31 January 2027, USD 90.00 on 30 April 2027,"
                " USD 360.00 in all, without tax."
            ),
        ),
    ],
)
def test_what_a_renewal_charges_is_said_before_it_is_signed(
    company: Company, frequency: str, months: int, said: str
) -> None:
    made = contract(company, renewal_months=months, type="maintenance", discount_percent=Decimal(10))
    item(made, "100.00", months=12)
    item(made, "750.00", schedule="one_off")
    item(made, "20.00", months=2)
    terms(made, frequency)
    assert f"<p>When renewed by {months} months, {said}</p>" in words(made)


def test_a_renewal_of_what_is_not_repeated_charges_nothing(company: Company) -> None:
    made = contract(company, renewal_months=1, type="maintenance")
    item(made, "750.00", schedule="one_off")
    assert "When renewed by 1 month, from 31 January 2027: nothing." in words(made)


def test_what_is_not_renewed_says_nothing_of_it(draft: Contract) -> None:
    item(draft, "100.00", months=12)
    assert "When renewed" not in words(draft)
