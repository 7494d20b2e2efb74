"""Asks products' health addresses, as nobody in particular: no secrets go along, and nothing of the answer is shown.

Addresses within the vendor's own network may be asked: staff alone set them, with the right to change products.
"""

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from http import HTTPStatus
from urllib.parse import urljoin, urlsplit

import requests
from django.utils import timezone

from billing.catalog.models import Product
from billing.launch.models import State
from billing.launch.services import health
from billing.launch.services.health import Observation
from portal.core import deadlines

TIMEOUT_SECONDS = 5
LATE = f"No answer within {TIMEOUT_SECONDS} seconds"
SLOW_MS = 2000
MOST_BYTES = 64 * 1024
MOST_REDIRECTS = 3
AT_ONCE = 8
# Words by which a product says of itself that not all of it works (draft-inadarei-api-health-check, "status").
LIMITED = frozenset({"warn", "degraded"})
FAILED = frozenset({"fail", "error", "down"})


class Unwell(Exception):
    """What was wrong, in words for staff."""


def ask_all(*, now: Callable[[], datetime] = timezone.now) -> int:
    """Ask every product that is offered and has a health address, several at once; return how many were asked.

    Asking happens outside any transaction; what was seen is recorded for each product by itself.
    """
    asked = list(Product.objects.offered().exclude(health_url=""))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for product, seen in zip(asked, pool.map(ask, [product.health_url for product in asked]), strict=True):
            health.record(product=product, observation=seen, at=now())
    health.forget(products=Product.objects.exclude(pk__in=[product.pk for product in asked]), at=now())
    return len(asked)


def ask(url: str) -> Observation:
    """Ask one address once. Whatever goes wrong is what was seen."""
    started = time.monotonic()
    try:
        with deadlines.session(TIMEOUT_SECONDS) as web:
            said = _said(web, url, started)
    except Unwell as fault:
        return Observation(State.DOWN, detail=str(fault))
    except requests.Timeout:
        return Observation(State.DOWN, detail=LATE)
    except (requests.RequestException, ValueError) as error:
        is_late = time.monotonic() - started >= TIMEOUT_SECONDS
        return Observation(State.DOWN, detail=LATE if is_late else f"Not reached ({type(error).__name__})")
    taken = round((time.monotonic() - started) * 1000)
    if said in LIMITED:
        return Observation(State.DEGRADED, taken, f"It says of itself: {said}")
    if taken > SLOW_MS:
        return Observation(State.DEGRADED, taken, "It answers slowly")
    return Observation(State.UP, taken)


def _said(web: requests.Session, url: str, started: float) -> str:
    """The state that a good answer names, if it names one. Raises Unwell for every other answer."""
    place = urlsplit(url)[:2]
    for _hop in range(MOST_REDIRECTS + 1):
        with web.get(url, timeout=_left(started), allow_redirects=False, stream=True) as answer:
            if not answer.is_redirect:
                return _status(answer, started)
            url = urljoin(url, answer.headers["Location"])
        if urlsplit(url)[:2] != place:
            raise Unwell("It leads to another host")
    raise Unwell("It leads from address to address")


def _status(answer: requests.Response, started: float) -> str:
    if answer.status_code != HTTPStatus.OK:
        raise Unwell(f"It answers {answer.status_code}")
    body = b""
    for chunk in answer.iter_content(4096):
        body += chunk
        _left(started)
        if len(body) > MOST_BYTES:
            raise Unwell(f"Its answer is longer than {MOST_BYTES // 1024} kB")
    # What was cut off when the time was over looks like an end.
    _left(started)
    said = _named(body)
    if said in FAILED:
        raise Unwell(f"It says of itself: {said}")
    return said


def _named(body: bytes) -> str:
    """The "status" of a JSON object; nothing of any other body."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    return str(found.get("status", "")).lower()[:20] if isinstance(found, dict) else ""


def _left(started: float) -> float:
    """Seconds that are left. Raises Timeout when none are."""
    left = TIMEOUT_SECONDS - (time.monotonic() - started)
    if left <= 0:
        raise requests.Timeout
    return left
