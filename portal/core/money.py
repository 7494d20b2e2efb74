"""Rounding, splitting, adding up and reading amounts of money: the only place that does.

Amounts are `djmoney.money.Money`: a Decimal with an ISO 4217 currency.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache

from django.utils.translation import gettext as _
from djmoney.money import Currency, Money
from moneyed import CurrencyDoesNotExist, get_currency

from portal.core.errors import DomainError

# Fifteen digits are more than anybody owes, and with nine more still exact in Python's decimal context.
AMOUNT = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,9})?")


class CurrencyMismatch(DomainError):
    """Amounts of different currencies meet in one sum."""

    code = "currency_mismatch"


class InvalidAmount(DomainError):
    """What was sent is no amount of money that can be paid."""

    code = "invalid_amount"


def minor_digits(currency: str | Currency) -> int:
    """Digits after the decimal point of a currency's minor unit, by ISO 4217: KES and USD 2, UGX and JPY 0.

    CLDR differs where cash is counted in larger steps (IQD 0 for 3); what is owed follows ISO.
    """
    unit: int = get_currency(str(currency)).sub_unit
    return len(str(unit)) - 1


def round_half_up(money: Money) -> Money:
    """Round to the minor unit; a half goes away from zero, so that a credit mirrors its charge."""
    return Money(rounded(money.amount, str(money.currency)), money.currency)


def round_up_to_unit(money: Money) -> Money:
    """Round up to a whole unit of the currency, for those who move no cents: KES 1,234.50 becomes KES 1,235."""
    return round_half_up(Money(money.amount.to_integral_value(rounding=ROUND_CEILING), money.currency))


def rounded(amount: Decimal, currency: str) -> Decimal:
    """Round an amount of a currency as `round_half_up` does."""
    return amount.quantize(_unit(currency), rounding=ROUND_HALF_UP)


def to_minor(money: Money) -> int:
    """Count the minor units (cents) in an amount. Raises InvalidAmount when a part of a unit would be lost."""
    units: Fraction = Fraction(money.amount) * 10 ** minor_digits(money.currency)
    if units.denominator != 1:
        raise InvalidAmount(_("%(amount)s has more digits than its currency.") % {"amount": _plain(money)})
    return units.numerator


def from_minor(units: int, currency: str | Currency) -> Money:
    """Make an amount of a number of minor units (cents)."""
    return Money(Decimal(units).scaleb(-minor_digits(currency)), currency)


def split(money: Money, shares: int | Sequence[int | Decimal]) -> list[Money]:
    """Divide an amount into equal parts (a number) or by weights, without gaining or losing a minor unit.

    What the division leaves goes to the parts with the largest remainders, the earlier first. Splitting a negative
    amount mirrors the positive one. Raises InvalidAmount when the amount is not whole in minor units.
    """
    weights = [Fraction(1)] * shares if isinstance(shares, int) else [Fraction(share) for share in shares]
    if not weights or min(weights) < 0 or not sum(weights):
        raise ValueError("split wants at least one share, none negative, and not all zero")
    total = to_minor(money)
    exact = [abs(total) * weight / sum(weights) for weight in weights]
    parts = [int(part) for part in exact]
    by_remainder = sorted(range(len(parts)), key=lambda index: parts[index] - exact[index])
    for index in by_remainder[: abs(total) - sum(parts)]:
        parts[index] += 1
    sign = -1 if total < 0 else 1
    return [from_minor(sign * part, money.currency) for part in parts]


def total(amounts: Iterable[Money], currency: str | Currency) -> Money:
    """Add up amounts of one currency; nothing adds up to zero. Raises CurrencyMismatch."""
    result = Money(0, currency)
    for money in amounts:
        if money.currency != result.currency:
            raise CurrencyMismatch(
                _("%(one)s cannot be added to %(other)s.") % {"one": money.currency, "other": result.currency}
            )
        result += money
    return result


def as_json(money: Money) -> dict[str, str]:
    """Write an amount as the API does: {"amount": "1234.50", "currency": "KES"}, rounded to the minor unit."""
    return {"amount": f"{round_half_up(money).amount:f}", "currency": str(money.currency)}


def as_exact_json(money: Money) -> dict[str, str]:
    """Write a price of one unit as the API does, with all its digits: {"amount": "0.0125", "currency": "USD"}."""
    return {"amount": f"{_all_digits(money):f}", "currency": str(money.currency)}


def words(money: Money) -> str:
    """Write an amount for people: "KES 1,234.50", with more digits where it has them (a price of one unit).

    A minus sign stands before the currency: "−KES 1,234.50".
    """
    return f"{_sign(money)}{money.currency}\N{NO-BREAK SPACE}{abs(_all_digits(money)):,f}"


def figures(money: Money) -> str:
    """Write an amount where the currency is known: "1,234.50", "−1,234.50"."""
    return f"{_sign(money)}{abs(_all_digits(money)):,f}"


def parse(value: object, *, currency: str | Currency) -> Money:
    """Read an amount that came from outside: "1234.50", 1234, or {"amount": …, "currency": …}.

    `currency` is the company's, used when the value names none. Floats are refused: they are not exact. Raises
    InvalidAmount, also for more digits than the currency has, and for amounts of 10^15 and above.
    """
    named = currency
    if isinstance(value, Mapping):
        named = value.get("currency", currency)
        value = value.get("amount")
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal) or not AMOUNT.fullmatch(str(value)):
        raise InvalidAmount(_("“%(value)s” is not an amount such as “1234.50”.") % {"value": str(value)[:40]})
    money = Money(Decimal(value), _currency(named))
    to_minor(money)
    return round_half_up(money)


@lru_cache(maxsize=400)
def _unit(currency: str) -> Decimal:
    return Decimal(1).scaleb(-minor_digits(currency))


def _currency(code: object) -> Currency:
    try:
        return get_currency(str(code))
    except CurrencyDoesNotExist:
        raise InvalidAmount(_("“%(code)s” is not a currency.") % {"code": str(code)[:40]}) from None


def _all_digits(money: Money) -> Decimal:
    """The amount with the digits of its currency, and more only where they say something."""
    amount: Decimal = money.amount.normalize()
    exponent = amount.as_tuple().exponent
    return amount.quantize(Decimal(1).scaleb(min(int(exponent), -minor_digits(money.currency))))


def _sign(money: Money) -> str:
    return "\N{MINUS SIGN}" if money.amount < 0 else ""


def _plain(money: Money) -> str:
    return f"{money.amount:f} {money.currency}"
