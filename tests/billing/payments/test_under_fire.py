"""Whatever customers, staff, gateways and banks do, in whatever order: the books agree."""

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from billing.invoicing.models import Invoice
from billing.invoicing.services import credit_notes, invoices
from billing.payments.gateways.base import About, Event, Outcome, State
from billing.payments.models import Payment, Refund
from billing.payments.services import disputes, manual, outcomes, payments, refunds
from billing.payments.services.payments import Way
from portal.accounts.models import Company, User
from portal.approvals import services as approvals
from portal.approvals.models import Approval
from portal.core.errors import DomainError
from tests.billing.invoicing.books import AT, TODAY, difference, kes
from tests.billing.invoicing.conftest import draft
from tests.factories import CompanyFactory, UserFactory

pytestmark = pytest.mark.django_db


def say(payment: Payment, pick: int) -> None:
    """Something that a gateway says of a payment."""
    states = list(State)
    outcomes.record(payment=payment, outcome=Outcome(states[pick % len(states)]), at=AT)


def argue(payment: Payment, pick: int, amount: int) -> None:
    """Something that a bank says of a payment."""
    state = (State.PENDING, State.SUCCEEDED, State.FAILED)[pick % 3]
    name = f"dp_{payment.pk}_{pick % 2}"
    event = Event("e", "d", About.DISPUTE, AT, reference=name, outcome=Outcome(state), amount=kes(amount) / 100)
    disputes.record(payment=payment, event=event, at=AT)


def give_back(payment: Payment, pick: int, amount: int, asker: User, decider: User) -> None:
    """A refund that is asked for, decided, and arrives or does not."""
    refund = refunds.request(payment=payment, reason="x", at=AT, by=asker, amount=kes(amount) / 100)
    waiting = Approval.objects.get(kind="refund", object_id=refund.pk)
    approvals.decide(
        approval=waiting, decision="reject" if pick % 5 == 0 else "approve", by=decider, at=AT, comment="x"
    )
    refund.refresh_from_db()
    refunds.record(refund=refund, outcome=Outcome(State.FAILED if pick % 3 == 0 else State.SUCCEEDED, "re"), at=AT)
    if pick % 4 == 0:
        refunds.record(refund=refund, outcome=Outcome(State.FAILED, "re"), at=AT)


def act(company: Company, people: tuple[User, User], name: str, cents: int, pick: int) -> None:
    """One thing that may happen; what the rules refuse changes nothing."""
    found = list(Invoice.objects.filter(company=company).order_by("pk"))
    paid = list(Payment.objects.filter(company=company).order_by("pk"))
    invoice = found[pick % len(found)] if found else None
    payment = paid[pick % len(paid)] if paid else None
    if name == "issue":
        invoices.issue(invoice=draft(company, f"{cents / 100:.2f}"), today=TODAY, at=AT, by=None)
    elif name == "transfer":
        manual.record(company=company, amount=kes(cents) / 100, reference=f"{pick}", at=AT, by=people[0])
    elif invoice and name == "begin":
        part = kes(cents) / 100 if pick % 2 else None
        payments.begin(invoice=invoice, way=Way(gateway="sandbox"), at=AT, by=None, amount=part)
    elif invoice and name == "void":
        invoices.void(invoice=invoice, reason="x", at=AT, by=None)
    elif invoice and name == "credit":
        credit_notes.issue(invoice=invoice, reason="x", today=TODAY, at=AT, by=None, amount=kes(cents) / 100)
    elif payment and name == "say":
        say(payment, pick)
    elif payment and name == "argue":
        argue(payment, pick, cents)
    elif payment and name == "give_back":
        give_back(payment, pick, cents, *people)


ACTS = ("issue", "issue", "begin", "begin", "say", "say", "say", "transfer", "argue", "give_back", "void", "credit")
STEPS = st.lists(
    st.tuples(st.sampled_from(ACTS), st.integers(1, 500_000), st.integers(0, 40)), min_size=5, max_size=100
)


@pytest.mark.usefixtures("kenyan_vat", "vendor")
class TestAnySequence(TestCase):
    """Whatever is done in whatever order, the books agree, and nobody gets back more than was paid."""

    @settings(max_examples=15)
    @given(steps=STEPS)
    def test_books_agree(self, steps: list[tuple[str, int, int]]) -> None:
        company = CompanyFactory.create()
        asker, decider = (UserFactory.create(is_staff=True, is_superuser=True) for _ in range(2))
        for name, cents, pick in steps:
            try:
                with transaction.atomic():
                    act(company, (asker, decider), name, cents, pick)
            except DomainError:
                continue
        assert difference() == ""
        for refund in Refund.objects.select_related("payment"):
            assert refund.amount <= (refund.payment.received_amount or 0)
