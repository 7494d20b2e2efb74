"""Refunds and saved cards at Stripe."""

import pytest
from djmoney.money import Money

from billing.payments.gateways.base import UNKNOWN_KEY, GatewayError, State
from billing.payments.gateways.stripe.gateway import Stripe
from tests.billing.payments.gateways.conftest import PAYER, asks
from tests.billing.payments.gateways.fake_stripe import FakeStripe
from tests.billing.payments.gateways.servers import Answer

GATEWAY = Stripe()
PAID = Money(100, "USD")
HOME = "https://portal.test/methods/"


@pytest.fixture
def payment(fake_stripe: FakeStripe) -> str:
    fake_stripe.card("pm_ok", "cus_1")
    return GATEWAY.pay(asks(PAID, method="pm_ok", is_unattended=True)).reference


def test_money_is_returned_in_parts_and_never_more_than_came(fake_stripe: FakeStripe, payment: str) -> None:
    first = GATEWAY.refund(payment=payment, amount=Money(60, "USD"), key="r-1", reason="Billed twice")
    assert [first.state, first.amount] == [State.SUCCEEDED, Money(60, "USD")]
    [sent] = fake_stripe.posts("/v1/refunds")
    facts = {"portal_key": "r-1", "reason": "Billed twice"}
    assert sent == {"payment_intent": payment, "amount": 6000, "metadata": facts}
    second = GATEWAY.refund(payment=payment, amount=Money(41, "USD"), key="r-2", reason="More")
    assert [second.state, second.code, second.can_retry] == [State.FAILED, "charge_already_refunded", False]


def test_same_refund_is_made_once(fake_stripe: FakeStripe, payment: str) -> None:
    outcomes = [GATEWAY.refund(payment=payment, amount=PAID, key="r-1", reason="Once") for _ in range(2)]
    assert outcomes[0] == outcomes[1]
    assert len([name for name in fake_stripe.kept if name.startswith("re_")]) == 1


def test_payment_of_a_page_is_returned_by_the_name_of_the_page(fake_stripe: FakeStripe) -> None:
    page = GATEWAY.pay(asks(PAID)).reference
    fake_stripe.answer_page(page, "pm_ok")
    assert GATEWAY.refund(payment=page, amount=PAID, key="r-1", reason="x").state == State.SUCCEEDED
    assert fake_stripe.posts("/v1/refunds")[0]["payment_intent"].startswith("pi_")


def test_refund_is_asked_for_by_name_and_by_key(fake_stripe: FakeStripe, payment: str) -> None:
    made = GATEWAY.refund(payment=payment, amount=PAID, key="r-1", reason="x")
    assert GATEWAY.ask_refund(reference=made.reference, key="r-1") == made
    assert GATEWAY.ask_refund(reference="", key="r-1") == made
    assert GATEWAY.ask_refund(reference="", key="r-2").code == UNKNOWN_KEY
    fake_stripe.kept[made.reference] |= {"status": "failed", "failure_reason": "lost_or_stolen_card"}
    failed = GATEWAY.ask_refund(reference=made.reference, key="r-1")
    assert [failed.state, failed.code] == [State.FAILED, "lost_or_stolen_card"]


def test_refund_whose_answer_is_lost_is_unknown(fake_stripe: FakeStripe, payment: str) -> None:
    fake_stripe.trouble = [Answer({}, status=500)] * 2
    with pytest.raises(GatewayError):
        GATEWAY.refund(payment=payment, amount=PAID, key="r-1", reason="x")
    assert GATEWAY.ask_refund(reference="", key="r-1").code == UNKNOWN_KEY


def test_card_is_saved_on_a_page(fake_stripe: FakeStripe) -> None:
    begun = GATEWAY.save_method(payer=PAYER, key="m-1", return_url=HOME)
    assert [begun.state, begun.url] == [State.NEEDS_ACTION, f"https://checkout.stripe.test/{begun.reference}"]
    [sent] = fake_stripe.posts("/v1/checkout/sessions")
    assert [sent["mode"], sent["payment_method_types"], sent["success_url"]] == ["setup", ["card"], HOME]
    assert GATEWAY.ask_method(reference=begun.reference, key="m-1").state == State.NEEDS_ACTION
    fake_stripe.answer_page(begun.reference, "pm_ok")
    saved = GATEWAY.ask_method(reference=begun.reference, key="m-1")
    assert saved.state == State.SUCCEEDED
    assert saved.method is not None
    assert [saved.method.reference, saved.method.customer] == ["pm_ok", sent["customer"]]
    assert GATEWAY.ask_method(reference="", key="m-1") == saved
    assert GATEWAY.ask_method(reference="", key="m-2").code == UNKNOWN_KEY


def test_page_for_a_card_that_was_left_ends(fake_stripe: FakeStripe) -> None:
    begun = GATEWAY.save_method(payer=PAYER, key="m-1", return_url=HOME)
    fake_stripe.kept[begun.reference] |= {"status": "expired", "url": None}
    assert GATEWAY.ask_method(reference=begun.reference, key="m-1").state == State.CANCELLED


def test_forgetting_a_card_again_changes_nothing(fake_stripe: FakeStripe) -> None:
    fake_stripe.card("pm_ok", "cus_1")
    GATEWAY.forget_method(reference="pm_ok")
    GATEWAY.forget_method(reference="pm_ok")
    GATEWAY.forget_method(reference="pm_unknown")
    assert fake_stripe.kept["pm_ok"]["customer"] is None
