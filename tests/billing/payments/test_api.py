"""Payments for other programs: money moves once for each Idempotency-Key."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from billing.invoicing.models import Invoice
from billing.invoicing.services import invoices
from billing.payments.models import Payment, PaymentMethod
from portal.accounts.models import Company, User
from portal.core.models import IdempotencyKey
from tests.billing.invoicing.books import difference
from tests.billing.invoicing.charging import owe
from tests.billing.invoicing.conftest import draft
from tests.billing.payments.conftest import LATER, card, issued
from tests.cast import client_of
from tests.portal.core.threads import race

pytestmark = pytest.mark.django_db
API = "/api/business/v1/"


@pytest.fixture
def program(billing_member: User) -> Client:
    return client_of(billing_member)


def pay(program: Client, invoice: Invoice, body: dict[str, Any] | None = None, key: str = "k1") -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    address = f"{API}invoices/{invoice.number}/pay/"
    return program.post(address, json.dumps(body or {}), content_type="application/json", headers=headers)


def test_default_card_pays_and_the_payment_tells(program: Client, company: Company, invoice: Invoice) -> None:
    method = card(company)
    answer = pay(program, invoice)
    told = answer.json()
    assert (answer.status_code, told["status"], told["invoice"]) == (202, "pending", invoice.number)
    assert told["amount"] == {"amount": "1160.00", "currency": "KES"}
    assert (told["method"], told["company"], told["gateway"]) == (str(method.public_id), "savanna-foods", "sandbox")
    now = program.get(f"{API}payments/{told['id']}/").json()
    assert (now["status"], now["failure_message"]) == ("succeeded", "")
    assert program.get(f"{API}payments/?status=succeeded").json()["count"] == 1
    invoice.refresh_from_db()
    assert (invoice.status, difference()) == ("paid", "")


def test_same_key_and_body_get_the_same_bytes_and_pay_once(program: Client, company: Company, invoice: Invoice) -> None:
    card(company)
    first, second = pay(program, invoice, {"amount": "160.00"}), pay(program, invoice, {"amount": "160.00"})
    assert (first.content, first.status_code) == (second.content, second.status_code)
    assert "Idempotent-Replayed" not in first
    assert second["Idempotent-Replayed"] == "true"
    assert (Payment.objects.count(), IdempotencyKey.objects.count()) == (1, 1)


def test_other_body_is_422_and_other_key_pays_the_rest(program: Client, company: Company, invoice: Invoice) -> None:
    card(company)
    pay(program, invoice, {"amount": "160.00"})
    assert pay(program, invoice, {"amount": "161.00"}).status_code == 422
    assert pay(program, invoice, {"amount": {"amount": "1000", "currency": "KES"}}, key="k2").status_code == 202
    invoice.refresh_from_db()
    assert (invoice.status, Payment.objects.count()) == ("paid", 2)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"amount": "0"}, 422),
        ({"amount": 10.5}, 422),
        ({"amount": "1160.01"}, 422),
        ({"amount": {"amount": "1", "currency": "USD"}}, 422),
        ({"gateway": "manual"}, 422),
        ({"gateway": "nonsense"}, 422),
        ({"method": "11111111-1111-4111-8111-111111111111"}, 404),
        ({"method": "x"}, 400),
        ({"phone": "0712"}, 400),
    ],
)
def test_what_is_refused_moves_nothing(program: Client, invoice: Invoice, body: dict[str, Any], status: int) -> None:
    answer = pay(program, invoice, body)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert not Payment.objects.exists()


def test_gateway_gives_an_address_for_the_customer(program: Client, invoice: Invoice) -> None:
    told = pay(program, invoice, {"gateway": "sandbox"}).json()
    now = program.get(f"{API}payments/{told['id']}/").json()
    assert now["status"] == "needs_action"
    assert now["action_url"].startswith("http://127.0.0.1:8000/sandbox/")


def test_refused_card_says_why(program: Client, company: Company, invoice: Invoice) -> None:
    card(company, LATER)
    told = program.get(f"{API}payments/{pay(program, invoice).json()['id']}/").json()
    assert (told["status"], told["failure_code"]) == ("failed", "card_declined")


def test_methods_are_listed_added_chosen_and_removed(program: Client, company: Company) -> None:
    first, second = card(company), card(company)
    listed = program.get(f"{API}payment-methods/").json()
    assert [(row["last4"], row["is_default"]) for row in listed["results"]] == [("4242", True), ("4242", False)]
    assert program.post(f"{API}payment-methods/{second.public_id}/default/").json()["is_default"] is True
    assert program.delete(f"{API}payment-methods/{first.public_id}/").status_code == 204
    begun = program.post(f"{API}payment-methods/", "{}", content_type="application/json")
    assert (begun.status_code, begun.json()["gateway"]) == (202, "sandbox")
    assert program.get(f"{API}payment-methods/").json()["count"] == 1
    assert PaymentMethod.objects.filter(added_at=None).count() == 1


def test_admin_reads_and_may_not_pay(company_admin: User, company: Company, invoice: Invoice) -> None:
    program, method = client_of(company_admin), card(company)
    assert pay(program, invoice).status_code == 403
    assert program.delete(f"{API}payment-methods/{method.public_id}/").status_code == 403
    assert program.get(f"{API}payments/").status_code == 200
    assert not Payment.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_many_requests_with_one_key_pay_once(company: Company, billing_member: User) -> None:
    invoice = issued(company, "1000")
    card(company)
    clients = [client_of(billing_member) for _ in range(6)]
    answers = race(lambda number: pay(clients[number], invoice), threads=6)
    assert {answer.status_code for answer in answers} <= {202, 409}
    assert (Payment.objects.count(), difference()) == (1, "")
    assert len({answer.content for answer in answers if answer.status_code == 202}) == 1


def test_billing_is_told_at_one_look(program: Client, company: Company) -> None:
    today, now = timezone.localdate(), timezone.now()
    invoice = invoices.issue(invoice=draft(company, "1000.00"), today=today, at=now, by=None)
    assert program.get("/api/customer/billing/").json() == {
        "company": "savanna-foods",
        "due": {"amount": "1160.00", "currency": "KES"},
        "overdue": {"amount": "0.00", "currency": "KES"},
        "balance": {"amount": "0.00", "currency": "KES"},
        "next_due_on": str(invoice.due_on),
        "next_bill": None,
        "default_method": None,
    }
    method = card(company)
    owe(company, "training 1", "100.00", due_on=today + timedelta(days=3))
    told = program.get("/api/customer/billing/").json()
    bill = told["next_bill"]
    assert told["default_method"]["id"] == str(method.public_id)
    assert (bill["day"], bill["total"]) == (
        str(today + timedelta(days=3)),
        {"amount": "116.00", "currency": "KES"},
    )
    assert [(line["description"], line["net"]["amount"]) for line in bill["lines"]] == [("ERP", "100.00")]


def test_billing_is_told_to_those_who_see_invoices(viewer: User, company_admin: User, stranger: User) -> None:
    answers = [client_of(person).get("/api/customer/billing/") for person in (viewer, company_admin, stranger)]
    assert [answer.status_code for answer in answers] == [403, 200, 200]
    assert answers[2].json()["company"] == "ridgeline-sacco"
