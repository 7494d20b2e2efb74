"""Money that moves: one row for each attempt, booked once, whatever is heard and in whatever order."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from djmoney.money import Money

from billing.invoicing.models import Invoice, LedgerTransaction
from billing.invoicing.services import invoices, ledger
from billing.payments.gateways.base import GatewayError, Outcome, Request, State, gateways
from billing.payments.gateways.sandbox import bank
from billing.payments.gateways.sandbox.client import Sandbox
from billing.payments.models import Payment, PaymentMethod, SandboxPayment
from billing.payments.services import methods, outcomes, payments
from billing.payments.services.payments import Way
from portal.accounts.models import Company, User
from portal.core.errors import DomainError
from portal.notifications.models import Notification
from tests.billing.invoicing.books import AT, accounts, difference, kes
from tests.billing.payments.conftest import (
    ASKS,
    DECLINED,
    DELAYED,
    EXPIRED,
    GOOD,
    LATER,
    SANDBOX,
    at_the_bank,
    begun,
    card,
    issued,
    paid,
)
from tests.portal.core.state_matrix import assert_state_matrix
from tests.portal.core.threads import race

pytestmark = pytest.mark.django_db


def test_states() -> None:
    everything = ("pending", "needs_action", "failed", "cancelled")
    under_way = ("pending", "needs_action")
    failing = {"code": "c", "message": "m", "can_retry": True, "at": AT}
    assert_state_matrix(
        lambda state: Payment(status=state or "pending"),
        {
            "wait": dict.fromkeys(under_way, "pending"),
            "need_action": dict.fromkeys(under_way, "needs_action"),
            "succeed": dict.fromkeys(everything, "succeeded"),
            "fail": dict.fromkeys(under_way, "failed"),
            "cancel": dict.fromkeys(under_way, "cancelled"),
        },
        arguments={
            "need_action": {"url": "u"},
            "succeed": {"amount": 1, "at": AT},
            "fail": failing,
            "cancel": {"at": AT},
        },
    )


def test_card_that_is_entered_pays_the_invoice(invoice: Invoice, owner: User) -> None:
    payment = begun(invoice)
    assert (payment.status, payment.received_amount) == ("needs_action", None)
    assert payment.action_url == f"http://127.0.0.1:8000/sandbox/{payment.reference}/"
    bank.enter_card(payment=at_the_bank(payment), number=GOOD, expires_on="2030-12", at=AT)
    payment = payments.ask(payment=payment, at=AT)
    invoice.refresh_from_db()
    assert (payment.status, payment.money, payment.closed_at, payment.ask_at) == ("succeeded", kes(1160), AT, None)
    assert (invoice.status, accounts()) == (
        "paid",
        {"cash sandbox": "1160.00", "revenue": "-1000.00", "tax_payable VAT 16 %": "-160.00"},
    )
    assert payment.receipt == f"SB-{str(payment.reference)[-10:].upper()}"
    assert difference() == ""


@pytest.mark.parametrize(
    ("number", "code", "sentence", "can_retry"),
    [
        (DECLINED, "card_declined", "The bank declined the card. Ask your bank, or pay in another way.", True),
        (EXPIRED, "expired_card", "The card has expired. Add another one.", False),
    ],
)
def test_refused_card_charges_nothing_and_says_why(
    invoice: Invoice, number: str, code: str, sentence: str, can_retry: bool
) -> None:
    payment = paid(invoice, number)
    invoice.refresh_from_db()
    assert (payment.status, payment.failure_code, payment.failure_message) == ("failed", code, sentence)
    assert (payment.can_retry, payment.movement, invoice.status) == (can_retry, None, "open")
    assert LedgerTransaction.objects.filter(kind="payment").count() == 0
    assert paid(invoice).status == "succeeded"


@pytest.mark.parametrize(("agrees", "status"), [(True, "succeeded"), (False, "failed")])
def test_authentication_decides(invoice: Invoice, agrees: bool, status: str) -> None:
    payment = paid(invoice, ASKS)
    assert payment.status == "needs_action"
    assert payment.action_url.endswith("/authentication/")
    bank.authenticate(payment=at_the_bank(payment), agrees=agrees, at=AT)
    assert payments.ask(payment=payment, at=AT).status == status


def test_delayed_payment_is_asked_for_until_it_ends(invoice: Invoice) -> None:
    payment = begun(invoice)
    now = timezone.now()
    bank.enter_card(payment=at_the_bank(payment), number=DELAYED, expires_on="2030-12", at=now)
    payment = payments.ask(payment=payment, at=AT)
    assert (payment.status, payment.ask_at) == ("pending", AT + timedelta(minutes=5))
    SandboxPayment.objects.update(settles_at=now)
    payment = payments.ask(payment=payment, at=AT)
    assert payment.status == "succeeded"


def test_part_is_paid_and_the_rest_stays_due(invoice: Invoice, owner: User) -> None:
    paid(invoice, amount=kes(160))
    invoice.refresh_from_db()
    assert (invoice.status, invoice.due) == ("open", kes(1000))
    (told,) = Notification.objects.filter(kind="payment_received")
    assert told.subject.replace("\N{NO-BREAK SPACE}", " ") == f"KES 160.00 received for invoice {invoice.number}"
    assert told.body.replace("\N{NO-BREAK SPACE}", " ") == (
        f"Thank you: we have received KES 160.00 for invoice {invoice.number} of Savanna Foods. "
        "KES 1,000.00 are still to be paid."
    )
    paid(invoice)
    invoice.refresh_from_db()
    assert (invoice.status, difference()) == ("paid", "")


@pytest.mark.parametrize("amount", [kes(0), kes(-1), kes("1160.01"), kes("0.001"), Money(10, "USD")])
def test_amount_is_something_and_at_most_what_is_due(invoice: Invoice, amount: Money) -> None:
    with pytest.raises(DomainError):
        begun(invoice, amount=amount)
    assert not Payment.objects.exists()


def test_only_open_invoices_are_paid(invoice: Invoice) -> None:
    invoices.void(invoice=invoice, reason="x", at=AT, by=None)
    with pytest.raises(payments.NotPayable):
        begun(invoice)
    assert not Payment.objects.exists()


def test_second_payment_waits_for_the_first(invoice: Invoice) -> None:
    first = begun(invoice)
    with pytest.raises(payments.AlreadyPaying):
        begun(invoice)
    assert Payment.objects.count() == 1
    assert payments.cancel(payment=first, at=AT).status == "cancelled"
    assert paid(invoice).status == "succeeded"


def test_payment_that_was_left_is_given_up_after_a_day(invoice: Invoice) -> None:
    payment = begun(invoice)
    day = timedelta(hours=24)
    for moment in (timedelta(minutes=5), day - timedelta(seconds=1)):
        payment = payments.follow_up(payment=payment, at=AT + moment)
        assert payment.status == "needs_action"
    assert payment.ask_at == AT + day
    payment = payments.follow_up(payment=payment, at=AT + day)
    assert (payment.status, payment.ask_at, at_the_bank(payment).state) == ("cancelled", None, "cancelled")
    assert paid(invoice).status == "succeeded"


def test_payment_that_came_to_an_end_meanwhile_is_not_given_up(invoice: Invoice) -> None:
    payment = begun(invoice)
    bank.enter_card(payment=at_the_bank(payment), number=GOOD, expires_on="2030-12", at=AT)
    assert payments.follow_up(payment=payment, at=AT + timedelta(days=3)).status == "succeeded"


def test_what_a_gateway_sent_as_an_invoice_is_not_given_up(invoice: Invoice, monkeypatch: pytest.MonkeyPatch) -> None:
    payment = begun(invoice)
    monkeypatch.setattr(Sandbox, "release", lambda *args, **options: None, raising=False)
    assert payments.follow_up(payment=payment, at=AT + timedelta(days=3)).status == "needs_action"


def test_same_key_begins_one_payment(invoice: Invoice) -> None:
    first, second = (payments.begin(invoice=invoice, way=SANDBOX, at=AT, by=None, key="task 1") for _ in range(2))
    assert (first, Payment.objects.count()) == (second, 1)


@pytest.mark.parametrize("way", [Way(), Way(gateway="nonsense"), Way(gateway="manual")])
def test_ways_that_are_not_offered_are_refused(invoice: Invoice, way: Way) -> None:
    with pytest.raises(payments.NoSuchWay):
        payments.pay(invoice=invoice, way=way, at=AT, by=None)
    assert not Payment.objects.exists()


def test_method_of_another_company_is_refused(invoice: Invoice, company: Company, other_company: Company) -> None:
    foreign, gone, old = card(other_company), card(company), card(company)
    methods.remove(method=gone, at=AT, by=None)
    PaymentMethod.objects.filter(pk=old.pk).update(expires_on=AT.date() - timedelta(days=1))
    for method in (foreign, gone, old):
        method.refresh_from_db()
        with pytest.raises(payments.NoSuchWay):
            payments.pay(invoice=invoice, way=Way(method=method), at=AT, by=None)
    assert not Payment.objects.exists()


def test_unknown_outcome_is_asked_for_and_never_repeated(invoice: Invoice, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    method = card(invoice.company)
    pay = Sandbox.pay

    def charge_and_lose_the_answer(gateway: Sandbox, request: Request) -> Outcome:
        calls.append(request.key)
        pay(gateway, request)
        raise GatewayError("timed out")

    monkeypatch.setattr(Sandbox, "pay", charge_and_lose_the_answer)
    payment = payments.pay(invoice=invoice, way=Way(method=method), at=AT, by=None)
    assert (payment.status, payment.ask_at) == ("pending", AT + timedelta(minutes=1))
    payments.carry_out(payment=payment, at=AT)
    payment = payments.ask(payment=payment, at=AT)
    assert (payment.status, calls, difference()) == ("succeeded", [payment.key], "")


def test_call_that_never_arrived_fails_after_ten_minutes(invoice: Invoice, monkeypatch: pytest.MonkeyPatch) -> None:
    def lose(gateway: Sandbox, request: Request) -> Outcome:
        raise GatewayError("no route")

    monkeypatch.setattr(Sandbox, "pay", lose)
    payment = begun(invoice)
    payment = payments.ask(payment=payment, at=AT + timedelta(minutes=9))
    assert (payment.status, payment.asked) == ("pending", 1)
    payment = payments.ask(payment=payment, at=AT + timedelta(minutes=10))
    assert (payment.status, payment.failure_code) == ("failed", "unknown_key")


def test_money_that_comes_after_all_is_booked_and_stays(invoice: Invoice) -> None:
    payment = paid(invoice, DECLINED)
    payment = outcomes.record(payment=payment, outcome=Outcome(State.SUCCEEDED), at=AT)
    assert (payment.status, payment.failure_message) == ("succeeded", "")
    for state in State:
        assert outcomes.record(payment=payment, outcome=Outcome(state), at=AT).status == "succeeded"
    invoice.refresh_from_db()
    assert (invoice.status, LedgerTransaction.objects.filter(kind="payment").count(), difference()) == ("paid", 1, "")


def test_more_than_was_asked_for_becomes_balance(invoice: Invoice) -> None:
    payment = begun(invoice)
    outcomes.record(payment=payment, outcome=Outcome(State.SUCCEEDED, amount=kes(1200)), at=AT)
    assert (ledger.balance_of(invoice.company, "KES"), difference()) == (kes(40), "")


def test_database_refuses_to_take_success_back(invoice: Invoice) -> None:
    payment = paid(invoice)
    for change in ({"status": "failed", "movement": None, "received_amount": None}, {"amount": 1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Payment.objects.filter(pk=payment.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        payment.delete()


def test_saved_card_is_kept_when_asked_for(invoice: Invoice, company: Company) -> None:
    payment = payments.pay(invoice=invoice, way=Way(gateway="sandbox", saves_method=True), at=AT, by=None)
    bank.enter_card(payment=at_the_bank(payment), number=GOOD, expires_on="2030-12", at=AT)
    payments.ask(payment=payment, at=AT)
    (kept,) = PaymentMethod.objects.for_company(company)
    assert (str(kept), kept.is_default, str(kept.expires_on)) == ("Visa ending in 4242", True, "2030-12-31")
    again = payments.pay(invoice=issued(company, "100"), way=Way(method=kept), at=AT, by=None)
    assert again.status == "succeeded"


def test_saved_card_may_be_declined_later(invoice: Invoice, company: Company) -> None:
    method = card(company, LATER)
    payment = payments.pay(invoice=invoice, way=Way(method=method), at=AT, by=None)
    assert (payment.status, payment.failure_code) == ("failed", "card_declined")


def test_switched_off_sandbox_offers_nothing(invoice: Invoice, settings: Any) -> None:
    settings.PAYMENT_SANDBOX = False
    assert not gateways.get("sandbox").is_enabled
    with pytest.raises(payments.NoSuchWay):
        begun(invoice)


@pytest.mark.django_db(transaction=True)
def test_two_clicks_pay_once(company: Company) -> None:
    invoice, method = issued(company, "1000"), card(company)
    results = race(lambda number: payments.pay(invoice=invoice, way=Way(method=method), at=AT, by=None), threads=8)
    won = [result for result in results if isinstance(result, Payment)]
    refused = [result for result in results if isinstance(result, payments.AlreadyPaying | payments.NotPayable)]
    invoice.refresh_from_db()
    assert (len(won), len(refused), Payment.objects.count(), invoice.status) == (1, 7, 1, "paid")
    assert difference() == ""


@pytest.mark.django_db(transaction=True)
def test_return_and_webhook_at_once_book_once(company: Company) -> None:
    payment = begun(issued(company, "1000"))
    bank.enter_card(payment=at_the_bank(payment), number=GOOD, expires_on="2030-12", at=AT)

    def hear(number: int) -> Payment:
        if number % 2:
            return payments.ask(payment=Payment.objects.get(pk=payment.pk), at=AT)
        return outcomes.record(payment=payment, outcome=Outcome(State.SUCCEEDED), at=AT)

    results = race(hear, threads=8)
    assert [result for result in results if isinstance(result, BaseException)] == []
    assert (LedgerTransaction.objects.filter(kind="payment").count(), difference()) == (1, "")


@pytest.mark.django_db(transaction=True)
def test_gateway_is_called_in_no_transaction(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bool] = []
    pay = Sandbox.pay

    def watch(gateway: Sandbox, request: Request) -> Outcome:
        seen.append(connection.in_atomic_block)
        return pay(gateway, request)

    monkeypatch.setattr(Sandbox, "pay", watch)
    begun(issued(company, "1000"))
    assert seen == [False]
