"""Bank transfers: staff record what arrived and send back what is returned; nothing outside is called."""

from collections.abc import Mapping
from datetime import datetime
from typing import NoReturn

from djmoney.money import Money

from billing.payments.gateways.base import BadSignature, Event, GatewayError, Outcome, Payer, Request, State, Unreadable


class Manual:
    """A payment succeeds when staff record it; a refund when staff have sent it."""

    slug = "manual"
    label = "Bank transfer"
    currencies: frozenset[str] | None = None
    can_charge_saved = False
    can_save = False
    can_refund = False
    wants_phone = False
    is_offered = False
    whole_units = False
    is_enabled = True

    def pay(self, request: Request) -> Outcome:
        """Wait for the transfer."""
        return Outcome(State.PENDING, reference=request.key)

    def ask(self, *, reference: str, key: str) -> Outcome:
        """Nobody knows before staff have recorded it."""
        return Outcome(State.PENDING, reference=reference)

    def cancel(self, *, reference: str, key: str) -> Outcome:
        """Nobody waits for it any more."""
        return Outcome(State.CANCELLED, reference=reference)

    def refund(self, *, payment: str, amount: Money, key: str, reason: str) -> Outcome:
        """Wait until staff have sent it."""
        return Outcome(State.PENDING, reference=key)

    def ask_refund(self, *, reference: str, key: str) -> Outcome:
        """Nobody knows before staff have sent it."""
        return Outcome(State.PENDING, reference=reference)

    def save_method(self, *, payer: Payer, key: str, return_url: str) -> NoReturn:
        """Nothing can be kept."""
        raise GatewayError("A bank transfer is no method that can be kept.")

    def ask_method(self, *, reference: str, key: str) -> NoReturn:
        """Nothing can be kept."""
        raise GatewayError("A bank transfer is no method that can be kept.")

    def forget_method(self, *, reference: str) -> None:
        """Nothing is kept."""

    def verify(self, *, headers: Mapping[str, str], query: Mapping[str, str], body: bytes, at: datetime) -> NoReturn:
        """Banks send no webhooks."""
        raise BadSignature("Banks send nothing here.")

    def read(self, *, body: bytes, query: Mapping[str, str]) -> Event:
        """Banks send no webhooks."""
        raise Unreadable("Banks send nothing here.")
