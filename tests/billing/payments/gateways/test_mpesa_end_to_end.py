"""M-Pesa from the page to the ledger: whole shillings, one push at a time, one receipt for one payment."""

import pytest

from billing.invoicing.services import ledger
from billing.payments.models import Payment, WebhookMessage
from billing.payments.services import payments
from portal.accounts.models import Company
from tests.billing.invoicing.books import accounts, difference, kes
from tests.billing.invoicing.conftest import issued
from tests.billing.payments.gateways.fake_daraja import FakeDaraja, accepted
from tests.billing.payments.gateways.servers import Answer
from tests.billing.payments.gateways.test_end_to_end import (
    address,
    begin,
    booked,
    callback,
    kenyan_vat,
    post,
    secrets,
    vendor,
    work,
)

__all__ = ["kenyan_vat", "secrets", "vendor"]
pytestmark = pytest.mark.django_db


def pushes(daraja: FakeDaraja) -> int:
    """How many phones were asked."""
    return sum("PhoneNumber" in sent for _path, sent in daraja.asked)


def test_what_rounding_up_brought_is_the_company_s_balance(daraja: FakeDaraja, company: Company) -> None:
    invoice = issued(company, "1000.43")
    payment = begin(invoice, "mpesa")
    assert post(address(daraja), callback()) == 202
    work()
    payment.refresh_from_db()
    assert (invoice.due, payment.asked_for, payment.money) == (kes(0), kes(1161), kes(1161))
    assert (accounts()["customer_balance"], ledger.balance_of(company, "KES")) == ("-0.50", kes("0.50"))
    assert difference() == ""


def test_no_second_push_goes_out_while_one_is_open(daraja: FakeDaraja, company: Company) -> None:
    invoice = issued(company, "1000.43")
    first = begin(invoice, "mpesa")
    with pytest.raises(payments.AlreadyPaying):
        begin(invoice, "mpesa")
    assert (pushes(daraja), Payment.objects.count()) == (1, 1)
    assert post(address(daraja), callback(ResultCode=1032, CallbackMetadata=None)) == 202
    work()
    first.refresh_from_db()
    assert first.status == "failed"
    daraja.answers = [Answer({**accepted(), "CheckoutRequestID": "ws_CO_2"})]
    begin(invoice, "mpesa")
    assert pushes(daraja) == 2


def test_a_receipt_pays_once(daraja: FakeDaraja, company: Company) -> None:
    """The same number of a receipt under another push is nobody's money: it is kept, and staff are told."""
    begin(issued(company, "1000.43"), "mpesa")
    assert post(address(daraja), callback()) == 202
    work()
    daraja.answers = [Answer({**accepted(), "CheckoutRequestID": "ws_CO_2"})]
    second = begin(issued(company, "1000.43"), "mpesa")
    assert second.reference == "ws_CO_2"
    assert post(address(daraja), callback(CheckoutRequestID="ws_CO_2")) == 202
    work()
    second.refresh_from_db()
    message = WebhookMessage.objects.order_by("pk").last()
    assert message is not None
    assert (second.status, second.receipt, booked(), difference()) == ("pending", None, 1, "")
    assert (message.state, "payments_payment_receipt" in message.error) == ("queued", True)
