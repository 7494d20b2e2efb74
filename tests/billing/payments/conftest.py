"""Companies that owe something, and the sandbox to pay at."""

from datetime import datetime

import pytest
from django.test import Client

from billing.invoicing.models import Invoice
from billing.payments.gateways.sandbox import bank, client
from billing.payments.models import DunningStep, Payment, PaymentMethod, SandboxPayment, SandboxWebhook
from billing.payments.services import methods, payments
from billing.payments.services.payments import Way
from portal.accounts.models import Company
from tests.billing.invoicing.books import AT
from tests.billing.invoicing.conftest import issued, kenyan_vat, vendor

__all__ = ["issued", "kenyan_vat", "vendor"]
GOOD, DECLINED, LATER, ASKS, EXPIRED, DELAYED, NOISY = (
    "4242424242424242",
    "4000000000000002",
    "4000000000000341",
    "4000002500003155",
    "4000000000000069",
    "4000000000000077",
    "4000000000003220",
)
SANDBOX = Way(gateway="sandbox")


@pytest.fixture
def invoice(company: Company) -> Invoice:
    """KES 1,000.00 and 16 % VAT: 1,160.00, open."""
    return issued(company, "1000.00")


def first_steps() -> None:
    """The steps that migrations bring, also where a test emptied the tables."""
    wanted = [(days, "remind") for days in (-3, 0, 3, 7)] + [(days, "retry") for days in (1, 3, 5, 7)]
    for days, action in [*wanted, (1, "past_due"), (14, "suspend"), (30, "cancel")]:
        DunningStep.objects.get_or_create(days=days, action=action)


def at_the_bank(payment: Payment) -> SandboxPayment:
    """What the sandbox has of a payment."""
    return SandboxPayment.objects.get(key=payment.key)


def begun(invoice: Invoice, **options: object) -> Payment:
    """A payment that leads to the sandbox's page."""
    return payments.pay(invoice=invoice, way=SANDBOX, at=AT, by=None, **options)


def paid(invoice: Invoice, number: str = GOOD, **options: object) -> Payment:
    """A payment for which a card was entered, and whose outcome was asked."""
    payment = begun(invoice, **options)
    bank.enter_card(payment=at_the_bank(payment), number=number, expires_on="2030-12", at=AT)
    return payments.ask(payment=payment, at=AT)


def card(company: Company, number: str = GOOD, expires_on: str = "2030-12") -> PaymentMethod:
    """A card that the sandbox keeps."""
    method = methods.begin(company=company, gateway="sandbox", at=AT, by=None)
    methods.carry_out(method=method, at=AT, return_url="/")
    setup = SandboxPayment.objects.get(key=method.key)
    entered = bank.enter_card(payment=setup, number=number, expires_on=expires_on, at=AT)
    if entered.state == "needs_action":
        bank.authenticate(payment=entered, agrees=True, at=AT)
    return methods.ask(method=method, at=AT)


def deliver(webhook: SandboxWebhook, *, at: datetime | None = None) -> int:
    """Send one webhook as the sandbox does."""
    body = webhook.body.encode()
    moment = int((at or datetime.now().astimezone()).timestamp())
    headers = {client.HEADER: client.header_of(body, moment)}
    return Client().post("/webhooks/sandbox/", body, content_type="application/json", headers=headers).status_code
