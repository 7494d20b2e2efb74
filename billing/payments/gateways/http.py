"""Calls of gateways that speak JSON: how long we wait, what is repeated, and what an unclear answer means."""

import json
from decimal import Decimal
from typing import Any

import requests

from billing.payments.gateways.base import GatewayError
from portal.notifications.errors import never_connected

TIMEOUT = (5, 25)  # seconds to connect, and to wait for an answer


class NotReached(GatewayError):
    """No connection came about: nothing was asked for, and nothing moved."""


def call(method: str, url: str, *, is_idempotent: bool, **options: Any) -> requests.Response:
    """Ask once, or once more where that changes nothing; follows no redirects, as they would carry the secrets along.

    Raises NotReached, or GatewayError when the connection ended before the answer.
    """
    for attempt in (1, 2):
        try:
            return requests.request(method, url, timeout=TIMEOUT, allow_redirects=False, **options)
        except requests.RequestException as error:
            if attempt == 1 and (is_idempotent or never_connected(error)):
                continue
            kind = NotReached if never_connected(error) else GatewayError
            raise kind(f"{type(error).__name__} while asking {_host(url)}.") from None
    raise AssertionError("the second attempt returns or raises")


def read_object(raw: bytes | str) -> dict[str, Any]:
    """Read a JSON object with exact numbers. Raises ValueError for anything else."""
    found = json.loads(raw, parse_float=Decimal)
    if not isinstance(found, dict):
        raise ValueError("no JSON object")
    return found


def _host(url: str) -> str:
    """The host alone: addresses hold keys."""
    return url.split("/")[2]
