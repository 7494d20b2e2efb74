"""M-Pesa payments in Kenya: the customer enters a PIN on the phone.

M-Pesa moves whole shillings, so the amount is rounded up and what is over stays as the company's balance. There is no
idempotency key: a push is sent once, and a push that was not confirmed is found again by its callback alone.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import NoReturn

import phonenumbers
from django.conf import settings
from django.utils.translation import gettext as _
from djmoney.money import Money

from billing.payments.gateways.base import UNKNOWN_KEY, Event, GatewayError, Outcome, Payer, Request, State
from billing.payments.gateways.http import NotReached
from billing.payments.gateways.mpesa import callbacks, daraja, results
from portal.core.money import round_up_to_unit

PUSH, QUERY = "/mpesa/stkpush/v1/processrequest", "/mpesa/stkpushquery/v1/query"
# Safaricom's limit of one transaction, since 2023.
MOST = Money(250_000, "KES")
# What the push shows: longer texts are refused.
REFERENCE_LENGTH, DESCRIPTION_LENGTH = 12, 13
MOBILE = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)


class BadPhone(ValueError):
    """No mobile number of Kenya."""


class Mpesa:
    """A push to a phone. One at a time for each phone is Safaricom's rule; the second is refused as a failure."""

    slug = "mpesa"
    label = "M-Pesa"
    currencies: frozenset[str] | None = frozenset(["KES"])
    can_charge_saved = False
    can_save = False
    can_refund = False
    wants_phone = True
    is_offered = True
    whole_units = True

    @property
    def is_enabled(self) -> bool:
        """Whether all is there that a push needs."""
        needed = [settings.MPESA_CONSUMER_KEY, settings.MPESA_CONSUMER_SECRET]
        return all([*needed, settings.MPESA_SHORTCODE, settings.MPESA_PASSKEY])

    def pay(self, request: Request) -> Outcome:
        """Send the push; `amount` of the outcome is the whole shillings that it asks for."""
        if str(request.amount.currency) != "KES":
            return results.failed("currency")
        whole = round_up_to_unit(request.amount)
        if whole > MOST:
            return results.failed("too_much")
        try:
            answer = daraja.post(PUSH, _push(request, int(whole.amount)), is_idempotent=False)
        except BadPhone:
            return results.failed("phone")
        except (NotReached, daraja.NoToken):
            return results.failed("unreachable")
        except daraja.Refused as refusal:
            return results.failed(refusal.code)
        if str(answer.get("ResponseCode")) != results.SUCCESS or not answer.get("CheckoutRequestID"):
            return results.failed(answer.get("ResponseCode", "refused"))
        words = _("Enter your M-Pesa PIN on the phone that we have just asked.")
        return Outcome(State.PENDING, reference=str(answer["CheckoutRequestID"]), amount=whole, message=words)

    def ask(self, *, reference: str, key: str) -> Outcome:
        """The state of a push. Without Safaricom's name of it only its callback can tell, if it ever went out."""
        if not reference:
            return Outcome(State.FAILED, code=UNKNOWN_KEY, message=_("The request did not reach the phone."))
        try:
            answer = daraja.post(QUERY, {"CheckoutRequestID": reference}, is_idempotent=True)
        except daraja.Refused as refusal:
            if refusal.code in results.UNDER_WAY:
                return Outcome(State.PENDING, reference=reference)
            raise GatewayError(f"M-Pesa: {refusal.code} when asked for a push.") from None
        return results.of_query(answer, reference=reference)

    def cancel(self, *, reference: str, key: str) -> Outcome:
        """A push cannot be called back; it ends by itself within minutes."""
        if not reference:
            return Outcome(State.PENDING)
        return self.ask(reference=reference, key=key)

    def refund(self, *, payment: str, amount: Money, key: str, reason: str) -> NoReturn:
        """Money goes back by hand: a reversal wants an operator's own credentials."""
        raise GatewayError("M-Pesa payments are returned by hand.")

    def ask_refund(self, *, reference: str, key: str) -> NoReturn:
        """Money goes back by hand."""
        raise GatewayError("M-Pesa payments are returned by hand.")

    def save_method(self, *, payer: Payer, key: str, return_url: str) -> NoReturn:
        """Nothing can be kept: each payment wants the PIN."""
        raise GatewayError("M-Pesa keeps no method.")

    def ask_method(self, *, reference: str, key: str) -> NoReturn:
        """Nothing can be kept."""
        raise GatewayError("M-Pesa keeps no method.")

    def forget_method(self, *, reference: str) -> None:
        """Nothing is kept."""

    def verify(self, *, headers: Mapping[str, str], query: Mapping[str, str], body: bytes, at: datetime) -> None:
        """Check that a callback came to the address of a push of ours. Raises BadSignature."""
        callbacks.verify(query=query)

    def read(self, *, body: bytes, query: Mapping[str, str]) -> Event:
        """Read a callback. Raises Unreadable."""
        return callbacks.read(body=body, query=query)


def msisdn(phone: str) -> str:
    """A number as Daraja has it: 254712345678, from E.164 or as one dials it in Kenya. Raises BadPhone."""
    try:
        number = phonenumbers.parse(phone, "KE")
    except phonenumbers.NumberParseException:
        raise BadPhone(phone) from None
    is_mobile = phonenumbers.number_type(number) in MOBILE
    if number.country_code != 254 or not phonenumbers.is_valid_number(number) or not is_mobile:
        raise BadPhone(phone)
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)).removeprefix("+")


def _push(request: Request, shillings: int) -> dict[str, object]:
    phone = msisdn(request.payer.phone)
    is_till = bool(settings.MPESA_TILL)
    # The last characters of "Invoice INV-2026-000123" say most.
    reference = "".join(character for character in request.description if character.isalnum())
    return {
        "TransactionType": "CustomerBuyGoodsOnline" if is_till else "CustomerPayBillOnline",
        "Amount": shillings,
        "PartyA": phone,
        "PartyB": settings.MPESA_TILL or settings.MPESA_SHORTCODE,
        "PhoneNumber": phone,
        "CallBackURL": callbacks.address(request.key),
        "AccountReference": reference[-REFERENCE_LENGTH:] or request.key[:REFERENCE_LENGTH],
        "TransactionDesc": request.description[:DESCRIPTION_LENGTH],
    }
