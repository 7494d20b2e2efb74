"""What the page of a payment says to whoever waits for it, and when it is here: in part, wholly, or more than due."""

from typing import Any

import pytest
from django.test import Client

from billing.invoicing.models import Invoice
from billing.payments.models import Payment
from billing.payments.services import manual, payments
from portal.accounts.models import Company, User
from tests.billing.invoicing.books import AT, kes
from tests.billing.payments.conftest import DECLINED, paid
from tests.billing.payments.gateways.fake_daraja import FakeDaraja
from tests.billing.payments.gateways.fake_wave import FakeWave
from tests.billing.payments.gateways.test_end_to_end import (
    address,
    begin,
    callback,
    invoice,
    issued,
    kenyan_vat,
    post,
    secrets,
    vendor,
    work,
)
from tests.cast import client_of

__all__ = ["invoice", "kenyan_vat", "secrets", "vendor"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(owner: User) -> Client:
    return client_of(owner)


def page(desk: Client, payment: Payment) -> str:
    answer: Any = desk.get(payment.get_absolute_url())
    assert answer.status_code == 200
    return " ".join(answer.content.decode().replace("\N{NO-BREAK SPACE}", " ").split())


def test_mpesa_asks_for_the_pin_and_says_what_the_whole_shilling_brought(
    daraja: FakeDaraja, desk: Client, company: Company
) -> None:
    payment = begin(issued(company, "1000.43"), "mpesa")
    assert "Enter your PIN on the phone that we have just asked." in page(desk, payment)
    assert post(address(daraja), callback()) == 202
    work()
    shown = page(desk, payment)
    # 1,160.50 were due, and M-Pesa moves whole shillings.
    assert "KES 1,161.00" in shown
    assert "The payment has arrived. KES 0.50 more than was due became your balance, which is used first." in shown


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (1032, "The request was cancelled on the phone."),
        (1037, "The phone did not answer. Switch it on, unlock it and try again."),
        (1019, "The request on the phone has expired before the PIN was entered."),
        (1, "There is not enough money in the M-Pesa account."),
    ],
)
def test_mpesa_that_does_not_work_says_why_and_offers_another_way(
    daraja: FakeDaraja, desk: Client, company: Company, code: int, said: str
) -> None:
    due = issued(company, "1000.43")
    payment = begin(due, "mpesa")
    assert post(address(daraja), callback(ResultCode=code, CallbackMetadata=None)) == 202
    work()
    shown = page(desk, payment)
    assert said in shown
    assert f'href="/customer/billing/invoices/{due.number}/pay/"' in shown


def test_wave_says_that_somebody_looks_at_it_first(fake_wave: FakeWave, desk: Client, invoice: Invoice) -> None:
    payment = begin(invoice, "wave")
    assert "Somebody of us looks at it first." in page(desk, payment)
    fake_wave.invoices[str(payment.reference)]["status"] = "SENT"
    payments.ask(payment=payment, at=AT)
    shown = page(desk, payment)
    assert "Confirm the payment, or enter your card." in shown
    assert f'href="https://next.wave.test/{payment.reference}"' in shown


def test_part_of_an_invoice_says_what_is_left_and_leads_to_it(desk: Client, invoice: Invoice) -> None:
    payment = paid(invoice, amount=kes(1000))
    shown = page(desk, payment)
    assert "The payment has arrived. KES 160.00 of the invoice is left to pay." in shown
    assert "Pay the rest" in shown
    # Nothing is left, and nothing is over.
    rest = paid(invoice, amount=kes(160))
    assert "The payment has arrived.</p>" in page(desk, rest)
    assert "Pay the rest" not in page(desk, rest)


def test_transfer_of_more_than_is_due_says_what_is_kept(desk: Client, invoice: Invoice, finance: User) -> None:
    payment = manual.record(
        company=invoice.company, amount=kes(1200), reference="FT1", at=AT, by=finance, first=[invoice]
    )
    assert "KES 40.00 more than was due became your balance" in page(desk, payment)


def test_declined_card_says_so(desk: Client, invoice: Invoice) -> None:
    shown = page(desk, paid(invoice, DECLINED))
    assert "The payment did not work" in shown
    assert "The payment has arrived" not in shown
