"""From a webhook at our address to the payment and the ledger: doubled, and in any order."""

import hmac
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import permutations
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from stripe import WebhookSignature

from billing.invoicing.models import Invoice, LedgerTransaction
from billing.payments.models import Dispute, Payment, WebhookMessage
from billing.payments.services import payments, releases, webhooks
from billing.payments.services.payments import Way
from portal.accounts.models import Company, User
from portal.approvals import services as approvals
from portal.approvals.models import Approval
from tests.billing.invoicing.books import AT, accounts, difference, kes
from tests.billing.invoicing.conftest import issued, kenyan_vat, vendor
from tests.billing.payments.gateways.fake_daraja import FakeDaraja, accepted, queried
from tests.billing.payments.gateways.fake_stripe import FakeStripe
from tests.billing.payments.gateways.fake_wave import FakeWave
from tests.billing.payments.gateways.servers import Answer
from tests.billing.payments.gateways.test_mpesa import callbacks
from tests.billing.payments.gateways.test_stripe_events import body_of, recorded
from tests.billing.payments.gateways.test_wave import paid as paid_at_wave

__all__ = ["kenyan_vat", "vendor"]
pytestmark = pytest.mark.django_db
SECRET = "whsec_test"


@pytest.fixture
def invoice(company: Company) -> Invoice:
    """KES 1,000.00 and 16 % VAT: 1,160.00, open."""
    return issued(company, "1000.00")


@pytest.fixture(autouse=True)
def secrets(settings: Any) -> None:
    settings.STRIPE_WEBHOOK_SECRETS, settings.WAVE_WEBHOOK_SECRETS = [SECRET], [SECRET]
    settings.WAVE_WEBHOOK_HEADER = "Stripe-Signature"


def begin(invoice: Invoice, gateway: str) -> Payment:
    way = Way(gateway=gateway, phone="+254712345678" if gateway == "mpesa" else "")
    return payments.pay(invoice=invoice, way=way, at=AT, by=None)


def post(address: str, body: bytes, **headers: str) -> int:
    return Client().post(address, body, content_type="application/json", headers=headers).status_code


def from_stripe(kind: str, thing: Any, event: str) -> bytes:
    """An event of Stripe of its own name."""
    return json.dumps({**json.loads(body_of(kind, thing)), "id": event}).encode()


def post_stripe(body: bytes) -> int:
    header = WebhookSignature.generate_signature_header(body.decode(), SECRET)
    return post("/webhooks/stripe/", body, **{"Stripe-Signature": header})


def work() -> None:
    """What the worker does."""
    for pk in WebhookMessage.objects.filter(state="queued").order_by("pk").values_list("pk", flat=True):
        webhooks.process(pk)


def booked() -> int:
    return LedgerTransaction.objects.filter(kind="payment").count()


def story(fake: FakeStripe, payment: Payment) -> Sequence[bytes]:
    """What Stripe tells of a page on which the first card was declined and the second one paid."""
    page = str(payment.reference)
    fake.answer_page(page, "pm_declined")
    intent = fake.kept[fake.kept[page]["payment_intent"]]
    declined = from_stripe("payment_intent.payment_failed", dict(intent), f"evt_1{payment.key}")
    fake.answer_page(page, "pm_ok")
    paid = from_stripe("payment_intent.succeeded", dict(intent), f"evt_2{payment.key}")
    completed = from_stripe("checkout.session.completed", dict(fake.kept[page]), f"evt_3{payment.key}")
    return declined, paid, completed


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_page_of_stripe_pays_once_in_any_order(
    fake_stripe: FakeStripe, invoice: Invoice, order: tuple[int, ...]
) -> None:
    payment = begin(invoice, "stripe")
    assert [payment.status, str(payment.reference)[:3]] == ["needs_action", "cs_"]
    events = story(fake_stripe, payment)
    for place in order:
        assert [post_stripe(events[place]), post_stripe(events[place])] == [202, 200]
        work()
    payment.refresh_from_db()
    invoice.refresh_from_db()
    assert [payment.status, str(payment.reference)[:3], invoice.status] == ["succeeded", "pi_", "paid"]
    assert [payment.money, booked(), difference()] == [kes(1160), 1, ""]
    assert set(WebhookMessage.objects.values_list("state", flat=True)) == {"done"}


def test_recorded_event_of_stripe_pays(fake_stripe: FakeStripe, invoice: Invoice) -> None:
    payment = begin(invoice, "stripe")
    facts = {"amount": 116000, "amount_received": 116000, "currency": "kes", "metadata": {"portal_key": payment.key}}
    intent = {**recorded("payment_intent_pi_fakefakefakefakefake0001"), **facts}
    assert post_stripe(from_stripe("payment_intent.succeeded", intent, "evt_1")) == 202
    work()
    payment.refresh_from_db()
    assert [payment.status, payment.reference] == ["succeeded", "pi_fakefakefakefakefake0001"]
    assert [accounts()["cash stripe"], difference()] == ["1160.00", ""]


def test_dispute_of_a_paid_page_finds_its_payment(fake_stripe: FakeStripe, invoice: Invoice) -> None:
    payment = begin(invoice, "stripe")
    for body in story(fake_stripe, payment):
        post_stripe(body)
    work()
    payment.refresh_from_db()
    facts = {"payment_intent": payment.reference, "amount": 116000, "currency": "kes"}
    dispute = {**recorded("dispute_dp_fakefakefakefake01"), **facts}
    assert post_stripe(from_stripe("charge.dispute.created", dispute, "evt_9")) == 202
    work()
    assert [(one.payment, one.status, one.money) for one in Dispute.objects.all()] == [(payment, "open", kes(1160))]
    assert difference() == ""


def test_unsigned_event_of_stripe_pays_nothing(fake_stripe: FakeStripe, invoice: Invoice) -> None:
    payment = begin(invoice, "stripe")
    [_, paid, _] = story(fake_stripe, payment)
    header = WebhookSignature.generate_signature_header(paid.decode(), "whsec_other")
    assert post("/webhooks/stripe/", paid, **{"Stripe-Signature": header}) == 403
    work()
    payment.refresh_from_db()
    assert [payment.status, booked()] == ["needs_action", 0]


def callback(**result: Any) -> bytes:
    """A recorded callback of M-Pesa, for the push that the server accepted."""
    recorded_one = callbacks()[0]["Body"]["stkCallback"]
    named = {**recorded_one, "CheckoutRequestID": accepted()["CheckoutRequestID"], **result}
    for item in named["CallbackMetadata"]["Item"] if named.get("CallbackMetadata") else ():
        if item["Name"] == "Amount":
            item["Value"] = 1161.0
    return json.dumps({"Body": {"stkCallback": named}}).encode()


def address(daraja: FakeDaraja) -> str:
    """The address that the last push named, at our site."""
    url = urlsplit(next(sent["CallBackURL"] for _, sent in reversed(daraja.asked) if "CallBackURL" in sent))
    return f"{url.path}?{url.query}"


def test_callback_of_mpesa_pays_whole_shillings_once(daraja: FakeDaraja, company: Company) -> None:
    invoice = issued(company, "1000.43")
    assert invoice.due == kes("1160.50")
    payment = begin(invoice, "mpesa")
    assert [payment.status, payment.reference] == ["pending", accepted()["CheckoutRequestID"]]
    assert daraja.asked[0][1]["Amount"] == 1161
    where = address(daraja)
    assert [post(where, callback()), post(where, callback())] == [202, 200]
    work()
    payment.refresh_from_db()
    invoice.refresh_from_db()
    assert [payment.status, payment.money, payment.receipt] == ["succeeded", kes(1161), "LHG31AA5TX"]
    assert [invoice.status, accounts()["cash mpesa"], booked(), difference()] == ["paid", "1161.00", 1, ""]


@pytest.mark.parametrize("is_asked_first", [True, False])
def test_query_and_callback_end_alike_in_either_order(
    daraja: FakeDaraja, company: Company, is_asked_first: bool
) -> None:
    payment = begin(issued(company, "1000.43"), "mpesa")
    where = address(daraja)
    steps = [
        lambda: payments.ask(payment=Payment.objects.get(), at=datetime.now(UTC)),
        lambda: [post(where, callback()), work()],
    ]
    daraja.answers = [Answer({**queried(), "ResultCode": "0"})]
    for step in steps if is_asked_first else reversed(steps):
        step()
    payment.refresh_from_db()
    assert [payment.status, payment.money, payment.receipt] == ["succeeded", kes(1161), "LHG31AA5TX"]
    assert [booked(), difference()] == [1, ""]


def test_push_whose_answer_was_lost_is_found_by_its_callback(daraja: FakeDaraja, company: Company) -> None:
    daraja.answers = [Answer(None)]
    payment = begin(issued(company, "1000.43"), "mpesa")
    assert [payment.status, payment.reference] == ["pending", None]
    assert post(address(daraja), callback()) == 202
    work()
    payment.refresh_from_db()
    assert [payment.status, payment.reference] == ["succeeded", accepted()["CheckoutRequestID"]]


def test_cancelled_push_fails_and_a_forged_callback_changes_nothing(daraja: FakeDaraja, invoice: Invoice) -> None:
    payment = begin(invoice, "mpesa")
    where = address(daraja)
    assert [post("/webhooks/mpesa/", callback()), post(where[:-1] + "!", callback())] == [403, 403]
    work()
    payment.refresh_from_db()
    assert [payment.status, booked()] == ["pending", 0]
    assert post(where, callback(ResultCode=1032, CallbackMetadata=None)) == 202
    work()
    payment.refresh_from_db()
    assert [payment.status, payment.failure_message] == ["failed", "The request was cancelled on the phone."]


def test_wave_is_asked_after_each_webhook(fake_wave: FakeWave, invoice: Invoice) -> None:
    payment = begin(invoice, "wave")
    name = str(payment.reference)
    assert [payment.status, fake_wave.invoices[name]["status"]] == ["pending", "DRAFT"]

    def hear(kind: str) -> int:
        body = json.dumps({"type": kind, "data": {"invoice": {"id": name}}}).encode()
        signature = hmac.new(SECRET.encode(), body, "sha256").hexdigest()
        answer = post("/webhooks/wave/", body, **{"Stripe-Signature": signature})
        work()
        payment.refresh_from_db()
        return answer

    fake_wave.invoices[name]["status"] = "SENT"
    assert [hear("invoice.sent"), payment.status, payment.action_url] == [
        202,
        "needs_action",
        f"https://next.wave.test/{name}",
    ]
    paid_at_wave(fake_wave, name, "1,160.00", "PAID")
    # An old one that comes late tells what is true now.
    assert [hear("invoice.viewed"), payment.status] == [202, "succeeded"]
    assert [hear("invoice.paid"), hear("invoice.paid")] == [202, 200]
    assert [payment.money, booked(), difference()] == [kes(1160), 1, ""]


def drafted(invoice: Invoice) -> tuple[Payment, Approval]:
    """A payment at Wave, and the question to staff that comes with it."""
    payment = begin(invoice, "wave")
    return payment, Approval.objects.get(kind=releases.KIND)


def test_wave_sends_its_invoice_once_staff_agreed(fake_wave: FakeWave, invoice: Invoice, finance: User) -> None:
    Company.objects.update(billing_email="bills@savanna.example")
    payment, approval = drafted(invoice)
    assert payments.ask(payment=payment, at=AT).status == "pending"
    approvals.approve(approval=approval, by=finance, at=AT)
    payment.refresh_from_db()
    assert [payment.ask_at, fake_wave.sent] == [AT, []]
    for _ in range(2):
        payment = payments.ask(payment=payment, at=AT)
        assert [payment.status, payment.action_url] == ["needs_action", f"https://next.wave.test/{payment.reference}"]
    assert [one["to"] for one in fake_wave.sent] == [["bills@savanna.example"]]


def test_wave_deletes_its_draft_when_staff_refused(fake_wave: FakeWave, invoice: Invoice, finance: User) -> None:
    payment, approval = drafted(invoice)
    approvals.reject(approval=approval, by=finance, at=AT, comment="Not this one")
    payment.refresh_from_db()
    assert payments.ask(payment=payment, at=AT).status == "cancelled"
    assert [fake_wave.invoices, fake_wave.sent, booked()] == [{}, [], 0]


def test_nobody_decides_about_a_payment_that_was_given_up(fake_wave: FakeWave, invoice: Invoice, finance: User) -> None:
    payment, approval = drafted(invoice)
    payments.cancel(payment=payment, at=AT)
    approval.refresh_from_db()
    assert [approval.status, fake_wave.invoices] == ["cancelled", {}]
    with pytest.raises(approvals.AlreadyDecided):
        approvals.approve(approval=approval, by=finance, at=AT)


def test_decision_about_a_payment_that_ended_is_refused(fake_wave: FakeWave, invoice: Invoice, finance: User) -> None:
    payment, approval = drafted(invoice)
    paid_at_wave(fake_wave, str(payment.reference), "1,160.00", "PAID")
    payments.ask(payment=payment, at=AT)
    with pytest.raises(releases.NotWaiting):
        approvals.approve(approval=approval, by=finance, at=AT)
    approval.refresh_from_db()
    assert [approval.status, fake_wave.sent] == ["pending", []]
