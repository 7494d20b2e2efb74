"""Payments that staff let go out: a gateway that draws an invoice of its own (Wave) keeps a draft until they agree.

The payment is the job: what was decided is carried out when the gateway is asked for it next, which is at once.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from billing.payments.gateways.base import Outcome, Releasing, State, gateways
from billing.payments.models import Payment
from billing.payments.services import payers
from portal.approvals import services as approvals
from portal.approvals.models import Approval
from portal.core import money
from portal.core.errors import Conflict

if TYPE_CHECKING:
    from portal.accounts.models import User

KIND = "payment_release"


class NotWaiting(Conflict):
    """The payment has ended meanwhile."""

    code = "not_waiting"


def ask(*, payment: Payment, at: datetime, by: "User | None") -> None:
    """Ask staff, where the payment's gateway waits for them; in the transaction that writes the payment."""
    gateway = gateways.get(payment.gateway)
    if isinstance(gateway, Releasing):
        label = f"{gateway.label}, {payment.invoice or payment}, {money.words(payment.asked_for)}"
        approvals.ask(kind=KIND, subject=payment, by=by, at=at, company=payment.company, label=label)


def withdraw(*, payment: Payment, at: datetime) -> None:
    """Nobody has to decide any more."""
    approvals.cancel_all(waiting=Approval.objects.about(payment), at=at)


def on_decision(approval: Approval, at: datetime) -> None:
    """Have the worker carry it out, in the transaction of the decision. Raises NotWaiting."""
    waiting = Payment.objects.under_way().filter(pk=approval.object_id)
    if not waiting.update(ask_at=at):
        raise NotWaiting(_("This payment has ended meanwhile: there is nothing to decide."))


def carry_out(*, payment: Payment, outcome: Outcome) -> Outcome:
    """Do at the gateway what staff decided of a draft; outside of any transaction. Raises GatewayError."""
    gateway = gateways.get(payment.gateway)
    if outcome.state != State.PENDING or not isinstance(gateway, Releasing):
        return outcome
    approval = Approval.objects.about(payment).filter(kind=KIND).order_by("-pk").first()
    if approval is None or approval.status == Approval.Status.PENDING:
        return outcome
    if approval.status != Approval.Status.APPROVED:
        return gateways.get(payment.gateway).cancel(reference=outcome.reference, key=payment.key)
    email = payers.of(payment.company, payment.gateway).email
    return gateway.release(reference=outcome.reference, email=email)
