"""New and renewed methods pay at once what could not be charged, and nothing else."""

from datetime import timedelta

import pytest

from billing.invoicing.models import Invoice
from billing.payments.gateways.base import Method, Outcome, State
from billing.payments.models import DunningStep, DunningTask, Payment, PaymentMethod, SandboxCard
from billing.payments.services import dunning, methods
from portal.accounts.models import Company, User
from tests.billing.invoicing.books import AT, difference
from tests.billing.payments.conftest import GOOD, LATER, card, issued, paid
from tests.cast import client_of

pytestmark = pytest.mark.django_db
SECOND = "5555555555554444"


@pytest.fixture(autouse=True)
def no_steps(db: None) -> None:
    """No step is left that would charge."""
    DunningStep.objects.all().delete()


def work() -> list[str]:
    """Do the tasks that wait, as the worker does; what came of each."""
    keys = list(DunningTask.objects.filter(state="queued").order_by("pk").values_list("pk", flat=True))
    for pk in keys:
        dunning.do(pk, at=AT)
    done = DunningTask.objects.filter(pk__in=keys).order_by("pk")
    return [task.result.partition(": ")[2] or task.result for task in done]


@pytest.fixture
def declined(company: Company) -> Invoice:
    """KES 1,160.00, for which the default card was declined when it was issued."""
    card(company, LATER)
    invoice = issued(company, "1000")
    assert work() == ["failed"]
    return invoice


def renew(method: PaymentMethod, month: str) -> None:
    news = Method(reference=method.reference or "", brand=method.brand, last4=method.last4, expires_on=month)
    methods.record(method=method, outcome=Outcome(State.SUCCEEDED, method=news), at=AT)


def test_card_that_becomes_the_default_pays_at_once_and_once(company: Company, declined: Invoice) -> None:
    second = card(company, SECOND)
    assert work() == []
    for _ in range(2):
        methods.make_default(method=second, at=AT, by=None)
    assert work() == ["succeeded"]
    declined.refresh_from_db()
    payment = Payment.objects.get(method=second)
    assert (declined.status, payment.is_automatic, Payment.objects.count(), difference()) == ("paid", True, 2, "")


def test_first_card_pays_what_could_not_be_charged_without_one(company: Company, declined: Invoice) -> None:
    methods.remove(method=PaymentMethod.objects.get(), at=AT, by=None)
    new = card(company, GOOD)
    assert work() == ["succeeded"]
    declined.refresh_from_db()
    assert (new.is_default, declined.status) == (True, "paid")


def test_invoices_that_nobody_tried_to_charge_are_left_alone(
    company: Company, other_company: Company, declined: Invoice
) -> None:
    by_transfer = issued(other_company, "10")
    card(other_company)
    assert work() == []
    assert (by_transfer.due.amount, Payment.objects.filter(company=other_company).count()) == (
        by_transfer.total.amount,
        0,
    )
    assert declined.due == declined.total


def test_paid_invoice_is_not_charged(company: Company, declined: Invoice) -> None:
    paid(declined)
    methods.make_default(method=card(company, SECOND), at=AT, by=None)
    assert (work(), Payment.objects.count()) == ([], 2)


def test_each_method_tries_once_a_day_however_often_it_is_chosen(company: Company, declined: Invoice) -> None:
    first, second = PaymentMethod.objects.get(), card(company, LATER)
    for _ in range(3):
        for method in (second, first):
            methods.make_default(method=method, at=AT, by=None)
            work()
    assert Payment.objects.count() == 3
    methods.make_default(method=second, at=AT + timedelta(days=1), by=None)
    DunningTask.objects.filter(state="queued").update(available_at=AT)
    assert (work(), Payment.objects.count()) == (["failed"], 4)


def test_task_of_a_method_that_is_the_default_no_more_charges_no_other(company: Company, declined: Invoice) -> None:
    first, second = PaymentMethod.objects.get(), card(company, SECOND)
    methods.make_default(method=second, at=AT, by=None)
    methods.make_default(method=first, at=AT, by=None)
    assert work() == ["No method that can be charged.", "failed"]
    assert not Payment.objects.filter(method=second).exists()


def test_renewed_card_that_had_been_refused_for_good_pays(company: Company) -> None:
    method = card(company)
    SandboxCard.objects.update(behaviour="expired")
    invoice = issued(company, "1000")
    assert work() == ["failed"]
    assert not Payment.objects.get().can_retry
    Payment.objects.update(created_at=AT - timedelta(days=1))
    renew(method, "2030-12")
    assert work() == []
    SandboxCard.objects.update(behaviour="good")
    for _ in range(2):
        renew(method, "2033-12")
    assert work() == ["succeeded"]
    invoice.refresh_from_db()
    method.refresh_from_db()
    assert (invoice.status, method.renewed_at, difference()) == ("paid", AT, "")


def test_renewal_of_another_method_than_the_default_charges_nothing(company: Company, declined: Invoice) -> None:
    renew(card(company, SECOND), "2033-12")
    assert work() == []


def test_page_says_what_will_be_charged_before_a_method_is_chosen(
    company: Company, declined: Invoice, owner: User, company_admin: User
) -> None:
    page = client_of(owner).get("/customer/billing/payment-methods/").text.replace("\N{NO-BREAK SPACE}", " ")
    assert f"{declined} (KES 1,160.00). As soon as another method is the default, it is charged for this." in page
    assert "Could not be charged" not in client_of(company_admin).get("/customer/billing/payment-methods/").text
    paid(declined)
    assert "Could not be charged" not in client_of(owner).get("/customer/billing/payment-methods/").text
