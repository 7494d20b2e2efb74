"""Money of a payment that the payer's bank takes back, and sometimes returns."""

from datetime import datetime

from django.db import transaction

from billing.invoicing.services import invoices, reversals, settlement
from billing.payments.gateways.base import Event, State
from billing.payments.models import Dispute, Payment
from billing.payments.services import outcomes, telling
from portal.activity import services as activity
from portal.core import money
from portal.core.errors import Conflict


class NotPaidYet(Conflict):
    """Only money that arrived can be taken back: the payment's own webhook has to come first."""

    code = "not_paid_yet"


@transaction.atomic
def record(*, payment: Payment, event: Event, at: datetime) -> Dispute:
    """Write down how a dispute stands: money is taken back once, and comes back once when it is won.

    Webhooks come in any order: the first of a dispute opens it, whatever it says; won or lost, it stays so. Raises
    NotPaidYet.
    """
    invoices.lock_company(payment.company_id)
    locked = outcomes.lock(payment)
    if locked.status != Payment.Status.SUCCEEDED or locked.movement is None:
        raise NotPaidYet(f"{locked} is disputed before it is paid.")
    dispute = _opened(locked, event, at)
    state = event.outcome.state if event.outcome else State.PENDING
    if dispute.status != Dispute.Status.OPEN or state == State.PENDING:
        return dispute
    if state == State.SUCCEEDED:
        dispute.win(at=at)
        settlement.receive(
            company=locked.company,
            amount=dispute.money,
            gateway=locked.gateway,
            reference=f"{dispute.reference} won",
            at=at,
            first=[locked.invoice] if locked.invoice else [],
        )
    else:
        dispute.lose(at=at)
    dispute.save(update_fields=["status", "closed_at"])
    _tell_history("payment.dispute_closed", dispute, at, outcome=dispute.get_status_display().lower())
    return dispute


def _opened(payment: Payment, event: Event, at: datetime) -> Dispute:
    """The dispute, with its money taken back."""
    wanted = event.amount or payment.money
    money.total([wanted], payment.currency)
    found = Dispute.objects.filter(gateway=payment.gateway, reference=event.reference)
    if earlier := found.select_for_update(of=("self",)).select_related("company", "payment").first():
        return earlier
    dispute = Dispute.objects.create(
        payment=payment,
        company=payment.company,
        gateway=payment.gateway,
        reference=event.reference,
        currency=payment.currency,
        amount=min(wanted, payment.money).amount,
        reason=str(event.data.get("reason", ""))[:300],
        opened_at=at,
    )
    if payment.movement:
        reversals.take_back(
            payment=payment.movement, amount=dispute.money, gateway=payment.gateway, reference=dispute.reference, at=at
        )
    telling.disputed(dispute, at=at)
    _tell_history("payment.disputed", dispute, at)
    return dispute


def _tell_history(verb: str, dispute: Dispute, at: datetime, **more: str) -> None:
    data = {"amount": money.words(dispute.money), **more}
    activity.record(verb=verb, actor=None, company=dispute.company, subject=dispute, label="", data=data, at=at)
