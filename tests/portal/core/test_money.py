"""Money: exact to the minor unit, whatever is divided by whatever."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from djmoney.money import Money
from hypothesis import given
from hypothesis import strategies as st

from portal.core import money
from portal.core.money import CurrencyMismatch, InvalidAmount

CLDR = Path(__file__).parents[4] / "shared/data/kenya/cldr-currency.json"
CURRENCIES = st.sampled_from(["KES", "USD", "JPY", "UGX", "KWD"])
UNITS = st.integers(-(10**13), 10**13)
WEIGHTS = st.lists(st.integers(0, 10**6), min_size=1, max_size=40).filter(any)


@pytest.mark.parametrize(
    ("currency", "digits"), [("KES", 2), ("USD", 2), ("EUR", 2), ("JPY", 0), ("UGX", 0), ("RWF", 0), ("KWD", 3)]
)
def test_minor_digits_follow_iso_4217(currency, digits):
    assert money.minor_digits(currency) == digits


def test_minor_digits_agree_with_cldr_for_east_africa():
    if not CLDR.exists():
        pytest.skip(f"NOT TESTED: {CLDR} is missing")
    facts = {(row["currency"], row["digits"]) for row in json.loads(CLDR.read_text())["rows"]}
    assert {code for code, _digits in facts} == {"KES", "UGX", "TZS", "RWF", "USD"}
    assert {(code, money.minor_digits(code)) for code, _digits in facts} == facts


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"),
    [
        ("2.345", "KES", "2.35"),
        ("2.344999", "KES", "2.34"),
        ("-2.345", "KES", "-2.35"),
        ("0.005", "USD", "0.01"),
        ("1.5", "JPY", "2"),
        ("2.5", "JPY", "3"),
        ("-0.5", "UGX", "-1"),
        ("7", "KES", "7.00"),
    ],
)
def test_half_a_unit_is_rounded_away_from_zero(amount, currency, rounded):
    result = money.round_half_up(Money(amount, currency))
    assert (str(result.amount), str(result.currency)) == (rounded, currency)


@given(amount=st.decimals(-(10**12), 10**12, places=6), currency=CURRENCIES)
def test_rounding_moves_by_half_a_unit_at_most_and_is_the_same_below_zero(amount, currency):
    rounded = money.round_half_up(Money(amount, currency))
    assert abs(rounded.amount - amount) * 2 <= Decimal(1).scaleb(-money.minor_digits(currency))
    assert money.round_half_up(Money(-amount, currency)) == -rounded
    assert money.round_half_up(rounded) == rounded


def test_training_of_an_independent_developer_is_split_over_three_months_to_the_cent():
    parts = money.split(Money("5000", "USD"), 3)
    assert parts == [Money("1666.67", "USD"), Money("1666.67", "USD"), Money("1666.66", "USD")]


@pytest.mark.parametrize(
    ("amount", "shares", "parts"),
    [
        (Money("0.05", "KES"), [1, 1], ["0.03", "0.02"]),
        (Money("-0.05", "KES"), [1, 1], ["-0.03", "-0.02"]),
        (Money("100", "JPY"), 3, ["34", "33", "33"]),
        (Money("1.00", "USD"), [1, 2, 1, 0], ["0.25", "0.50", "0.25", "0.00"]),
        (Money("0.10", "USD"), [1, 5, 1], ["0.02", "0.07", "0.01"]),
        (Money("10.00", "USD"), [Decimal("0.5"), Decimal("1.5")], ["2.50", "7.50"]),
        (Money("0", "USD"), 2, ["0.00", "0.00"]),
    ],
)
def test_split_gives_what_is_left_to_the_largest_remainders_earlier_first(amount, shares, parts):
    assert [f"{part.amount:f}" for part in money.split(amount, shares)] == parts


@given(units=UNITS, currency=CURRENCIES, weights=WEIGHTS)
def test_split_by_weights_is_exact_and_fair(units, currency, weights):
    parts = [money.to_minor(part) for part in money.split(money.from_minor(units, currency), weights)]
    assert sum(parts) == units
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part * sum(weights) - units * weight) < sum(weights), "less than a minor unit from the exact share"


@given(units=UNITS, currency=CURRENCIES, count=st.integers(1, 60))
def test_equal_parts_differ_by_one_minor_unit_at_most_and_mirror_below_zero(units, currency, count):
    amount = money.from_minor(units, currency)
    parts = money.split(amount, count)
    sizes = [abs(money.to_minor(part)) for part in parts]
    assert len(parts) == count
    assert sum(parts, Money(0, currency)) == amount
    assert max(sizes) - min(sizes) <= 1
    assert sizes == sorted(sizes, reverse=True)
    assert money.split(-amount, count) == [-part for part in parts]


@pytest.mark.parametrize("shares", [0, [], [0, 0], [1, -1]])
def test_split_without_any_share_is_a_mistake_in_the_code(shares):
    with pytest.raises(ValueError, match="at least one share"):
        money.split(Money(1, "KES"), shares)


def test_amount_with_part_of_a_cent_is_not_split():
    with pytest.raises(InvalidAmount):
        money.split(Money("1.001", "KES"), 2)


@given(units=UNITS, currency=CURRENCIES)
def test_minor_units_there_and_back(units, currency):
    assert money.to_minor(money.from_minor(units, currency)) == units


def test_total_adds_up_one_currency():
    amounts = [Money("0.10", "KES"), Money("0.20", "KES")]
    assert money.total(amounts, "KES") == Money("0.30", "KES")
    assert money.total([], "USD") == Money(0, "USD")


def test_currencies_never_mix_in_a_sum():
    with pytest.raises(CurrencyMismatch) as refusal:
        money.total([Money(1, "KES"), Money(1, "USD")], "KES")
    assert refusal.value.message == "USD cannot be added to KES."
    assert (refusal.value.code, refusal.value.status) == ("currency_mismatch", 422)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("1234.5", {"amount": "1234.50", "currency": "KES"}),
        (1234, {"amount": "1234.00", "currency": "KES"}),
        (Decimal("0.07"), {"amount": "0.07", "currency": "KES"}),
        ({"amount": "-3"}, {"amount": "-3.00", "currency": "KES"}),
        ({"amount": "1000", "currency": "JPY"}, {"amount": "1000", "currency": "JPY"}),
        ({"amount": "1.500", "currency": "USD"}, {"amount": "1.50", "currency": "USD"}),
        ("999999999999999.99", {"amount": "999999999999999.99", "currency": "KES"}),
    ],
)
def test_amounts_are_read_and_written_as_the_api_does(value, written):
    assert money.as_json(money.parse(value, currency="KES")) == written


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "abc",
        "1,000",
        "1e3",
        "NaN",
        "Infinity",
        "1_000",
        " 1",
        "١٢",
        "0.001",
        "1000000000000000",
        "0.00000000000000000000000000000000001",
        1.5,
        True,
        [],
        Decimal("NaN"),
        {"currency": "KES"},
        {"amount": "1", "currency": "XYZ9"},
        {"amount": "1", "currency": None},
        {"amount": {"amount": "1"}},
        {"amount": "1.5", "currency": "JPY"},
    ],
)
def test_what_is_no_payable_amount_is_refused(value):
    with pytest.raises(InvalidAmount):
        money.parse(value, currency="KES")


@given(units=UNITS, currency=CURRENCIES)
def test_what_the_api_writes_it_also_reads(units, currency):
    amount = money.from_minor(units, currency)
    assert money.parse(money.as_json(amount), currency="EUR") == amount


@pytest.mark.parametrize(
    ("amount", "currency", "words", "exact"),
    [
        ("1234.5", "KES", "KES\N{NO-BREAK SPACE}1,234.50", "1234.50"),
        ("45000", "KES", "KES\N{NO-BREAK SPACE}45,000.00", "45000.00"),
        ("0.012500000", "USD", "USD\N{NO-BREAK SPACE}0.0125", "0.0125"),
        ("0", "UGX", "UGX\N{NO-BREAK SPACE}0", "0"),
        ("1000000", "UGX", "UGX\N{NO-BREAK SPACE}1,000,000", "1000000"),
        ("-0.000000001", "KES", "−KES\N{NO-BREAK SPACE}0.000000001", "-0.000000001"),
        ("-5000", "KES", "−KES\N{NO-BREAK SPACE}5,000.00", "-5000.00"),
        ("123456789012345.123456789", "KES", "KES\N{NO-BREAK SPACE}123,456,789,012,345.123456789",
         "123456789012345.123456789"),
    ],
)  # fmt: skip
def test_amounts_in_words_have_the_digits_that_say_something(amount, currency, words, exact):
    price = Money(amount, currency)
    assert money.words(price) == words
    assert money.as_exact_json(price) == {"amount": exact, "currency": currency}


@pytest.mark.parametrize(
    ("amount", "currency", "whole"),
    [("1234.50", "KES", "1235"), ("1234.01", "KES", "1235"), ("1234", "KES", "1234"), ("7", "UGX", "7")],
)
def test_who_moves_no_cents_is_asked_for_whole_units(amount, currency, whole):
    assert money.round_up_to_unit(Money(amount, currency)) == Money(whole, currency)
