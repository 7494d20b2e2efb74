"""A small Stripe for tests: it speaks HTTP, refuses what its OpenAPI description does not know, and checks itself.

Cards by name: pm_ok succeeds, pm_declined and pm_stolen are refused, pm_asks wants the bank's consent, pm_slow is
processing. `answer_page` does what a customer does on a Checkout page.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from jsonschema import ValidationError

from tests.billing.payments.gateways import data, openapi
from tests.billing.payments.gateways.servers import Answer, Asked

BANK = "https://hooks.stripe.test/3d_secure"
DECLINES = {"pm_declined": "insufficient_funds", "pm_stolen": "stolen_card"}


class No(Exception):
    """An error as Stripe answers it."""

    def __init__(self, status: int, **error: Any) -> None:
        super().__init__(str(error))
        self.answer = Answer({"error": error}, status=status, headers={"request-id": "req_fake"})


@dataclass
class FakeStripe:
    """What it keeps, by id, and what it was asked. `trouble` answers instead of it, as often as there is some."""

    kept: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    keys: dict[str, tuple[str, Answer]] = field(default_factory=dict)
    trouble: list[Answer] = field(default_factory=list)
    numbers: Any = field(default_factory=lambda: count(1))

    def __call__(self, asked: Asked) -> Answer:
        """Answer one request."""
        if self.trouble:
            return self.trouble.pop(0)
        try:
            return self._answer(asked)
        except No as no:
            return no.answer
        except (ValidationError, openapi.NoOperation) as error:
            words = str(error).splitlines()[0]
            return No(400, type="invalid_request_error", code="parameter_invalid", message=words).answer

    def _answer(self, asked: Asked) -> Answer:
        if asked.headers.get("authorization") != "Bearer sk_test_fake":
            raise No(401, type="invalid_request_error", message="Invalid API Key")
        params = openapi.params_of(asked)
        self.asked.append((asked.method, asked.path, params))
        if asked.method == "GET":
            return Answer(self._route(asked, params))
        return self._once(asked, params)

    def _once(self, asked: Asked, params: dict[str, Any]) -> Answer:
        """A key answers the same again, errors included, and refuses other words."""
        key, words = asked.headers["idempotency-key"], json.dumps([asked.path, params], sort_keys=True)
        if key in self.keys:
            before, answer = self.keys[key]
            if before != words:
                raise No(400, type="idempotency_error", message="Keys are for one request.")
            return answer
        try:
            answer = Answer(self._route(asked, params))
        except No as no:
            answer = no.answer
        self.keys[key] = (words, answer)
        return answer

    def _route(self, asked: Asked, params: dict[str, Any]) -> dict[str, Any]:
        for method, pattern, route in ROUTES:
            if method == asked.method and (found := re.fullmatch(pattern, asked.path)):
                answer: dict[str, Any] = getattr(self, route)(params, *found.groups())
                openapi.check_answer(answer["object"], answer) if answer["object"] in NAMES else None
                return self._expanded(answer, params.get("expand", []))
        raise No(404, type="invalid_request_error", message=f"Unrecognized request URL {asked.path}")

    def _expanded(self, found: dict[str, Any], paths: list[str]) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(json.dumps(found))
        for path in paths:
            place: Any = answer
            for step in path.split("."):
                if isinstance(place.get(step), str):
                    place[step] = json.loads(json.dumps(self.kept[place[step]]))
                place = place.get(step) or {}
        return answer

    def make(self, kind: str, prefix: str, **fields: Any) -> dict[str, Any]:
        """Keep a new object, as Stripe's example of its kind with these fields."""
        name = f"{prefix}_{next(self.numbers):04d}"
        self.kept[name] = {**data.resource(kind), "id": name, **fields}
        return self.kept[name]

    def card(self, name: str, customer: str | None = None) -> dict[str, Any]:
        """A saved card of this name."""
        found = data.resource("payment_method")
        found["card"] |= {"exp_month": 8, "exp_year": 2030, "last4": "4242"}
        self.kept[name] = {**found, "id": name, "customer": customer}
        return self.kept[name]

    def posts(self, path: str) -> list[dict[str, Any]]:
        """What was posted to this address."""
        return [params for method, where, params in self.asked if method == "POST" and where == path]

    def answer_page(self, name: str, card: str) -> dict[str, Any]:
        """The customer enters a card on a Checkout page; a declined one leaves the page open."""
        session = self.kept[name]
        self.card(card, session["customer"])
        if session["mode"] == "setup":
            setup = self.make("setup_intent", "seti", payment_method=card, status="succeeded", last_setup_error=None)
            session |= {"status": "complete", "setup_intent": setup["id"], "url": None, "payment_intent": None}
            return session
        intent = self.kept.get(session["payment_intent"] or "") or self.make(
            "payment_intent",
            "pi",
            amount=session["amount_total"],
            currency=session["currency"],
            metadata=session["metadata"],
        )
        session["payment_intent"] = intent["id"]
        self._charge(intent, card)
        if intent["status"] in ("succeeded", "processing"):
            paid = "paid" if intent["status"] == "succeeded" else "unpaid"
            session |= {"status": "complete", "payment_status": paid, "url": None}
        return session

    def _charge(self, intent: dict[str, Any], card: str) -> dict[str, Any] | None:
        """Charge a card; return the error for one that is refused."""
        intent["payment_method"] = card
        if card in DECLINES:
            error = {"type": "card_error", "code": "card_declined", "decline_code": DECLINES[card]}
            intent |= {"status": "requires_payment_method", "payment_method": None}
            intent["last_payment_error"] = {**error, "message": "Your card was declined."}
            return dict(intent["last_payment_error"])
        if card == "pm_slow":
            intent["status"] = "processing"
        elif card == "pm_asks":
            action = {"url": f"{BANK}/{intent['id']}", "return_url": None}
            intent |= {"status": "requires_action"}
            intent["next_action"] = {"type": "redirect_to_url", "redirect_to_url": action}
        else:
            intent |= {"status": "succeeded", "amount_received": intent["amount"]}
        return None

    def create_customer(self, params: dict[str, Any]) -> dict[str, Any]:
        return self.make("customer", "cus", **params)

    def list_customers(self, params: dict[str, Any]) -> dict[str, Any]:
        return self._listed("cus_", lambda one: one["email"] == params["email"], params)

    def create_session(self, params: dict[str, Any]) -> dict[str, Any]:
        fields = {name: params[name] for name in ("mode", "metadata", "client_reference_id", "success_url")}
        fields |= {"customer": params.get("customer"), "status": "open", "payment_intent": None}
        if params["mode"] == "payment":
            price = params["line_items"][0]["price_data"]
            fields |= {"amount_total": price["unit_amount"], "currency": price["currency"], "payment_status": "unpaid"}
        else:
            fields["payment_status"] = "no_payment_required"
        session = self.make("checkout.session", "cs_test", **fields)
        session["url"] = f"https://checkout.stripe.test/{session['id']}"
        return session

    def expire_session(self, params: dict[str, Any], name: str) -> dict[str, Any]:
        session = self._kept(name)
        if session["status"] != "open":
            raise No(400, type="invalid_request_error", message="Only Checkout Sessions with a status open.")
        session |= {"status": "expired", "url": None}
        return session

    def create_intent(self, params: dict[str, Any]) -> dict[str, Any]:
        fields = {name: params.get(name) for name in ("amount", "currency", "customer", "description")}
        intent = self.make("payment_intent", "pi", metadata=params["metadata"], **fields)
        self._kept(params["payment_method"])
        if params["payment_method"] == "pm_asks" and params.get("off_session"):
            error = {"type": "card_error", "code": "authentication_required", "message": "It needs authentication."}
            intent |= {"status": "requires_payment_method", "last_payment_error": error}
            raise No(402, **error, payment_intent=intent)
        if error := self._charge(intent, params["payment_method"]) or {}:
            raise No(402, **error, payment_intent=intent)
        return intent

    def confirm_intent(self, params: dict[str, Any], name: str) -> dict[str, Any]:
        intent = self._kept(name)
        self._charge(intent, params["payment_method"])
        intent["next_action"]["redirect_to_url"]["return_url"] = params["return_url"]
        return intent

    def cancel_intent(self, params: dict[str, Any], name: str) -> dict[str, Any]:
        intent = self._kept(name)
        if intent["status"] in ("succeeded", "processing", "canceled"):
            raise No(400, type="invalid_request_error", code="payment_intent_unexpected_state")
        intent |= {"status": "canceled", "cancellation_reason": None, "next_action": None}
        return intent

    def search_intents(self, params: dict[str, Any]) -> dict[str, Any]:
        """It lags: what is new is not found yet."""
        return {"object": "search_result", "url": "/v1/payment_intents/search", "has_more": False, "data": []}

    def create_refund(self, params: dict[str, Any]) -> dict[str, Any]:
        intent = self._kept(params["payment_intent"])
        returned = sum(
            one["amount"]
            for name, one in self.kept.items()
            if name[:3] == "re_" and one["payment_intent"] == intent["id"]
        )
        if returned + params["amount"] > intent["amount"]:
            raise No(400, type="invalid_request_error", code="charge_already_refunded", message="Already refunded.")
        return self.make("refund", "re", currency=intent["currency"], status="succeeded", **params)

    def detach(self, params: dict[str, Any], name: str) -> dict[str, Any]:
        card = self._kept(name)
        if card["customer"] is None:
            raise No(400, type="invalid_request_error", message="The payment method is not attached to a customer.")
        card["customer"] = None
        return card

    def retrieve(self, params: dict[str, Any], name: str) -> dict[str, Any]:
        return self._kept(name)

    def list_sessions(self, params: dict[str, Any]) -> dict[str, Any]:
        return self._listed("cs_", lambda one: True, params)

    def list_intents(self, params: dict[str, Any]) -> dict[str, Any]:
        return self._listed("pi_", lambda one: True, params)

    def list_refunds(self, params: dict[str, Any]) -> dict[str, Any]:
        return self._listed("re_", lambda one: True, params)

    def _listed(self, prefix: str, wanted: Callable[[Any], bool], params: dict[str, Any]) -> dict[str, Any]:
        found = [one for name, one in reversed(self.kept.items()) if name.startswith(prefix) and wanted(one)]
        if after := params.get("starting_after"):
            found = found[[one["id"] for one in found].index(after) + 1 :]
        limit = params.get("limit", 10)
        return {"object": "list", "url": "/", "data": found[:limit], "has_more": len(found) > limit}

    def _kept(self, name: str) -> dict[str, Any]:
        if name not in self.kept:
            raise No(404, type="invalid_request_error", code="resource_missing", message=f"No such thing: {name}")
        return self.kept[name]


NAMES = ("customer", "checkout.session", "payment_intent", "refund", "payment_method")
ROUTES = (
    ("POST", "/v1/customers", "create_customer"),
    ("GET", "/v1/customers", "list_customers"),
    ("POST", "/v1/checkout/sessions", "create_session"),
    ("GET", "/v1/checkout/sessions", "list_sessions"),
    ("POST", "/v1/checkout/sessions/([^/]+)/expire", "expire_session"),
    ("POST", "/v1/payment_intents", "create_intent"),
    ("GET", "/v1/payment_intents", "list_intents"),
    ("GET", "/v1/payment_intents/search", "search_intents"),
    ("POST", "/v1/payment_intents/([^/]+)/confirm", "confirm_intent"),
    ("POST", "/v1/payment_intents/([^/]+)/cancel", "cancel_intent"),
    ("POST", "/v1/refunds", "create_refund"),
    ("GET", "/v1/refunds", "list_refunds"),
    ("POST", "/v1/payment_methods/([^/]+)/detach", "detach"),
    ("GET", "/v1/(?:checkout/sessions|payment_intents|refunds)/([^/]+)", "retrieve"),
)
