"""Returning money of a payment: asked for by staff, decided by somebody else, then sent by the gateway."""

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import uuid4

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from djmoney.money import Money

from billing.invoicing.models import Invoice, LedgerEntry
from billing.invoicing.services import credit_notes, invoices, reversals, settlement
from billing.payments.gateways.base import UNKNOWN_KEY, GatewayError, Outcome, State, gateways
from billing.payments.models import Payment, Refund
from billing.payments.services import asking, outcomes, telling
from portal.activity import services as activity
from portal.approvals import services as approvals
from portal.core import money
from portal.core.errors import Conflict, DomainError
from portal.core.money import round_half_up

if TYPE_CHECKING:
    from portal.accounts.models import User
    from portal.approvals.models import Approval

logger = structlog.get_logger(__name__)
KIND = "refund"
NEVER_ARRIVED = (State.FAILED, State.CANCELLED)
RECORDED = ["status", "reference", "failure_message", "closed_at", "ask_at", "asked", "credit_note", "called_at"]


class NotReturnable(DomainError):
    """No more goes back than this payment brought, less what was returned of it already."""

    code = "not_returnable"


class ReasonMissing(DomainError):
    """Whoever returns money says why."""

    code = "reason_missing"


class ReturnedAfterAll(Conflict):
    """The gateway did not know a refund, and now says that it was made: somebody has to look."""

    code = "returned_after_all"


class NotSentYet(Conflict):
    """The refund is not on its way."""

    code = "not_sent_yet"


@transaction.atomic
def request(*, payment: Payment, reason: str, at: datetime, by: "User", amount: Money | None = None) -> Refund:
    """Ask for money of one payment to be returned, all that is left of it or a part; somebody else decides.

    Raises NotReturnable, ReasonMissing, CurrencyMismatch.
    """
    invoices.lock_company(payment.company_id)
    locked = outcomes.lock(payment)
    if not reason.strip():
        raise ReasonMissing(_("Say why: the reason stands on the credit note."), field="reason")
    left = locked.returnable
    wanted = left if amount is None else amount
    money.total([wanted], left.currency)
    money.to_minor(wanted)
    if not 0 < wanted.amount <= left.amount:
        words = {"left": money.words(left)}
        raise NotReturnable(_("Of this payment %(left)s can be returned.") % words, field="amount")
    refund = Refund.objects.create(
        payment=locked,
        company=locked.company,
        key=f"r-{uuid4().hex}",
        currency=locked.currency,
        amount=wanted.amount,
        reason=reason.strip()[:300],
        made_by=by,
        created_at=at,
    )
    label = f"{money.words(wanted)} – {locked.company}"
    approvals.ask(kind=KIND, subject=refund, by=by, at=at, company=locked.company, label=label)
    return refund


def on_approve(approval: "Approval", at: datetime) -> None:
    """Credit what is returned, book it, and leave it to the worker to send; in the transaction of the decision.

    Raises NotReturnable while the invoice is open, and when the money was used for something else since.
    """
    refund = _locked(approval.object_id)
    credit(refund, at)
    try:
        settlement.give_back(
            company=refund.company,
            amount=refund.money,
            gateway=refund.payment.gateway,
            reference=refund.key,
            at=at,
            by=approval.decided_by,
        )
    except settlement.NotEnoughBalance as error:
        raise NotReturnable(_("The company has used this money for other invoices: credit those first.")) from error
    refund.send()
    refund.ask_at = at
    refund.save(update_fields=RECORDED)
    telling.returned(refund, at=at)


def on_reject(approval: "Approval", at: datetime) -> None:
    """Return nothing."""
    refund = _locked(approval.object_id)
    refund.cancel(at=at)
    refund.save(update_fields=RECORDED)


def carry_out(*, refund: Refund, at: datetime) -> Refund:
    """Have the gateway send it, once; where no gateway can, staff send it and say so (`sent`)."""
    client = gateways.get(refund.payment.gateway)
    if not client.can_refund:
        Refund.objects.filter(pk=refund.pk).update(ask_at=None)
        return _read(refund)
    fresh = Refund.objects.filter(pk=refund.pk, called_at=None, status=Refund.Status.PENDING)
    if not fresh.update(called_at=at, ask_at=at + asking.CRASHED):
        return _read(refund)
    called = _read(refund)
    try:
        outcome = client.refund(
            payment=called.payment.reference or "", amount=called.money, key=called.key, reason=called.reason
        )
    except GatewayError as error:
        logger.warning("refund_outcome_unknown", refund=str(called.public_id), error=str(error))
        return called
    return record(refund=called, outcome=outcome, at=at)


def ask(*, refund: Refund, at: datetime) -> Refund:
    """Ask the gateway what became of a refund on its way; outside of any transaction."""
    if refund.status != Refund.Status.PENDING:
        return refund
    if refund.called_at is None:
        return carry_out(refund=refund, at=at)
    try:
        outcome = gateways.get(refund.payment.gateway).ask_refund(reference=refund.reference or "", key=refund.key)
    except GatewayError as error:
        logger.warning("refund_outcome_unknown", refund=str(refund.public_id), error=str(error))
        outcome = Outcome(State.PENDING)
    if outcome.code == UNKNOWN_KEY and at - refund.called_at < asking.MAY_STILL_ARRIVE:
        outcome = Outcome(State.PENDING)
    return record(refund=refund, outcome=outcome, at=at)


@transaction.atomic
def record(*, refund: Refund, outcome: Outcome, at: datetime) -> Refund:
    """Write down what the gateway said; what did not arrive, or came back later, is the company's balance.

    Order does not matter, as states only rise: on its way, returned, failed. Raises ReturnedAfterAll.
    """
    invoices.lock_company(refund.company_id)
    locked = _locked(refund.pk)
    was_known = locked.reference is not None
    locked.reference = locked.reference or outcome.reference or None
    if outcome.state == State.SUCCEEDED and locked.status == Refund.Status.PENDING:
        locked.succeed(at=at)
    elif outcome.state == State.SUCCEEDED and locked.status == Refund.Status.FAILED and not was_known:
        raise ReturnedAfterAll(_("This refund failed, as the gateway did not know it; now it says that it was made."))
    elif outcome.state in NEVER_ARRIVED and locked.status in (Refund.Status.PENDING, Refund.Status.SUCCEEDED):
        _fail(locked, outcome.message or _("The gateway refused."), at)
    locked.asked += 1
    is_open = locked.status == Refund.Status.PENDING
    locked.ask_at = asking.next_time(locked.asked, at=at) if is_open else None
    locked.save(update_fields=RECORDED)
    return locked


@transaction.atomic
def sent(*, refund: Refund, reference: str, at: datetime, by: "User") -> Refund:
    """Staff have returned the money themselves, under this reference of the bank. Raises NotSentYet."""
    invoices.lock_company(refund.company_id)
    locked = _locked(refund.pk)
    if locked.status != Refund.Status.PENDING or gateways.get(locked.payment.gateway).can_refund:
        raise NotSentYet(_("This refund does not wait for a transfer."))
    locked.succeed(at=at)
    locked.reference, locked.ask_at = reference.strip()[:200] or None, None
    locked.save(update_fields=RECORDED)
    return locked


def credit(refund: Refund, at: datetime) -> None:
    """Credit so much of the invoice as the payment has paid of it; what it brought beyond is in the balance.

    Raises NotReturnable while the invoice is open.
    """
    invoice = Invoice.objects.get(pk=refund.payment.invoice_id) if refund.payment.invoice_id else None
    if invoice is None:
        return
    if invoice.status == Invoice.Status.OPEN:
        raise NotReturnable(_("The invoice is still open. Void it first; what was paid of it can be returned then."))
    missing = refund.money - min(_kept_over(refund), refund.money)
    if invoice.status == Invoice.Status.PAID:
        # What was credited by itself before is in the balance already.
        missing = min(missing, credit_notes.left_of(invoice))
        if missing.amount:
            refund.credit_note = credit_notes.issue(
                invoice=invoice,
                reason=refund.reason,
                amount=missing,
                today=timezone.localdate(at),
                at=at,
                by=refund.made_by,
            )


def _kept_over(refund: Refund) -> Money:
    """What the payment brought beyond its invoices, less what went back of that."""
    movement = refund.payment.movement
    entries = movement.entries.filter(account=LedgerEntry.Account.CUSTOMER_BALANCE) if movement else None
    over = -entries.total() if entries is not None else Decimal(0)
    others = refund.payment.refunds.filter(status__in=["pending", "succeeded"]).exclude(pk=refund.pk)
    for other in others.select_related("credit_note"):
        over -= other.amount - (other.credit_note.total_amount if other.credit_note else 0)
    return round_half_up(Money(max(over, Decimal(0)), refund.currency))


def _fail(refund: Refund, message: str, at: datetime) -> None:
    refund.fail(message=message, at=at)
    gateway = refund.payment.gateway
    reversals.refund_came_back(
        company=refund.company, amount=refund.money, gateway=gateway, reference=refund.key, at=at
    )
    data = {"amount": money.words(refund.money)}
    activity.record(
        verb="refund.failed", actor=None, company=refund.company, subject=refund, label="", data=data, at=at
    )
    telling.not_returned(refund, at=at)


def _locked(pk: int) -> Refund:
    rows = Refund.objects.select_for_update(of=("self",))
    return rows.select_related("company", "payment__movement", "made_by").get(pk=pk)


def _read(refund: Refund) -> Refund:
    return Refund.objects.select_related("company", "payment").get(pk=refund.pk)
