"""Amounts as Stripe counts them."""

import pytest
from djmoney.money import Money
from hypothesis import given
from hypothesis import strategies as st

from billing.payments.gateways.stripe.amounts import NotExpressible, from_stripe, to_stripe


@pytest.mark.parametrize(
    ("amount", "currency", "units"),
    [
        ("12.34", "USD", 1234),
        ("1500", "KES", 150000),
        ("500", "JPY", 500),
        ("1000", "RWF", 1000),
        ("5", "UGX", 500),
        ("5", "ISK", 500),
        ("5.12", "KWD", 5120),
        ("7", "MGA", 7),
        ("2500.50", "TZS", 250050),
    ],
)
def test_amounts_are_counted_as_stripe_documents(amount: str, currency: str, units: int) -> None:
    assert to_stripe(Money(amount, currency)) == units
    assert from_stripe(units, currency.lower()) == Money(amount, currency)


@pytest.mark.parametrize(
    ("amount", "currency"), [("0.5", "JPY"), ("5.50", "UGX"), ("1.001", "USD"), ("5.124", "KWD"), ("0.20", "MGA")]
)
def test_what_stripe_has_no_number_for_is_refused(amount: str, currency: str) -> None:
    with pytest.raises(NotExpressible):
        to_stripe(Money(amount, currency))


@given(units=st.integers(1, 10**10), currency=st.sampled_from(["USD", "KES", "TZS", "JPY", "RWF", "UGX"]))
def test_amounts_survive_the_way_there_and_back(units: int, currency: str) -> None:
    step = 100 if currency == "UGX" else 1
    assert to_stripe(from_stripe(units * step, currency.lower())) == units * step
