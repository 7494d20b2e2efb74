"""How we talk to the sandbox."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.dateparse import parse_datetime
from djmoney.money import Money

from billing.payments.gateways.base import (
    UNKNOWN_KEY,
    About,
    BadSignature,
    Event,
    Method,
    Outcome,
    Payer,
    Request,
    State,
    Unreadable,
)
from billing.payments.gateways.sandbox import bank
from billing.payments.gateways.sandbox.cards import FINAL, MESSAGES
from billing.payments.models import SandboxCard, SandboxPayment, SandboxRefund

HEADER = "sandbox-signature"
TOLERANCE_SECONDS = 300


class Sandbox:
    """Cards that charge nobody."""

    slug = "sandbox"
    label = "Card"
    currencies: frozenset[str] | None = None
    can_charge_saved = True
    can_save = True
    can_refund = True
    wants_phone = False
    is_offered = True
    whole_units = False

    @property
    def is_enabled(self) -> bool:
        """Only where a setting says so."""
        return bool(settings.PAYMENT_SANDBOX)

    def pay(self, request: Request) -> Outcome:
        """Charge the saved card, or lead to the page where one is entered."""
        payment = bank.open_payment(
            key=request.key,
            at=timezone.now(),
            card=request.method,
            amount=request.amount.amount,
            currency=str(request.amount.currency),
            customer=request.payer.company,
            description=request.description,
            return_url=request.return_url,
            saves_card=request.saves_method,
        )
        return outcome_of(payment)

    def ask(self, *, reference: str, key: str) -> Outcome:
        """How it stands."""
        payment = SandboxPayment.objects.filter(key=key).select_related("card").first()
        if payment is None:
            return Outcome(State.FAILED, code=UNKNOWN_KEY, message="The payment never reached the sandbox.")
        return outcome_of(bank.settle(payment=payment, at=timezone.now()))

    def cancel(self, *, reference: str, key: str) -> Outcome:
        """Stop it while it waits for the customer."""
        payment = SandboxPayment.objects.filter(key=key).first()
        if payment is None:
            return Outcome(State.CANCELLED)
        return outcome_of(bank.cancel(payment=payment, at=timezone.now()))

    def refund(self, *, payment: str, amount: Money, key: str, reason: str) -> Outcome:
        """Return money."""
        refund = bank.give_back(reference=payment, amount=amount.amount, key=key, at=timezone.now())
        if refund is None:
            return Outcome(State.FAILED, code="not_refundable", message="The sandbox has not that much to return.")
        return Outcome(State.SUCCEEDED, reference=refund.reference)

    def ask_refund(self, *, reference: str, key: str) -> Outcome:
        """How it stands."""
        refund = SandboxRefund.objects.filter(key=key).first()
        if refund is None:
            return Outcome(State.FAILED, code=UNKNOWN_KEY, message="The refund never reached the sandbox.")
        return Outcome(State.SUCCEEDED, reference=refund.reference)

    def save_method(self, *, payer: Payer, key: str, return_url: str) -> Outcome:
        """Lead to the page where a card is entered."""
        opened = bank.open_payment(
            key=key,
            at=timezone.now(),
            amount=0,
            customer=payer.company,
            description="Save a card",
            return_url=return_url,
            saves_card=True,
        )
        return outcome_of(opened)

    def ask_method(self, *, reference: str, key: str) -> Outcome:
        """How it stands."""
        return self.ask(reference=reference, key=key)

    def forget_method(self, *, reference: str) -> None:
        """Charge it no more."""
        SandboxCard.objects.filter(reference=reference).update(is_forgotten=True)

    def verify(self, *, headers: Mapping[str, str], query: Mapping[str, str], body: bytes, at: datetime) -> None:
        """Check signature and age, as Stripe's clients do."""
        if not self.is_enabled:
            raise BadSignature("The sandbox is switched off.")
        given = dict(part.partition("=")[::2] for part in headers.get(HEADER, "").split(","))
        moment = given.get("t", "")
        if not moment.isascii() or not moment.isdecimal() or len(moment) > len("1790000000"):
            raise BadSignature("It says no time.")
        if not hmac.compare_digest(sign(body, int(moment)).encode(), given.get("v1", "").encode()):
            raise BadSignature("The signature does not fit.")
        if abs(at.timestamp() - int(moment)) > TOLERANCE_SECONDS:
            raise BadSignature("It was signed more than five minutes ago.")

    def read(self, *, body: bytes, query: Mapping[str, str]) -> Event:
        """Read what the sandbox sends."""
        try:
            told: dict[str, Any] = json.loads(body)
            about, at = About(told["about"]), parse_datetime(told["at"])
            name, kind, state = str(told["id"]), str(told["kind"]), told.get("state")
        except (ValueError, KeyError, TypeError) as error:
            raise Unreadable(f"This is no event of the sandbox: {error}") from error
        if at is None:
            raise Unreadable("It does not say when it happened.")
        amount = Money(told["amount"], told["currency"]) if "amount" in told else None
        return Event(
            id=name,
            kind=kind,
            about=about,
            at=at,
            reference=str(told.get("reference", "")),
            key=str(told.get("key", "")),
            outcome=self._outcome(about, told, state),
            payment=str(told.get("payment", "")),
            amount=amount,
        )

    def _outcome(self, about: About, told: dict[str, Any], state: Any) -> Outcome | None:
        """What the event says itself; of what has come to an end the sandbox is asked, as it knows the card."""
        if about in (About.DISPUTE, About.REFUND):
            return Outcome(State(state), reference=str(told.get("reference", "")))
        if about == About.PAYMENT and state == State.PENDING:
            return Outcome(State.PENDING, reference=str(told["reference"]))
        return None


def sign(body: bytes, moment: int) -> str:
    """The signature of a webhook."""
    key = salted_hmac("billing.payments.sandbox", "webhooks", algorithm="sha256").digest()
    return hmac.new(key, f"{moment}.".encode() + body, hashlib.sha256).hexdigest()


def header_of(body: bytes, moment: int) -> str:
    """The header that carries it."""
    return f"t={moment},v1={sign(body, moment)}"


def outcome_of(payment: SandboxPayment) -> Outcome:
    """A payment of the sandbox as the interface has it."""
    state, card = State(payment.state), payment.card
    url = ""
    if state == State.NEEDS_ACTION:
        name = "sandbox-authentication" if card else "sandbox-payment"
        url = f"{settings.BASE_URL}{reverse(name, args=[payment.reference])}"
    kept = card if payment.saves_card and state == State.SUCCEEDED else None
    return Outcome(
        state,
        reference=payment.reference,
        url=url,
        receipt=f"SB-{payment.reference[-10:].upper()}" if state == State.SUCCEEDED and payment.amount else "",
        code=payment.code,
        message=MESSAGES.get(payment.code, ""),
        can_retry=payment.code not in FINAL,
        method=Method(kept.reference, kept.brand, kept.last4, kept.expires_on, kept.customer) if kept else None,
    )
