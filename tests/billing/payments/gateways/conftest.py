"""Gateways with servers of their protocols behind them."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from djmoney.money import Money

from billing.payments.gateways import http
from billing.payments.gateways.base import Payer, Request
from tests.billing.payments.gateways.fake_daraja import PASSKEY, FakeDaraja
from tests.billing.payments.gateways.fake_stripe import FakeStripe
from tests.billing.payments.gateways.fake_wave import FakeWave
from tests.billing.payments.gateways.servers import serving

PAYER = Payer(company="c0ffee", name="Savanna Foods Ltd", email="billing@savanna.example", country="KE")


def asks(amount: Money, key: str = "p-1", **facts: Any) -> Request:
    """A request for an amount."""
    given = {
        "payer": PAYER,
        "description": "Invoice INV-2026-000123",
        "return_url": "https://portal.test/paid/",
        **facts,
    }
    return Request(key=key, amount=amount, **given)


@pytest.fixture
def fake_stripe(settings: Any) -> Iterator[FakeStripe]:
    fake = FakeStripe()
    with serving(fake) as address:
        settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE = "sk_test_fake", address
        yield fake


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits long for a server that says nothing."""
    monkeypatch.setattr(http, "TIMEOUT", (0.5, 0.5))


@pytest.fixture
def daraja(settings: Any) -> Iterator[FakeDaraja]:
    fake = FakeDaraja()
    cache.clear()
    with serving(fake) as address:
        settings.MPESA_API_URL = address
        settings.MPESA_CONSUMER_KEY, settings.MPESA_CONSUMER_SECRET = "key", "secret"
        settings.MPESA_SHORTCODE, settings.MPESA_PASSKEY = "174379", PASSKEY
        yield fake


@pytest.fixture
def fake_wave(settings: Any) -> Iterator[FakeWave]:
    fake = FakeWave()
    with serving(fake) as address:
        settings.WAVE_API_URL = f"{address}/graphql/public"
        settings.WAVE_ACCESS_TOKEN, settings.WAVE_BUSINESS_ID = "token", "business-1"
        yield fake
