"""Money that goes back: decided by two, of its own payment alone, never more than it brought."""

from datetime import timedelta
from itertools import permutations

import pytest
from django.db import IntegrityError, transaction
from djmoney.money import Money

from billing.invoicing.models import CreditNote, Invoice
from billing.invoicing.services import credit_notes, invoices, ledger
from billing.payments.gateways.base import About, Event, GatewayError, Outcome, State
from billing.payments.gateways.sandbox.client import Sandbox
from billing.payments.models import Dispute, Payment, Refund
from billing.payments.services import disputes, outcomes, refunds
from portal.accounts.models import Company, User
from portal.approvals import services as approvals
from portal.approvals.models import Approval
from portal.core.errors import DomainError
from portal.notifications.models import Notification
from tests.billing.invoicing.books import AT, TODAY, accounts, difference, kes
from tests.billing.payments.conftest import begun, issued, paid
from tests.portal.core.state_matrix import assert_state_matrix
from tests.portal.core.threads import race

pytestmark = pytest.mark.django_db
BOUNCED = Outcome(State.FAILED, message="The account is closed.")
WHY = "Two users were charged that had left."


def asked(payment: Payment, by: User, amount: Money | None = None) -> tuple[Refund, Approval]:
    refund = refunds.request(payment=payment, reason=WHY, amount=amount, at=AT, by=by)
    return refund, Approval.objects.get(kind="refund", object_id=refund.pk)


def returned(payment: Payment, finance: User, staff: User, amount: Money | None = None) -> Refund:
    refund, approval = asked(payment, finance, amount)
    approvals.approve(approval=approval, by=staff, at=AT)
    refund.refresh_from_db()
    return refunds.carry_out(refund=refund, at=AT)


def test_states() -> None:
    assert_state_matrix(
        lambda state: Refund(status=state or "waiting"),
        {
            "send": {"waiting": "pending"},
            "cancel": {"waiting": "cancelled"},
            "succeed": {"pending": "succeeded"},
            "fail": {"pending": "failed", "succeeded": "failed"},
        },
        arguments={"cancel": {"at": AT}, "succeed": {"at": AT}, "fail": {"message": "m", "at": AT}},
    )
    assert_state_matrix(
        lambda state: Dispute(status=state or "open"),
        {"win": {"open": "won"}, "lose": {"open": "lost"}},
        arguments={"win": {"at": AT}, "lose": {"at": AT}},
    )


def test_whole_refund_credits_the_invoice_and_returns_the_money(
    invoice: Invoice, finance: User, staff: User, owner: User
) -> None:
    payment = paid(invoice)
    refund = returned(payment, finance, staff)
    note = CreditNote.objects.get()
    assert (refund.status, refund.money, refund.credit_note) == ("succeeded", kes(1160), note)
    assert (note.invoice, note.total, note.reason) == (invoice, kes(1160), WHY)
    assert (accounts(), payment.returnable, difference()) == ({}, kes(0), "")
    (told,) = Notification.objects.filter(kind="payment_returned")
    assert told.subject.replace("\N{NO-BREAK SPACE}", " ") == "We return KES 1,160.00 to you"


def test_parts_go_back_until_nothing_is_left(invoice: Invoice, finance: User, staff: User) -> None:
    payment = paid(invoice)
    returned(payment, finance, staff, kes(160))
    returned(payment, finance, staff, kes(1000))
    for amount in (kes("0.01"), None):
        with pytest.raises(refunds.NotReturnable):
            asked(payment, finance, amount)
    assert (Refund.objects.count(), accounts(), difference()) == (2, {}, "")


def test_whoever_asks_does_not_decide(invoice: Invoice, staff: User) -> None:
    refund, approval = asked(paid(invoice), staff)
    with pytest.raises(approvals.MayNotDecide):
        approvals.approve(approval=approval, by=staff, at=AT)
    refund.refresh_from_db()
    assert (refund.status, CreditNote.objects.count()) == ("waiting", 0)


def test_refused_refund_returns_nothing_and_frees_the_amount(invoice: Invoice, finance: User, staff: User) -> None:
    payment = paid(invoice)
    refund, approval = asked(payment, finance)
    assert payment.returnable == kes(0)
    approvals.reject(approval=approval, by=staff, at=AT, comment="No.")
    refund.refresh_from_db()
    assert (refund.status, payment.returnable, difference()) == ("cancelled", kes(1160), "")


@pytest.mark.parametrize("amount", [kes(0), kes(-1), kes("1160.01"), Money(1, "USD")])
def test_never_more_than_was_paid(invoice: Invoice, finance: User, amount: Money) -> None:
    payment = paid(invoice)
    with pytest.raises(DomainError):
        asked(payment, finance, amount)
    assert not Refund.objects.exists()


def test_unpaid_payment_returns_nothing(invoice: Invoice, finance: User) -> None:
    with pytest.raises(refunds.NotReturnable):
        asked(begun(invoice), finance)


def test_what_was_paid_over_is_returned_without_a_credit_note(invoice: Invoice, finance: User, staff: User) -> None:
    payment = begun(invoice)
    payment = outcomes.record(payment=payment, outcome=Outcome(State.SUCCEEDED, amount=kes(1500)), at=AT)
    Sandbox.refund, kept = (lambda *_a, **_k: Outcome(State.SUCCEEDED, reference="re_1")), Sandbox.refund
    try:
        first = returned(payment, finance, staff, kes(300))
        second = returned(payment, finance, staff, kes(100))
    finally:
        Sandbox.refund = kept
    assert (first.credit_note, second.credit_note.total, difference()) == (None, kes(60), "")
    assert ledger.balance_of(invoice.company, "KES") == kes(0)


def test_open_invoice_is_voided_first(invoice: Invoice, finance: User, staff: User) -> None:
    payment = paid(invoice, amount=kes(160))
    refund, approval = asked(payment, finance)
    with pytest.raises(refunds.NotReturnable):
        approvals.approve(approval=approval, by=staff, at=AT)
    invoices.void(invoice=invoice, reason="x", at=AT, by=staff)
    approvals.approve(approval=approval, by=staff, at=AT)
    refund.refresh_from_db()
    assert (refunds.carry_out(refund=refund, at=AT).status, accounts(), difference()) == ("succeeded", {}, "")


def test_money_that_was_used_elsewhere_is_not_returned(
    invoice: Invoice, company: Company, finance: User, staff: User
) -> None:
    payment = paid(invoice)
    _refund, approval = asked(payment, finance)
    credit_notes.issue(invoice=invoice, reason="x", today=TODAY, at=AT, by=staff)
    issued(company, "1000")
    with pytest.raises(refunds.NotReturnable):
        approvals.approve(approval=approval, by=staff, at=AT)
    assert (Refund.objects.get().status, difference()) == ("waiting", "")


def test_refund_that_the_gateway_refuses_becomes_balance(
    invoice: Invoice, finance: User, staff: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Sandbox, "refund", lambda *_a, **_k: Outcome(State.FAILED, message="The card is gone."))
    refund = returned(paid(invoice), finance, staff)
    assert (refund.status, refund.failure_message) == ("failed", "The card is gone.")
    assert (ledger.balance_of(invoice.company, "KES"), difference()) == (kes(1160), "")


def test_refund_that_comes_back_weeks_later_is_booked_back_once_and_told(
    invoice: Invoice, company: Company, finance: User, staff: User, owner: User, support: User, viewer: User
) -> None:
    refund = returned(paid(invoice), finance, staff)
    assert (refund.status, accounts()) == ("succeeded", {})
    late = AT + timedelta(days=40)
    for outcome in (BOUNCED, BOUNCED, Outcome(State.SUCCEEDED), Outcome(State.PENDING)):
        refund = refunds.record(refund=refund, outcome=outcome, at=late)
        assert (refund.status, refund.failure_message, refund.closed_at) == ("failed", "The account is closed.", late)
    assert (ledger.balance_of(company, "KES"), accounts()["cash sandbox"], difference()) == (kes(1160), "1160.00", "")
    told = {
        kind: set(Notification.objects.filter(kind=kind).values_list("recipient__email", flat=True))
        for kind in ("payment_return_failed", "refund_failed")
    }
    assert told == {"payment_return_failed": {owner.email}, "refund_failed": {finance.email, staff.email}}
    assert Notification.objects.filter(kind__in=told).count() == 3
    # It can be returned again, as what was not returned yet, and no second credit note says so.
    again, approval = asked(Payment.objects.get(), finance)
    approvals.approve(approval=approval, by=staff, at=late)
    again.refresh_from_db()
    again = refunds.record(refund=again, outcome=Outcome(State.SUCCEEDED, reference="re_2"), at=late)
    assert (again.status, again.credit_note, CreditNote.objects.count()) == ("succeeded", None, 1)
    assert (ledger.balance_of(company, "KES"), difference()) == (kes(0), "")


@pytest.mark.parametrize("order", list(permutations(["pending", "succeeded", "failed"])))
def test_what_a_gateway_says_of_a_refund_comes_in_any_order(
    order: tuple[str, ...], invoice: Invoice, company: Company, finance: User, staff: User
) -> None:
    refund, approval = asked(paid(invoice), finance)
    approvals.approve(approval=approval, by=staff, at=AT)
    refund.refresh_from_db()
    for state in order:
        refund = refunds.record(refund=refund, outcome=Outcome(State(state), reference="re_1"), at=AT)
    assert (refund.status, ledger.balance_of(company, "KES"), difference()) == ("failed", kes(1160), "")
    assert Notification.objects.filter(kind="refund_failed", recipient=finance).count() == 1


def test_database_keeps_a_refund_that_failed(invoice: Invoice, finance: User, staff: User) -> None:
    refund = returned(paid(invoice), finance, staff)
    refunds.record(refund=refund, outcome=BOUNCED, at=AT)
    rows = Refund.objects.filter(pk=refund.pk)
    for change in ({"status": "succeeded"}, {"status": "pending"}, {"amount": 1}):
        with pytest.raises(IntegrityError, match="what has failed stays so"), transaction.atomic():
            rows.update(**change)
    with pytest.raises(IntegrityError, match="what has failed stays so"), transaction.atomic():
        rows.delete()


def test_refund_that_nobody_knew_and_that_was_made_after_all_is_left_to_people(
    invoice: Invoice, finance: User, staff: User
) -> None:
    refund, approval = asked(paid(invoice), finance)
    approvals.approve(approval=approval, by=staff, at=AT)
    refund.refresh_from_db()
    refunds.record(refund=refund, outcome=Outcome(State.FAILED), at=AT)
    with pytest.raises(refunds.ReturnedAfterAll):
        refunds.record(refund=refund, outcome=Outcome(State.SUCCEEDED, reference="re_1"), at=AT)
    refund.refresh_from_db()
    assert (refund.status, refund.reference, difference()) == ("failed", None, "")


def test_unknown_refund_is_asked_for(
    invoice: Invoice, finance: User, staff: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Sandbox.refund

    def lose(gateway: Sandbox, **asked_for: object) -> Outcome:
        real(gateway, **asked_for)
        raise GatewayError("lost")

    monkeypatch.setattr(Sandbox, "refund", lose)
    refund = returned(paid(invoice), finance, staff)
    assert refund.status == "pending"
    assert (refunds.ask(refund=refund, at=AT).status, difference()) == ("succeeded", "")


@pytest.mark.django_db(transaction=True)
def test_many_requests_at_once_take_no_more_than_there_is(company: Company, finance: User) -> None:
    payment = paid(issued(company, "1000"))
    results = race(lambda _number: asked(payment, finance, kes(500)), threads=6)
    refused = [result for result in results if isinstance(result, refunds.NotReturnable)]
    assert (len(refused), Refund.objects.count(), payment.returnable) == (4, 2, kes(160))


def dispute(payment: Payment, state: State = State.PENDING, reference: str = "dp_1") -> Dispute:
    event = Event("e", "dispute", About.DISPUTE, AT, reference=reference, outcome=Outcome(state), amount=payment.money)
    return disputes.record(payment=payment, event=event, at=AT)


def test_money_taken_back_is_due_again_until_the_dispute_is_won(invoice: Invoice, owner: User) -> None:
    payment = paid(invoice)
    dispute(payment)
    invoice.refresh_from_db()
    assert (invoice.status, invoice.due, invoice.closed_at) == ("open", kes(1160), None)
    assert (payment.returnable, difference()) == (kes(0), "")
    assert Notification.objects.filter(kind="payment_disputed", recipient=owner).count() == 1
    won = dispute(payment, State.SUCCEEDED)
    invoice.refresh_from_db()
    assert (won.status, invoice.status, difference()) == ("won", "paid", "")


@pytest.mark.parametrize("states", [(State.FAILED,), (State.FAILED, State.PENDING), (State.PENDING, State.FAILED)])
def test_dispute_is_booked_once_in_any_order(invoice: Invoice, states: tuple[State, ...]) -> None:
    payment = paid(invoice)
    for state in (*states, *states):
        lost = dispute(payment, state)
    invoice.refresh_from_db()
    assert (lost.status, invoice.status, invoice.due, difference()) == ("lost", "open", kes(1160), "")


def test_balance_goes_first_and_what_no_invoice_takes_is_lost(invoice: Invoice, finance: User, staff: User) -> None:
    payment = begun(invoice)
    payment = outcomes.record(payment=payment, outcome=Outcome(State.SUCCEEDED, amount=kes(1500)), at=AT)
    dispute(payment)
    invoice.refresh_from_db()
    assert (invoice.due, ledger.balance_of(invoice.company, "KES"), difference()) == (kes(1160), kes(0), "")
    other = paid(issued(invoice.company, "100"))
    invoices.void(invoice=Invoice.objects.get(pk=invoice.pk), reason="x", at=AT, by=staff)
    dispute(other, reference="dp_2")
    assert difference() == ""


def test_dispute_before_the_payment_waits(invoice: Invoice) -> None:
    with pytest.raises(disputes.NotPaidYet):
        dispute(begun(invoice))
    assert not Dispute.objects.exists()
