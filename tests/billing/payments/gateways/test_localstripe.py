"""Stripe as somebody else understood it: customers, cards, charges, refunds and signed webhooks of localstripe."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import requests
from django.conf import settings as project
from djmoney.money import Money

from billing.payments.gateways.base import UNKNOWN_KEY, BadSignature, Payer, State
from billing.payments.gateways.stripe import records
from billing.payments.gateways.stripe.gateway import Stripe
from tests.billing.payments.gateways.conftest import PAYER, asks
from tests.billing.payments.gateways.servers import Answer, Asked, serving

GATEWAY = Stripe()
DUE = Money("1234.50", "KES")
KEY = "sk_test_12345"


@pytest.fixture(scope="module")
def localstripe() -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    script = "tests.billing.payments.gateways.localstripe_server"
    process = subprocess.Popen([sys.executable, "-m", script, str(port)], cwd=project.BASE_DIR)
    address = f"http://127.0.0.1:{port}"
    try:
        _await(address, process)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=10)


def _await(address: str, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(200):
        try:
            requests.get(f"{address}/v1/customers", timeout=1)
        except requests.ConnectionError:
            assert process.poll() is None, "localstripe ended"
            time.sleep(0.1)
        else:
            return
    raise AssertionError("localstripe does not answer")


@pytest.fixture(autouse=True)
def keys(settings: Any, localstripe: str) -> None:
    settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE = KEY, localstripe


def post(address: str, path: str, **data: Any) -> Any:
    answer = requests.post(f"{address}{path}", data=data, auth=(KEY, ""), timeout=5)
    answer.raise_for_status()
    return answer.json()


def saved(address: str, number: str) -> tuple[Payer, str]:
    """A customer with a saved card of this number."""
    customer = post(address, "/v1/customers", name="Savanna Foods")["id"]
    fields = {"card[number]": number, "card[exp_month]": 8, "card[exp_year]": 2030, "card[cvc]": 123}
    card = post(address, "/v1/payment_methods", type="card", **fields)["id"]
    post(address, f"/v1/payment_methods/{card}/attach", customer=customer)
    return Payer(company="c0ffee", name="Savanna", email="", reference=customer), card


def test_saved_card_is_charged_and_returned(localstripe: str) -> None:
    payer, card = saved(localstripe, "4242424242424242")
    paid = GATEWAY.pay(asks(DUE, key="p-ok", payer=payer, method=card, is_unattended=True))
    assert [paid.state, paid.amount] == [State.SUCCEEDED, DUE]
    assert GATEWAY.ask(reference=paid.reference, key="p-ok").state == State.SUCCEEDED
    part = GATEWAY.refund(payment=paid.reference, amount=Money("34.50", "KES"), key="r-1", reason="Part")
    assert [part.state, part.amount] == [State.SUCCEEDED, Money("34.50", "KES")]
    assert GATEWAY.ask_refund(reference=part.reference, key="r-1") == part
    assert GATEWAY.ask_refund(reference="", key="r-1") == part
    assert GATEWAY.ask_refund(reference="", key="r-2").code == UNKNOWN_KEY


def test_declined_card_fails(localstripe: str) -> None:
    payer, card = saved(localstripe, "4000000000000341")
    outcome = GATEWAY.pay(asks(DUE, key="p-no", payer=payer, method=card, is_unattended=True))
    assert [outcome.state, outcome.code, outcome.message] == [
        State.FAILED,
        "card_declined",
        "Your card was declined.",
    ]


def test_bank_wants_the_customer_and_then_does_or_does_not_agree(localstripe: str) -> None:
    for agreed, state in (("true", State.SUCCEEDED), ("false", State.FAILED)):
        payer, card = saved(localstripe, "4000002760003184")
        asked = GATEWAY.pay(asks(DUE, key=f"p-{agreed}", payer=payer, method=card))
        assert asked.state == State.NEEDS_ACTION
        found = requests.get(f"{localstripe}/v1/payment_intents/{asked.reference}", auth=(KEY, ""), timeout=5).json()
        answer = f"/v1/payment_intents/{asked.reference}/_authenticate"
        post(localstripe, answer, client_secret=found["client_secret"], success=agreed)
        assert GATEWAY.ask(reference=asked.reference, key="").state == state


def test_waiting_charge_is_stopped(localstripe: str) -> None:
    payer, card = saved(localstripe, "4000002760003184")
    asked = GATEWAY.pay(asks(DUE, key="p-stop", payer=payer, method=card))
    assert GATEWAY.cancel(reference=asked.reference, key="p-stop").state == State.CANCELLED
    assert GATEWAY.ask(reference=asked.reference, key="p-stop").state == State.CANCELLED


def test_customer_is_found_again(localstripe: str) -> None:
    assert records.customer(PAYER) == records.customer(PAYER)


def test_card_is_forgotten(localstripe: str) -> None:
    _, card = saved(localstripe, "4242424242424242")
    GATEWAY.forget_method(reference=card)
    found = requests.get(f"{localstripe}/v1/payment_methods/{card}", auth=(KEY, ""), timeout=5).json()
    assert found["customer"] is None


def test_webhook_of_a_payment_is_signed_and_read(localstripe: str, settings: Any) -> None:
    settings.STRIPE_WEBHOOK_SECRETS = ["whsec_local"]
    came: list[Asked] = []

    def receive(asked: Asked) -> Answer:
        came.append(asked)
        return Answer({})

    with serving(receive) as address:
        hook = {"url": address, "secret": "whsec_local"}
        requests.post(f"{localstripe}/_config/webhooks/test", json=hook, timeout=5).raise_for_status()
        payer, card = saved(localstripe, "4242424242424242")
        paid = GATEWAY.pay(asks(DUE, key="p-hook", payer=payer, method=card, is_unattended=True))
        deadline = time.monotonic() + 20
        while not (found := [one for one in came if "p-hook" in one.body.decode()]):
            assert time.monotonic() < deadline
            time.sleep(0.1)
    [webhook] = found
    GATEWAY.verify(headers=webhook.headers, query={}, body=webhook.body, at=datetime.now(UTC))
    with pytest.raises(BadSignature):
        GATEWAY.verify(headers=webhook.headers, query={}, body=webhook.body + b" ", at=datetime.now(UTC))
    event = GATEWAY.read(body=webhook.body, query={})
    assert [event.key, event.reference, event.outcome] == ["p-hook", paid.reference, paid]
