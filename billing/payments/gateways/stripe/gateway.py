"""Cards by Stripe (https://docs.stripe.com/api).

Customers enter cards on Checkout pages of Stripe alone: to pay (a PaymentIntent behind it) or to save a card (a
SetupIntent). Saved cards are charged by a PaymentIntent without the customer. Money moves by one of our keys once: the
key is the idempotency key, and stands in the metadata, by which an attempt is found whose answer never came.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from djmoney.money import Money

from billing.payments.gateways.base import UNKNOWN_KEY, Event, GatewayError, Outcome, Payer, Request, State
from billing.payments.gateways.stripe import events, outcomes, records
from billing.payments.gateways.stripe.amounts import NotExpressible, to_stripe
from billing.payments.gateways.stripe.calls import Refused, call, services
from billing.payments.gateways.stripe.outcomes import HOSTED, KEEPS, KEY

SESSION = "cs_"
CARD = ["card"]
GONE = frozenset(["resource_missing", "payment_method_unexpected_state"])


class Stripe:
    """Charges, refunds and saved cards. `payment` of a refund may be a PaymentIntent or the Checkout page it is of."""

    slug = "stripe"
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
        """Whether there is a key."""
        return bool(settings.STRIPE_SECRET_KEY)

    def pay(self, request: Request) -> Outcome:
        """Charge the saved card, or lead to a page that asks for one."""
        try:
            units = to_stripe(request.amount)
        except NotExpressible:
            words = _("Cards cannot be charged with parts of the smallest unit of this currency.")
            return Outcome(State.FAILED, code="amount", message=words, can_retry=False)
        try:
            return self._charge(request, units) if request.method else self._page(request, units)
        except Refused as refusal:
            return outcomes.refused(refusal)

    def ask(self, *, reference: str, key: str) -> Outcome:
        """What became of a payment, by its name or, where the answer was lost, by our key."""
        if reference.startswith(SESSION):
            return outcomes.of_session(records.session(reference))
        if reference:
            return outcomes.of_intent(records.intent(reference))
        return records.payment_by(key)

    def cancel(self, *, reference: str, key: str) -> Outcome:
        """Close the page, or stop the charge that waits for the customer; what is done is told as it is."""
        found = self.ask(reference=reference, key=key)
        if found.state != State.NEEDS_ACTION:
            return found
        v1 = services()
        close = v1.checkout.sessions.expire if found.reference.startswith(SESSION) else v1.payment_intents.cancel
        try:
            call(close, found.reference, key=f"{key}-cancel")
        except Refused:
            # It moved on between question and order.
            return self.ask(reference=found.reference, key=key)
        return Outcome(State.CANCELLED, reference=found.reference)

    def refund(self, *, payment: str, amount: Money, key: str, reason: str) -> Outcome:
        """Return money to the card that it came from."""
        if payment.startswith(SESSION):
            payment = self.ask(reference=payment, key="").reference
        facts = {KEY: key, "reason": reason[:500]}
        params = {"payment_intent": payment, "amount": to_stripe(amount), "metadata": facts}
        try:
            return outcomes.of_refund(call(services().refunds.create, params=params, key=key))
        except Refused as refusal:
            words = _("Stripe did not return the money: %(code)s.") % {"code": refusal}
            return Outcome(State.FAILED, code=str(refusal), message=words, can_retry=False)

    def ask_refund(self, *, reference: str, key: str) -> Outcome:
        """What became of a refund, by its name or by our key."""
        refunds = services().refunds
        if reference:
            return outcomes.of_refund(records.known(refunds.retrieve, reference))
        for refund in records.newest(refunds.list):
            if (refund.get("metadata") or {}).get(KEY) == key:
                return outcomes.of_refund(refund)
        return Outcome(State.FAILED, code=UNKNOWN_KEY)

    def save_method(self, *, payer: Payer, key: str, return_url: str) -> Outcome:
        """Lead to a page that asks for a card and keeps it, with the bank's consent to later charges."""
        try:
            params = {
                "mode": "setup",
                "customer": records.customer(payer),
                "payment_method_types": CARD,
                "setup_intent_data": {"metadata": {KEY: key}},
                **_page_facts(key, return_url),
            }
            return outcomes.of_setup(call(services().checkout.sessions.create, params=params, key=key))
        except Refused as refusal:
            return outcomes.refused(refusal)

    def ask_method(self, *, reference: str, key: str) -> Outcome:
        """What became of a card that is being saved."""
        if not reference:
            found = next(
                (one for one in records.newest(services().checkout.sessions.list) if records.is_of(one, key)), None
            )
            if found is None:
                return Outcome(State.FAILED, code=UNKNOWN_KEY)
            reference = found["id"]
        return outcomes.of_setup(records.session(reference, "setup_intent.payment_method"))

    def forget_method(self, *, reference: str) -> None:
        """Take the card off its customer; one that is gone already is forgotten."""
        try:
            call(services().payment_methods.detach, reference, key=f"forget-{reference}")
        except Refused as refusal:
            if str(refusal) not in GONE and refusal.status != 404:
                raise GatewayError(f"Stripe: {refusal} while a card was forgotten.") from None

    def verify(self, *, headers: Mapping[str, str], query: Mapping[str, str], body: bytes, at: datetime) -> None:
        """Check the signature. Raises BadSignature."""
        events.verify(header=headers.get("stripe-signature", ""), body=body, at=at)

    def read(self, *, body: bytes, query: Mapping[str, str]) -> Event:
        """Read an event. Raises Unreadable."""
        return events.read(body)

    def _charge(self, request: Request, units: int) -> Outcome:
        """Charge a saved card; when its bank wants the customer, find out where they are to go."""
        params: dict[str, Any] = {
            "amount": units,
            "currency": str(request.amount.currency).lower(),
            "customer": request.payer.reference or None,
            "payment_method": request.method,
            "payment_method_types": CARD,
            "description": request.description,
            "metadata": {KEY: request.key},
            "confirm": True,
        }
        is_alone = request.is_unattended or not request.return_url
        params |= {"off_session": True} if is_alone else {"return_url": request.return_url}
        intents = services().payment_intents
        try:
            return outcomes.of_intent(call(intents.create, params=records.given(params), key=request.key))
        except Refused as refusal:
            outcome = outcomes.refused(refusal)
            if outcome.state != State.NEEDS_ACTION or not outcome.reference or not request.return_url:
                raise
        # The same PaymentIntent, so that it is paid once: now as if the customer were there.
        again = {"payment_method": request.method, "return_url": request.return_url}
        confirmed = call(intents.confirm, outcome.reference, params=again, key=f"{request.key}-confirm")
        return outcomes.of_intent(confirmed)

    def _page(self, request: Request, units: int) -> Outcome:
        """A Checkout page for one payment. A card that is kept afterwards needs a customer to be kept for."""
        facts = {KEY: request.key, HOSTED: "yes"} | ({KEEPS: "yes"} if request.saves_method else {})
        intent: dict[str, Any] = {"description": request.description, "metadata": facts}
        customer = request.payer.reference
        params: dict[str, Any] = {"mode": "payment", "line_items": [_line(request, units)]}
        if request.saves_method:
            customer = records.customer(request.payer)
            intent["setup_future_usage"] = "off_session"
            params["payment_method_types"] = CARD
        params |= {"customer": customer} if customer else {"customer_email": request.payer.email or None}
        params |= {"payment_intent_data": intent, **_page_facts(request.key, request.return_url)}
        params["metadata"] = facts
        return outcomes.of_session(
            call(services().checkout.sessions.create, params=records.given(params), key=request.key)
        )


def _page_facts(key: str, return_url: str) -> dict[str, Any]:
    facts = {"client_reference_id": key, "metadata": {KEY: key}}
    return {**facts, "success_url": return_url, "cancel_url": return_url}


def _line(request: Request, units: int) -> dict[str, Any]:
    currency = str(request.amount.currency).lower()
    product = {"name": request.description}
    return {"quantity": 1, "price_data": {"currency": currency, "unit_amount": units, "product_data": product}}
