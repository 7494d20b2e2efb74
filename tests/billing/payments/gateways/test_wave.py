"""Wave over HTTP, against an executable schema of its public API."""

import hmac
import json
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from djmoney.money import Money

from billing.payments.gateways.base import (
    UNKNOWN_KEY,
    About,
    BadSignature,
    GatewayError,
    Item,
    Outcome,
    State,
    Unreadable,
)
from billing.payments.gateways.wave.gateway import Wave
from tests.billing.payments.gateways.conftest import PAYER, asks
from tests.billing.payments.gateways.fake_wave import FakeWave, errors
from tests.billing.payments.gateways.servers import Answer

GATEWAY = Wave()
DUE = Money(1160, "USD")
ITEMS = [Item("ERP, November", "2", Money("450", "USD")), Item("Support", "1", Money(100, "USD"))]
AT = datetime(2026, 11, 21, 12, tzinfo=UTC)


def pay(**facts: Any) -> Outcome:
    return GATEWAY.pay(asks(facts.pop("amount", DUE), items=facts.pop("items", ITEMS), **facts))


def paid(wave: FakeWave, name: str, amount: str, status: str) -> None:
    currency = wave.invoices[name]["currency"]
    wave.invoices[name] |= {"status": status, "amountPaid": {"value": amount, "currency": {"code": currency}}}


def test_wave_works_once_it_has_token_and_business(settings: Any) -> None:
    settings.WAVE_ACCESS_TOKEN, settings.WAVE_BUSINESS_ID = "token", ""
    assert GATEWAY.is_enabled is False
    settings.WAVE_BUSINESS_ID = "business-1"
    assert GATEWAY.is_enabled is True


def test_payment_is_a_draft_with_our_lines_and_their_tax(fake_wave: FakeWave) -> None:
    outcome = pay()
    assert [outcome.state, outcome.url] == [State.PENDING, ""]
    [invoice] = fake_wave.invoices.values()
    assert [invoice["id"], invoice["status"], invoice["poNumber"]] == [outcome.reference, "DRAFT", "p-1"]
    lines = [(one["description"], one["quantity"], one["unitPrice"], one["taxes"]) for one in invoice["items"]]
    assert lines == [
        ("ERP, November", "2", "450", []),
        ("Support", "1", "100", []),
        ("Tax", "1", "160.00", []),
    ]
    assert {one["productId"] for one in invoice["items"]} == {"product-1"}
    assert invoice["total"]["value"] == "1,160.00"


def test_part_of_an_invoice_is_one_line(fake_wave: FakeWave) -> None:
    pay(amount=Money(500, "USD"))
    [invoice] = fake_wave.invoices.values()
    lines = [(one["description"], one["unitPrice"]) for one in invoice["items"]]
    assert lines == [("Invoice INV-2026-000123", "500")]


def test_company_has_one_customer_at_wave(fake_wave: FakeWave) -> None:
    fake_wave.customers = [{"id": f"customer-x{number}", "displayId": f"other-{number}"} for number in range(150)]
    pay()
    pay(key="p-2")
    ours = [one for one in fake_wave.customers if one["displayId"] == "c0ffee"]
    assert [(one["name"], one["address"]["countryCode"]) for one in ours] == [("Savanna Foods Ltd", "KE")]
    assert {one["customerId"] for one in fake_wave.invoices.values()} == {ours[0]["id"]}
    pay(key="p-3", payer=replace(PAYER, reference=ours[0]["id"]))
    assert fake_wave.asked.count("customerCreate") == 1


def test_same_key_makes_one_invoice(fake_wave: FakeWave) -> None:
    assert pay() == pay()
    assert [len(fake_wave.invoices), fake_wave.asked.count("invoiceCreate")] == [1, 1]


def test_named_product_is_taken_and_none_is_refused(fake_wave: FakeWave, settings: Any) -> None:
    settings.WAVE_PRODUCT_ID = "product-9"
    pay()
    [invoice] = fake_wave.invoices.values()
    assert invoice["items"][0]["productId"] == "product-9"
    settings.WAVE_PRODUCT_ID, fake_wave.products = "", []
    outcome = pay(key="p-2")
    assert [outcome.state, outcome.code, len(fake_wave.invoices)] == [State.FAILED, "no_product", 1]


def test_invoice_of_another_amount_is_taken_back(fake_wave: FakeWave) -> None:
    fake_wave.tax = Decimal(16)
    outcome = pay()
    assert [outcome.state, outcome.code, fake_wave.invoices] == [State.FAILED, "amount", {}]


def test_staff_release_a_draft_once(fake_wave: FakeWave) -> None:
    name = pay().reference
    released = GATEWAY.release(reference=name, email="billing@savanna.example")
    assert [released.state, released.url] == [State.NEEDS_ACTION, f"https://next.wave.test/{name}"]
    assert GATEWAY.release(reference=name, email="billing@savanna.example") == released
    assert fake_wave.sent == [{"invoiceId": name, "to": ["billing@savanna.example"], "attachPDF": True}]
    other = pay(key="p-2").reference
    assert GATEWAY.release(reference=other, email="").state == State.NEEDS_ACTION
    assert [len(fake_wave.sent), fake_wave.invoices[other]["status"]] == [1, "SAVED"]
    with pytest.raises(GatewayError):
        GATEWAY.release(reference="invoice-unknown", email="billing@savanna.example")


@pytest.mark.parametrize(
    ("status", "paid_of_it", "state"),
    [
        ("DRAFT", "0.00", State.PENDING),
        ("SAVED", "0.00", State.NEEDS_ACTION),
        ("SENT", "0.00", State.NEEDS_ACTION),
        ("VIEWED", "0.00", State.NEEDS_ACTION),
        ("UNPAID", "0.00", State.NEEDS_ACTION),
        ("OVERDUE", "0.00", State.NEEDS_ACTION),
        ("PARTIAL", "160.00", State.NEEDS_ACTION),
        ("PAID", "1,160.00", State.SUCCEEDED),
    ],
)
def test_every_state_of_an_invoice_has_a_meaning(
    fake_wave: FakeWave, status: str, paid_of_it: str, state: State
) -> None:
    name = pay().reference
    paid(fake_wave, name, paid_of_it, status)
    found = GATEWAY.ask(reference=name, key="p-1")
    amount = Decimal(paid_of_it.replace(",", ""))
    assert [found.state, found.amount] == [state, Money(amount, "USD") if amount else None]
    assert GATEWAY.ask(reference="", key="p-1") == found


def test_deleted_invoice_is_cancelled_and_an_unknown_key_unknown(fake_wave: FakeWave) -> None:
    name = pay().reference
    fake_wave.invoices.clear()
    assert GATEWAY.ask(reference=name, key="p-1").state == State.CANCELLED
    assert GATEWAY.ask(reference="", key="p-1").code == UNKNOWN_KEY


def test_unpaid_invoice_can_be_stopped_and_a_paid_one_not(fake_wave: FakeWave) -> None:
    first = pay().reference
    assert GATEWAY.cancel(reference=first, key="p-1").state == State.CANCELLED
    assert fake_wave.invoices == {}
    second, third = pay(key="p-2").reference, pay(key="p-3").reference
    paid(fake_wave, second, "1,160.00", "PAID")
    paid(fake_wave, third, "10.00", "PARTIAL")
    assert GATEWAY.cancel(reference=second, key="p-2").state == State.SUCCEEDED
    assert GATEWAY.cancel(reference=third, key="p-3").state == State.NEEDS_ACTION
    assert list(fake_wave.invoices) == [second, third]


@pytest.mark.parametrize(
    "trouble",
    [
        errors("UNAUTHENTICATED"),
        errors("INTERNAL_SERVER_ERROR"),
        Answer(b"<html>", status=502),
        Answer({"data": None}, status=500),
    ],
)
def test_trouble_at_wave_is_no_outcome(fake_wave: FakeWave, trouble: Answer) -> None:
    name = pay().reference
    fake_wave.trouble = [trouble]
    with pytest.raises(GatewayError) as raised:
        GATEWAY.ask(reference=name, key="p-1")
    assert "token" not in str(raised.value)


def test_refusal_of_an_invoice_fails(fake_wave: FakeWave) -> None:
    outcome = pay(payer=replace(PAYER, reference="customer-unknown"))
    assert [outcome.state, outcome.code, outcome.can_retry] == [State.FAILED, "NOT_FOUND", False]


def test_unreachable_wave_was_asked_for_nothing(fake_wave: FakeWave, settings: Any) -> None:
    settings.WAVE_API_URL = "http://127.0.0.1:9/graphql"
    assert pay().code == "unreachable"


def test_reading_is_repeated_when_the_connection_breaks_and_writing_is_not(fake_wave: FakeWave) -> None:
    name = pay().reference
    fake_wave.trouble = [Answer(None)]
    assert GATEWAY.ask(reference=name, key="p-1").state == State.PENDING
    fake_wave.trouble = [Answer(None), Answer(None)]
    with pytest.raises(GatewayError):
        GATEWAY.ask(reference=name, key="p-1")


@pytest.fixture
def webhook(settings: Any) -> bytes:
    settings.WAVE_WEBHOOK_HEADER, settings.WAVE_WEBHOOK_SECRETS = "X-Signature", ["new", "old"]
    return json.dumps({"type": "invoice.paid", "data": {"invoice": {"id": "invoice-1"}}}).encode()


def verify(body: bytes, signature: str) -> None:
    GATEWAY.verify(headers={"x-signature": signature}, query={}, body=body, at=AT)


def test_signed_webhook_is_believed_in_the_named_header(webhook: bytes) -> None:
    for secret in (b"new", b"old"):
        digest = hmac.new(secret, webhook, "sha256")
        verify(webhook, digest.hexdigest())
        verify(webhook, f"sha256={digest.hexdigest()}")
        verify(webhook, b64encode(digest.digest()).decode())


def test_other_webhooks_are_refused(webhook: bytes, settings: Any) -> None:
    good = hmac.new(b"new", webhook, "sha256").hexdigest()
    for body, signature in ((webhook + b" ", good), (webhook, ""), (webhook, good[:-1]), (webhook, "é")):
        with pytest.raises(BadSignature):
            verify(body, signature)
    settings.WAVE_WEBHOOK_HEADER = ""
    with pytest.raises(BadSignature):
        verify(webhook, good)


def test_webhook_names_an_invoice_and_wave_is_asked(webhook: bytes, settings: Any) -> None:
    event = GATEWAY.read(body=webhook, query={})
    assert [event.about, event.reference, event.outcome] == [About.PAYMENT, "invoice-1", None]
    assert event.id == GATEWAY.read(body=webhook, query={}).id
    settings.WAVE_WEBHOOK_INVOICE = "data.id"
    assert GATEWAY.read(body=webhook, query={}).about == About.OTHER
    with pytest.raises(Unreadable):
        GATEWAY.read(body=b"[]", query={})
