"""How Stripe is called: by its official library, with limits, a key on each POST, and two ways to hear no."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import stripe
from django.conf import settings

from billing.payments.gateways.base import GatewayError
from billing.payments.gateways.http import TIMEOUT

# Of one request, by the library: the idempotency key goes along, so nothing moves twice.
RETRIES = 1


class Refused(Exception):
    """Stripe understood and said no: nothing moved. `error` is what it sent."""

    def __init__(self, error: Mapping[str, Any], status: int) -> None:
        super().__init__(str(error.get("code") or error.get("type") or status))
        self.error = error
        self.status = status


def services() -> Any:
    """The services of Stripe's API, with the key and address of the settings."""
    return _client(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE).v1


def call(service: Callable[..., Any], *names: str, params: Mapping[str, Any] | None = None, key: str = "") -> Any:
    """Call a service and return plain data. Raises Refused, or GatewayError when the outcome is unknown.

    Wrong credentials and too many requests count as unknown: they say nothing of the payment that is asked for.
    """
    options = {"idempotency_key": key} if key else {}
    try:
        return service(*names, params=dict(params or {}), options=options).to_dict()
    except (stripe.CardError, stripe.InvalidRequestError) as error:
        raise Refused(_sent(error), error.http_status or 0) from None
    except stripe.StripeError as error:
        # Its own text may hold the key's last characters, or what was asked for.
        words = f"Stripe: {type(error).__name__}, status {error.http_status}, code {error.code}, {error.request_id}."
        raise GatewayError(words) from None


@lru_cache(maxsize=4)
def _client(key: str, base: str) -> stripe.StripeClient:
    """One client for all threads: each has a connection of its own in it."""
    return stripe.StripeClient(
        key,
        base_addresses={"api": base} if base else None,
        http_client=stripe.RequestsClient(timeout=TIMEOUT),
        max_network_retries=RETRIES,
    )


def _sent(error: stripe.StripeError) -> Mapping[str, Any]:
    body = error.json_body
    found = body.get("error") if isinstance(body, dict) else None
    sent = found if isinstance(found, dict) else {"code": error.code or ""}
    return {**sent, "type": "card_error"} if isinstance(error, stripe.CardError) else sent
