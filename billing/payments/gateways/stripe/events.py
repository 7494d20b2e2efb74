"""Webhooks of Stripe: signed with a shared secret and the time, read into what they mean for us.

https://docs.stripe.com/webhooks#verify-manually: `Stripe-Signature: t=…,v1=…`, HMAC-SHA256 of time and body, 300
seconds of tolerance. Which events an endpoint needs stands in docs/operations.md.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import stripe
from django.conf import settings

from billing.payments.gateways.base import About, BadSignature, Event, Outcome, State, Unreadable
from billing.payments.gateways.http import read_object
from billing.payments.gateways.stripe.amounts import from_stripe
from billing.payments.gateways.stripe.outcomes import KEEPS, KEY, Data, method_of, of_intent, of_refund, of_session

TOLERANCE = 300  # seconds
INTENTS = frozenset(["canceled", "payment_failed", "processing", "requires_action", "succeeded"])
SESSIONS = frozenset(["async_payment_failed", "async_payment_succeeded", "completed", "expired"])
METHODS = frozenset(["attached", "automatically_updated", "updated"])
# While the bank only inquires (warning_…) no money is withheld.
DISPUTES = {
    "needs_response": State.PENDING,
    "under_review": State.PENDING,
    "won": State.SUCCEEDED,
    "lost": State.FAILED,
}


def verify(*, header: str, body: bytes, at: datetime) -> None:
    """Check the signature by each secret there is, and its age at `at`. Raises BadSignature."""
    if not any(_is_signed(header, body, secret) for secret in settings.STRIPE_WEBHOOK_SECRETS):
        raise BadSignature("The signature does not fit the body.")
    signed_at = int(next(part[2:] for part in header.split(",") if part.startswith("t=")))
    if abs(at.timestamp() - signed_at) > TOLERANCE:
        raise BadSignature(f"It was signed more than {TOLERANCE} seconds away from now.")


def read(body: bytes) -> Event:
    """Read an event. Raises Unreadable."""
    try:
        event = read_object(body)
        if event["object"] != "event":
            raise ValueError("no event")
        return _event(event)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unreadable(f"No event of Stripe: {type(error).__name__}.") from error


def _is_signed(header: str, body: bytes, secret: str) -> bool:
    try:
        return stripe.WebhookSignature.verify_header(body, header, secret, None)
    except (stripe.SignatureVerificationError, UnicodeDecodeError):
        return False


def _event(event: Data) -> Event:
    thing: Data = event["data"]["object"]
    subject, _, verb = str(event["type"]).rpartition(".")
    facts: dict[str, Any] = {"about": About.OTHER}
    if read_subject := SUBJECTS.get(subject):
        facts = read_subject(thing, verb) or facts
    at = datetime.fromtimestamp(event["created"], UTC)
    return Event(id=event["id"], kind=event["type"], at=at, **facts)


def _of_intent(intent: Data, verb: str) -> dict[str, Any] | None:
    if verb not in INTENTS:
        return None
    metadata = intent.get("metadata") or {}
    # The card that is to be kept does not come with the event: Stripe is asked.
    is_asked = verb == "succeeded" and metadata.get(KEEPS)
    return {
        "about": About.PAYMENT,
        "reference": intent["id"],
        "key": metadata.get(KEY, ""),
        "outcome": None if is_asked else of_intent(intent),
    }


def _of_session(session: Data, verb: str) -> dict[str, Any] | None:
    if verb not in SESSIONS:
        return None
    metadata = session.get("metadata") or {}
    facts = {"reference": session["id"], "key": session.get("client_reference_id") or metadata.get(KEY, "")}
    if session["mode"] == "setup":
        return {"about": About.METHOD, **facts}
    outcome: Outcome | None = None
    if verb == "async_payment_failed":
        outcome = Outcome(State.FAILED, reference=str(session.get("payment_intent") or ""), code=verb)
    elif not metadata.get(KEEPS):
        outcome = of_session(session)
    return {"about": About.PAYMENT, "outcome": outcome, **facts}


def _of_refund(refund: Data, _verb: str) -> dict[str, Any] | None:
    if refund.get("object") != "refund":
        return None
    return {
        "about": About.REFUND,
        "reference": refund["id"],
        "key": (refund.get("metadata") or {}).get(KEY, ""),
        "payment": str(refund.get("payment_intent") or ""),
        "amount": from_stripe(refund["amount"], refund["currency"]),
        "outcome": of_refund(refund),
    }


def _of_charge(charge: Data, verb: str) -> dict[str, Any] | None:
    """The newest refund of a charge, where Stripe sends it along: its newer versions tell of refunds by themselves."""
    refunds = (charge.get("refunds") or {}).get("data") or []
    return _of_refund({"payment_intent": charge.get("payment_intent"), **refunds[0]}, verb) if refunds else None


def _of_dispute(dispute: Data, _verb: str) -> dict[str, Any] | None:
    state = DISPUTES.get(str(dispute.get("status")))
    if state is None:
        return None
    return {
        "about": About.DISPUTE,
        "reference": dispute["id"],
        "payment": str(dispute.get("payment_intent") or ""),
        "amount": from_stripe(dispute["amount"], dispute["currency"]),
        "outcome": Outcome(state, reference=dispute["id"]),
        "data": {"reason": str(dispute.get("reason") or "")},
    }


def _of_method(method: Data, verb: str) -> dict[str, Any] | None:
    found = method_of(method)
    if verb not in METHODS or found is None:
        return None
    outcome = Outcome(State.SUCCEEDED, reference=found.reference, method=found)
    return {"about": About.METHOD, "reference": found.reference, "outcome": outcome}


SUBJECTS: dict[str, Callable[[Data, str], dict[str, Any] | None]] = {
    "payment_intent": _of_intent,
    "checkout.session": _of_session,
    "refund": _of_refund,
    "charge": _of_charge,
    "charge.refund": _of_refund,
    "charge.dispute": _of_dispute,
    "payment_method": _of_method,
}
