"""Callbacks of M-Pesa: whether one is Safaricom's, and what it says.

Safaricom signs nothing. As its practice is, the address to which it answers is one that nobody guesses, sent to it over
TLS: each push has its own, signed with our key, so that one that became known is of no use for another payment. That
only Safaricom's addresses get through is the proxy's business (docs/operations.md).
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac
from djmoney.money import Money

from billing.payments.gateways.base import About, BadSignature, Event, Outcome, State, Unreadable
from billing.payments.gateways.http import read_object
from billing.payments.gateways.mpesa import results
from billing.payments.gateways.mpesa.daraja import NAIROBI


def address(key: str) -> str:
    """Where the answer to one push goes; our key in it finds the payment whose push was never confirmed."""
    base = settings.MPESA_CALLBACK_URL or f"{settings.BASE_URL}/webhooks/mpesa/"
    return f"{base}?{urlencode({'key': key, 'sign': _sign(key)})}"


def verify(*, query: Mapping[str, str]) -> None:
    """Check that it came to the address of a push of ours. Raises BadSignature."""
    if not constant_time_compare(query.get("sign", ""), _sign(query.get("key", ""))):
        raise BadSignature("It came to an address that we did not give out.")


def read(*, body: bytes, query: Mapping[str, str]) -> Event:
    """Read a callback. Raises Unreadable. The same result of the same push is one event, however often it comes."""
    try:
        result = read_object(body)["Body"]["stkCallback"]
        reference, code = str(result["CheckoutRequestID"]), str(result["ResultCode"])
        facts = _facts(result.get("CallbackMetadata"))
        outcome = _success(reference, facts) if code == results.SUCCESS else results.failed(code, reference=reference)
        at = _moment(facts.get("TransactionDate"))
    except (ValueError, KeyError, TypeError, ArithmeticError) as error:
        raise Unreadable(f"No callback of M-Pesa: {type(error).__name__}.") from error
    return Event(
        id=f"{reference}:{code}",
        kind=f"stkCallback.{code}",
        about=About.PAYMENT,
        at=at,
        reference=reference,
        key=query.get("key", ""),
        outcome=outcome,
    )


def _success(reference: str, facts: Mapping[str, Any]) -> Outcome:
    amount = Money(Decimal(str(facts["Amount"])), "KES")
    return Outcome(State.SUCCEEDED, reference=reference, receipt=str(facts["MpesaReceiptNumber"]), amount=amount)


def _facts(metadata: object) -> dict[str, Any]:
    """Name and value of each item; some come without a value."""
    items = metadata.get("Item", []) if isinstance(metadata, dict) else []
    return {item["Name"]: item["Value"] for item in items if "Value" in item}


def _moment(value: object) -> datetime | None:
    """20191219102115 in Nairobi; failures bring no time."""
    if value is None:
        return None
    return datetime.strptime(str(value), "%Y%m%d%H%M%S").replace(tzinfo=NAIROBI).astimezone(UTC)


def _sign(key: str) -> str:
    return salted_hmac("billing.payments.mpesa", key, algorithm="sha256").hexdigest()[:40]
