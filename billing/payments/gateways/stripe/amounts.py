"""Amounts as Stripe counts them, which is not always ISO 4217: https://docs.stripe.com/currencies (November 2026)."""

from decimal import Decimal

from djmoney.money import Money

ZERO_DECIMAL = frozenset(
    ["BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"]
)
THREE_DECIMAL = frozenset(["BHD", "JOD", "KWD", "OMR", "TND"])
# Without a minor unit, and yet counted in hundredths that must be zero.
WHOLE_IN_HUNDREDTHS = frozenset(["ISK", "UGX"])


class NotExpressible(ValueError):
    """Stripe has no number for this amount."""


def to_stripe(money: Money) -> int:
    """The amount in Stripe's units: USD 12.34 is 1234, JPY 500 is 500, UGX 500 is 50000. Raises NotExpressible."""
    currency = str(money.currency)
    units = money.amount.scaleb(_digits(currency))
    if units != units.to_integral_value() or units % _step(currency):
        raise NotExpressible(f"{money.amount:f} {currency} has more digits than Stripe takes.")
    return int(units)


def from_stripe(units: int, currency: str) -> Money:
    """The amount that Stripe wrote in its units; it writes currencies in lower case."""
    code = currency.upper()
    return Money(Decimal(units).scaleb(-_digits(code)), code)


def _digits(currency: str) -> int:
    if currency in ZERO_DECIMAL:
        return 0
    return 3 if currency in THREE_DECIMAL else 2


def _step(currency: str) -> int:
    if currency in WHOLE_IN_HUNDREDTHS:
        return 100
    return 10 if currency in THREE_DECIMAL else 1
