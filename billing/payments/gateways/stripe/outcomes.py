"""What Stripe's objects mean for us. All of it works on plain data, as answers and webhooks bring it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from billing.payments.gateways.base import Method, Outcome, State
from billing.payments.gateways.stripe.amounts import from_stripe
from billing.payments.gateways.stripe.calls import Refused

Data = Mapping[str, Any]
# Names of our facts in Stripe's metadata.
KEY, COMPANY, HOSTED, KEEPS = "portal_key", "portal_company", "portal_hosted", "portal_keeps"
AUTHENTICATION = frozenset(["authentication_required", "authentication_not_handled"])
NOT_CONFIRMED = frozenset(["payment_intent_authentication_failure", "setup_intent_authentication_failure"])
# https://docs.stripe.com/declines/codes: what no second attempt with the same card will change.
FINAL = frozenset(
    [
        "currency_not_supported",
        "do_not_try_again",
        "expired_card",
        "fraudulent",
        "incorrect_number",
        "invalid_account",
        "invalid_number",
        "lost_card",
        "merchant_blacklist",
        "new_account_information_available",
        "no_action_taken",
        "not_permitted",
        "pickup_card",
        "restricted_card",
        "revocation_of_all_authorizations",
        "revocation_of_authorization",
        "security_violation",
        "service_not_allowed",
        "stolen_card",
        "stop_payment_order",
        "transaction_not_allowed",
    ]
)
REFUNDS = {"succeeded": State.SUCCEEDED, "failed": State.FAILED, "canceled": State.FAILED}


def of_intent(intent: Data) -> Outcome:
    """What became of a PaymentIntent. On a hosted page a declined card is not the end: the customer is still there."""
    name, status = intent["id"], intent["status"]
    if status == "succeeded":
        units = intent.get("amount_received") or intent["amount"]
        amount = from_stripe(units, intent["currency"])
        return Outcome(State.SUCCEEDED, reference=name, amount=amount, method=method_of(intent.get("payment_method")))
    if status == "canceled":
        return Outcome(State.CANCELLED, reference=name, code=str(intent.get("cancellation_reason") or "canceled"))
    if status in ("requires_action", "requires_confirmation"):
        return Outcome(State.NEEDS_ACTION, reference=name, url=redirect_of(intent), message=_authentication())
    if status == "requires_payment_method":
        if is_hosted(intent):
            return Outcome(State.NEEDS_ACTION, reference=name)
        return declined(intent.get("last_payment_error") or {"code": status}, reference=name)
    return Outcome(State.PENDING, reference=name)


def of_session(session: Data) -> Outcome:
    """What became of a Checkout page for a payment; its PaymentIntent may be there in full, or by name."""
    if session["status"] == "expired":
        return Outcome(State.CANCELLED, reference=session["id"], code="expired", message=_("The page has expired."))
    if session["status"] == "open":
        return Outcome(State.NEEDS_ACTION, reference=session["id"], url=str(session.get("url") or ""))
    intent = session.get("payment_intent")
    if isinstance(intent, Mapping):
        return of_intent(intent)
    name = str(intent or session["id"])
    if session["payment_status"] == "paid":
        amount = from_stripe(session["amount_total"], session["currency"])
        return Outcome(State.SUCCEEDED, reference=name, amount=amount)
    return Outcome(State.PENDING, reference=name)


def of_setup(session: Data) -> Outcome:
    """What became of a Checkout page on which a method is saved, with its SetupIntent in full."""
    name = session["id"]
    if session["status"] == "open":
        return Outcome(State.NEEDS_ACTION, reference=name, url=str(session.get("url") or ""))
    if session["status"] == "expired":
        return Outcome(State.CANCELLED, reference=name, code="expired", message=_("The page has expired."))
    setup = session.get("setup_intent")
    intent: Data = setup if isinstance(setup, Mapping) else {}
    method = method_of(intent.get("payment_method"))
    if method and intent.get("status") == "succeeded":
        return Outcome(State.SUCCEEDED, reference=name, method=method)
    if error := intent.get("last_setup_error"):
        return declined(error, reference=name)
    return Outcome(State.PENDING, reference=name)


def of_refund(refund: Data) -> Outcome:
    """What became of a refund. One that waits for the customer's bank data is pending."""
    state = REFUNDS.get(str(refund.get("status")), State.PENDING)
    amount = from_stripe(refund["amount"], refund["currency"])
    code = str(refund.get("failure_reason") or "") if state == State.FAILED else ""
    message = _("The card's bank did not take the money back.") if state == State.FAILED else ""
    return Outcome(state, reference=refund["id"], amount=amount, code=code, message=message)


def refused(refusal: Refused) -> Outcome:
    """What a refusal means for a payment; the PaymentIntent that failed is in it."""
    intent = refusal.error.get("payment_intent") or {}
    return declined(refusal.error, reference=str(intent.get("id") or ""))


def declined(error: Data, *, reference: str) -> Outcome:
    """An error object as an outcome: the bank wants the customer, or the charge was declined."""
    code = str(error.get("decline_code") or error.get("code") or error.get("type") or "")
    if code in AUTHENTICATION or error.get("code") in AUTHENTICATION:
        return Outcome(State.NEEDS_ACTION, reference=reference, code=code, message=_authentication())
    is_final = code in FINAL or error.get("code") in FINAL or error.get("advice_code") == "do_not_try_again"
    if error.get("code") in NOT_CONFIRMED:
        return Outcome(
            State.FAILED, reference=reference, code=code, message=_("Your bank did not confirm the payment.")
        )
    # Only of cards Stripe's own words are meant for customers.
    is_about_card = error.get("type") == "card_error" or "decline_code" in error
    words = str(error.get("message") or "") if is_about_card else ""
    return Outcome(
        State.FAILED,
        reference=reference,
        code=code,
        message=words or _("The card could not be charged. Nothing was taken."),
        can_retry=is_about_card and not is_final,
    )


def method_of(found: object) -> Method | None:
    """A PaymentMethod in full; a name alone says nothing of the card."""
    if not isinstance(found, Mapping) or "type" not in found:
        return None
    details = found.get(found["type"]) or {}
    month = f"{details['exp_year']}-{details['exp_month']:02d}" if details.get("exp_year") else ""
    return Method(
        reference=found["id"],
        brand=str(details.get("display_brand") or details.get("brand") or found["type"]).replace("_", " ").title(),
        last4=str(details.get("last4") or ""),
        expires_on=month,
        customer=str(found.get("customer") or ""),
    )


def is_hosted(intent: Data) -> bool:
    """Whether the customer pays on a page of Stripe, where another card can be tried."""
    return bool((intent.get("metadata") or {}).get(HOSTED))


def redirect_of(intent: Data) -> str:
    """Where the customer's bank asks them, for the kind of action that has an address."""
    action = intent.get("next_action") or {}
    return str((action.get("redirect_to_url") or {}).get("url") or "")


def _authentication() -> str:
    return _("Your bank wants you to confirm this payment.")
