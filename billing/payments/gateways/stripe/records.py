"""Records at Stripe that we look up: by the name it gave them, or by our own key."""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from itertools import islice
from typing import Any

from billing.payments.gateways.base import UNKNOWN_KEY, GatewayError, Outcome, Payer, State
from billing.payments.gateways.stripe import outcomes
from billing.payments.gateways.stripe.calls import Refused, call, services
from billing.payments.gateways.stripe.outcomes import COMPANY, KEY

# How many of the newest records are looked through for one of ours, before Stripe's slower search is asked.
NEWEST = 300


def customer(payer: Payer) -> str:
    """The company's name at Stripe: known, found by its address, or made. Raises Refused."""
    if payer.reference:
        return payer.reference
    customers = services().customers
    if payer.email:
        found = call(customers.list, params={"email": payer.email, "limit": 100})["data"]
        for customer in found:
            if (customer.get("metadata") or {}).get(COMPANY) == payer.company:
                return str(customer["id"])
    params = {"name": payer.name, "email": payer.email, "metadata": {COMPANY: payer.company}}
    # The same key with other words would be refused for a day.
    words = sha256(repr(sorted(params.items())).encode()).hexdigest()[:16]
    made = call(customers.create, params=given(params), key=f"customer-{payer.company}-{words}")
    return str(made["id"])


def payment_by(key: str) -> Outcome:
    """A payment by our key: among the newest, which is always up to date, then by search, which lags by a minute."""
    v1 = services()
    for page in newest(v1.checkout.sessions.list):
        if is_of(page, key):
            return outcomes.of_session(session(page["id"]))
    for charge in newest(v1.payment_intents.list):
        if (charge.get("metadata") or {}).get(KEY) == key:
            return outcomes.of_intent(intent(charge["id"]))
    try:
        found = call(v1.payment_intents.search, params={"query": f'metadata["{KEY}"]:"{key}"', "limit": 1})["data"]
    except Refused as refusal:
        raise GatewayError(f"Stripe: {refusal} while a payment was looked for.") from None
    return outcomes.of_intent(intent(found[0]["id"])) if found else Outcome(State.FAILED, code=UNKNOWN_KEY)


def newest(listed: Any) -> Iterable[Mapping[str, Any]]:
    """The newest records, page by page as far as they are wanted."""
    return islice(_pages(listed), NEWEST)


def _pages(listed: Any) -> Iterable[Mapping[str, Any]]:
    params: dict[str, Any] = {"limit": 100}
    while True:
        try:
            page = call(listed, params=params)
        except Refused as refusal:
            raise GatewayError(f"Stripe: {refusal} while records were listed.") from None
        yield from page["data"]
        if not page.get("has_more") or not page["data"]:
            return
        params["starting_after"] = page["data"][-1]["id"]


def is_of(session: Mapping[str, Any], key: str) -> bool:
    return bool(session.get("client_reference_id") == key)


def session(name: str, expand: str = "payment_intent.payment_method") -> dict[str, Any]:
    return known(services().checkout.sessions.retrieve, name, expand)


def intent(name: str) -> dict[str, Any]:
    return known(services().payment_intents.retrieve, name, "payment_method")


def known(retrieve: Any, name: str, expand: str = "") -> dict[str, Any]:
    """A record that Stripe gave this name to. Raises GatewayError when it says that it did not."""
    try:
        found: dict[str, Any] = call(retrieve, name, params={"expand": [expand]} if expand else None)
    except Refused as refusal:
        raise GatewayError(f"Stripe: {refusal} while a record was read.") from None
    return found


def given(params: Mapping[str, Any]) -> dict[str, Any]:
    """What has a value: Stripe takes an empty one as an order to delete."""
    return {name: value for name, value in params.items() if value not in (None, "")}
