"""Payments by Stripe, over HTTP, against a server that checks each request and answer by the OpenAPI description."""

from typing import Any

import pytest
from djmoney.money import Money

from billing.payments.gateways.base import UNKNOWN_KEY, GatewayError, Outcome, State
from billing.payments.gateways.stripe.gateway import Stripe
from tests.billing.payments.gateways.conftest import PAYER, asks
from tests.billing.payments.gateways.fake_stripe import BANK, FakeStripe
from tests.billing.payments.gateways.servers import Answer

GATEWAY = Stripe()
DUE = Money("1234.50", "KES")


def charge(card: str, **facts: Any) -> Outcome:
    payer = facts.pop("payer", None) or PAYER
    return GATEWAY.pay(asks(DUE, method=card, payer=payer, **facts))


def test_stripe_works_once_it_has_a_key(settings: Any) -> None:
    settings.STRIPE_SECRET_KEY = ""
    assert GATEWAY.is_enabled is False
    settings.STRIPE_SECRET_KEY = "sk_test_fake"
    assert GATEWAY.is_enabled is True


def test_customer_without_a_card_is_led_to_a_page(fake_stripe: FakeStripe) -> None:
    outcome = GATEWAY.pay(asks(DUE))
    assert outcome.state == State.NEEDS_ACTION
    assert outcome.url == f"https://checkout.stripe.test/{outcome.reference}"
    [sent] = fake_stripe.posts("/v1/checkout/sessions")
    facts = {"portal_key": "p-1", "portal_hosted": "yes"}
    assert sent == {
        "mode": "payment",
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": "kes",
                    "unit_amount": 123450,
                    "product_data": {"name": "Invoice INV-2026-000123"},
                },
            }
        ],
        "customer_email": "billing@savanna.example",
        "payment_intent_data": {"description": "Invoice INV-2026-000123", "metadata": facts},
        "client_reference_id": "p-1",
        "metadata": facts,
        "success_url": "https://portal.test/paid/",
        "cancel_url": "https://portal.test/paid/",
    }


def test_page_tells_what_became_of_it(fake_stripe: FakeStripe) -> None:
    page = GATEWAY.pay(asks(DUE)).reference
    fake_stripe.answer_page(page, "pm_declined")
    declined = GATEWAY.ask(reference=page, key="p-1")
    assert [declined.state, declined.url != ""] == [State.NEEDS_ACTION, True]
    fake_stripe.answer_page(page, "pm_ok")
    paid = GATEWAY.ask(reference=page, key="p-1")
    assert [paid.state, paid.amount, paid.reference[:3]] == [State.SUCCEEDED, DUE, "pi_"]


def test_slow_method_on_a_page_is_pending_until_it_is_there(fake_stripe: FakeStripe) -> None:
    page = GATEWAY.pay(asks(DUE)).reference
    session = fake_stripe.answer_page(page, "pm_slow")
    assert GATEWAY.ask(reference=page, key="p-1").state == State.PENDING
    fake_stripe.kept[session["payment_intent"]] |= {"status": "succeeded", "amount_received": 123450}
    assert GATEWAY.ask(reference=page, key="p-1").state == State.SUCCEEDED


def test_card_is_kept_when_the_customer_agreed(fake_stripe: FakeStripe) -> None:
    page = GATEWAY.pay(asks(DUE, saves_method=True)).reference
    [sent] = fake_stripe.posts("/v1/checkout/sessions")
    assert sent["payment_intent_data"]["setup_future_usage"] == "off_session"
    fake_stripe.answer_page(page, "pm_ok")
    method = GATEWAY.ask(reference=page, key="p-1").method
    assert method is not None
    assert [method.reference, method.brand, method.last4, method.expires_on] == ["pm_ok", "Visa", "4242", "2030-08"]
    assert method.customer == sent["customer"]


def test_company_has_one_customer_at_stripe(fake_stripe: FakeStripe) -> None:
    for key in ("p-1", "p-2"):
        GATEWAY.pay(asks(DUE, key=key, saves_method=True))
    assert len(fake_stripe.posts("/v1/customers")) == 1
    assert fake_stripe.posts("/v1/customers")[0]["metadata"] == {"portal_company": "c0ffee"}
    customers = [sent["customer"] for sent in fake_stripe.posts("/v1/checkout/sessions")]
    assert customers[0] == customers[1]


def test_saved_card_is_charged_without_the_customer(fake_stripe: FakeStripe) -> None:
    fake_stripe.card("pm_ok", "cus_1")
    outcome = charge("pm_ok", is_unattended=True)
    assert [outcome.state, outcome.amount] == [State.SUCCEEDED, DUE]
    [sent] = fake_stripe.posts("/v1/payment_intents")
    assert [sent["off_session"], sent["confirm"], sent["amount"], sent["currency"]] == [True, True, 123450, "kes"]
    assert sent["metadata"] == {"portal_key": "p-1"}


def test_customer_who_is_there_is_led_to_the_bank(fake_stripe: FakeStripe) -> None:
    fake_stripe.card("pm_asks", "cus_1")
    outcome = charge("pm_asks")
    assert [outcome.state, outcome.url] == [State.NEEDS_ACTION, f"{BANK}/{outcome.reference}"]
    [sent] = fake_stripe.posts("/v1/payment_intents")
    assert ["off_session" in sent, sent["return_url"]] == [False, "https://portal.test/paid/"]


def test_bank_that_wants_the_customer_of_an_automatic_charge_gets_an_address(fake_stripe: FakeStripe) -> None:
    fake_stripe.card("pm_asks", "cus_1")
    outcome = charge("pm_asks", is_unattended=True)
    assert [outcome.state, outcome.url] == [State.NEEDS_ACTION, f"{BANK}/{outcome.reference}"]
    # One PaymentIntent, so one payment.
    assert len(fake_stripe.posts("/v1/payment_intents")) == 1
    fake_stripe.kept[outcome.reference] |= {"status": "succeeded", "amount_received": 123450, "next_action": None}
    assert GATEWAY.ask(reference=outcome.reference, key="p-1").state == State.SUCCEEDED


def test_charge_that_the_bank_does_not_confirm_fails(fake_stripe: FakeStripe) -> None:
    fake_stripe.card("pm_asks", "cus_1")
    name = charge("pm_asks").reference
    error = {"code": "payment_intent_authentication_failure", "type": "invalid_request_error", "message": "For us."}
    fake_stripe.kept[name] |= {"status": "requires_payment_method", "last_payment_error": error, "next_action": None}
    found = GATEWAY.ask(reference=name, key="p-1")
    assert [found.state, found.can_retry] == [State.FAILED, True]
    assert found.message == "Your bank did not confirm the payment."


@pytest.mark.parametrize(
    ("card", "code", "can_retry"), [("pm_declined", "insufficient_funds", True), ("pm_stolen", "stolen_card", False)]
)
def test_declined_card_fails_with_the_words_of_the_bank(
    fake_stripe: FakeStripe, card: str, code: str, can_retry: bool
) -> None:
    fake_stripe.card(card, "cus_1")
    outcome = charge(card, is_unattended=True)
    assert [outcome.state, outcome.code, outcome.can_retry] == [State.FAILED, code, can_retry]
    assert outcome.message == "Your card was declined."
    assert GATEWAY.ask(reference=outcome.reference, key="p-1").code == code


def test_refused_request_says_nothing_of_our_parameters(fake_stripe: FakeStripe) -> None:
    outcome = charge("pm_missing", is_unattended=True)
    assert [outcome.state, outcome.code, outcome.can_retry] == [State.FAILED, "resource_missing", False]
    assert outcome.message == "The card could not be charged. Nothing was taken."


def test_amount_without_a_number_at_stripe_asks_nothing(fake_stripe: FakeStripe) -> None:
    outcome = GATEWAY.pay(asks(Money("5.50", "UGX")))
    assert [outcome.state, outcome.code, fake_stripe.asked] == [State.FAILED, "amount", []]


def test_same_key_moves_money_once(fake_stripe: FakeStripe) -> None:
    fake_stripe.card("pm_ok", "cus_1")
    first, second = charge("pm_ok", is_unattended=True), charge("pm_ok", is_unattended=True)
    assert first == second
    assert [name for name in fake_stripe.kept if name.startswith("pi_")] == [first.reference]


def test_same_key_for_another_amount_is_unknown(fake_stripe: FakeStripe) -> None:
    fake_stripe.card("pm_ok", "cus_1")
    charge("pm_ok", is_unattended=True)
    with pytest.raises(GatewayError):
        GATEWAY.pay(asks(Money(9, "KES"), method="pm_ok", is_unattended=True))
    assert len([name for name in fake_stripe.kept if name.startswith("pi_")]) == 1


@pytest.mark.parametrize("status", [500, 503, 429, 401])
def test_trouble_at_stripe_leaves_the_outcome_unknown(fake_stripe: FakeStripe, status: int) -> None:
    fake_stripe.card("pm_ok", "cus_1")
    fake_stripe.trouble = [Answer({"error": {"message": "sk_test_fake"}}, status=status)] * 2
    with pytest.raises(GatewayError) as raised:
        charge("pm_ok", is_unattended=True)
    assert "sk_test" not in str(raised.value)
    assert [name for name in fake_stripe.kept if name.startswith("pi_")] == []


def test_broken_connection_is_tried_once_more_with_the_same_key(fake_stripe: FakeStripe) -> None:
    fake_stripe.card("pm_ok", "cus_1")
    fake_stripe.trouble = [Answer(None)]
    assert charge("pm_ok", is_unattended=True).state == State.SUCCEEDED
    assert list(fake_stripe.keys) == ["p-1"]


def test_lost_answer_is_found_by_our_key(fake_stripe: FakeStripe) -> None:
    fake_stripe.card("pm_ok", "cus_1")
    paid = charge("pm_ok", is_unattended=True)
    page = GATEWAY.pay(asks(DUE, key="p-2"))
    assert GATEWAY.ask(reference="", key="p-1").reference == paid.reference
    assert GATEWAY.ask(reference="", key="p-2") == page
    assert GATEWAY.ask(reference="", key="p-3").code == UNKNOWN_KEY


def test_lost_answer_is_found_on_a_later_page_of_the_list(fake_stripe: FakeStripe) -> None:
    page = GATEWAY.pay(asks(DUE, key="p-first"))
    for number in range(150):
        fake_stripe.make("checkout.session", "cs_test", client_reference_id=f"p-{number}")
    assert GATEWAY.ask(reference="", key="p-first") == page
    listed = [params for _, path, params in fake_stripe.asked if path == "/v1/checkout/sessions" and "limit" in params]
    assert len(listed) == 2


def test_name_that_stripe_does_not_know_is_no_outcome(fake_stripe: FakeStripe) -> None:
    with pytest.raises(GatewayError):
        GATEWAY.ask(reference="pi_unknown", key="p-1")


def test_open_page_and_waiting_charge_can_be_stopped(fake_stripe: FakeStripe) -> None:
    page = GATEWAY.pay(asks(DUE)).reference
    assert GATEWAY.cancel(reference=page, key="p-1").state == State.CANCELLED
    assert GATEWAY.ask(reference=page, key="p-1").state == State.CANCELLED
    fake_stripe.card("pm_asks", "cus_1")
    waiting = charge("pm_asks", key="p-2").reference
    assert GATEWAY.cancel(reference=waiting, key="p-2").state == State.CANCELLED
    assert fake_stripe.kept[waiting]["status"] == "canceled"


def test_paid_page_cannot_be_stopped(fake_stripe: FakeStripe) -> None:
    page = GATEWAY.pay(asks(DUE)).reference
    fake_stripe.answer_page(page, "pm_ok")
    assert GATEWAY.cancel(reference=page, key="p-1").state == State.SUCCEEDED
    assert fake_stripe.posts(f"/v1/checkout/sessions/{page}/expire") == []
