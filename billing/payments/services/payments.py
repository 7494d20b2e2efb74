"""Moving money to us: a row is written, the gateway is called outside of any transaction, what came of it is recorded.

A payment whose outcome is unknown is asked for, never tried again under another key.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import uuid4

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from djmoney.money import Money

from billing.invoicing.models import Invoice
from billing.invoicing.services import drafts, invoices
from billing.payments.gateways.base import (
    UNKNOWN_KEY,
    Gateway,
    GatewayError,
    Item,
    Outcome,
    Releasing,
    Request,
    State,
    gateways,
)
from billing.payments.models import Payment, PaymentMethod
from billing.payments.services import asking, outcomes, payers, releases
from portal.core import money
from portal.core.errors import Conflict, DomainError

if TYPE_CHECKING:
    from portal.accounts.models import User

logger = structlog.get_logger(__name__)
METHOD_EXPIRED = "method_expired"


class NotPayable(Conflict):
    """Only an open invoice can be paid."""

    code = "not_payable"


class AlreadyPaying(Conflict):
    """A payment of this invoice is under way: its outcome is awaited first."""

    code = "already_paying"


class NotSoMuch(DomainError):
    """A payment is more than nothing and at most what is due."""

    code = "not_so_much"


class NoSuchWay(DomainError):
    """This gateway or method cannot be used for this."""

    code = "no_such_way"


class PhoneMissing(DomainError):
    """This gateway asks the customer by phone."""

    code = "phone_missing"


@dataclass(frozen=True, slots=True)
class Way:
    """How somebody wants to pay: with a saved method, or in a way that the gateway offers."""

    method: PaymentMethod | None = None
    gateway: str = ""
    phone: str = ""
    saves_method: bool = False


@transaction.atomic
def begin(
    *,
    invoice: Invoice,
    way: Way,
    at: datetime,
    by: "User | None",
    amount: Money | None = None,
    return_url: str = "",
    is_automatic: bool = False,
    key: str = "",
) -> Payment:
    """Write down that an invoice is to be paid, all that is due or a part; `carry_out` follows after the commit.

    The same `key` again returns the same payment. Raises NotPayable, AlreadyPaying, NotSoMuch, NoSuchWay, PhoneMissing.
    """
    company = invoices.lock_company(invoice.company_id)
    if key and (earlier := Payment.objects.filter(key=key).first()):
        return earlier
    locked = drafts.lock(invoice)
    if locked.status != Invoice.Status.OPEN:
        raise NotPayable(_("This invoice is not open: there is nothing to pay."))
    if Payment.objects.under_way().filter(invoice=locked).exists():
        raise AlreadyPaying(_("A payment of this invoice is under way. Wait for it, or cancel it first."))
    wanted = _checked(amount, due=locked.due)
    gateway = _gateway(way, locked, is_automatic=is_automatic, at=at)
    if gateway.wants_phone and not way.phone and way.method is None:
        raise PhoneMissing(_("Enter the phone number that is to pay."), field="phone")
    if gateway.whole_units:
        wanted = money.round_up_to_unit(wanted)
    payment = Payment(
        company=company,
        invoice=locked,
        currency=locked.currency,
        amount=wanted.amount,
        gateway=gateway.slug,
        method=way.method,
        key=key or f"p-{uuid4().hex}",
        phone=way.phone,
        saves_method=way.saves_method and gateway.can_save,
        is_automatic=is_automatic,
        made_by=by,
        created_at=at,
        ask_at=at + asking.CRASHED,
    )
    payment.return_url = f"{settings.BASE_URL}{return_url or payment.get_absolute_url()}"
    payment.save(force_insert=True)
    releases.ask(payment=payment, at=at, by=by)
    return payment


def carry_out(*, payment: Payment, at: datetime) -> Payment:
    """Call the gateway, once for each payment, and record what came of it; to be called outside of any transaction."""
    fresh = Payment.objects.filter(pk=payment.pk, called_at=None, status=Payment.Status.PENDING)
    if not fresh.update(called_at=at, ask_at=at + asking.CRASHED):
        return _read(payment)
    called = _read(payment)
    try:
        outcome = gateways.get(called.gateway).pay(request_of(called))
    except GatewayError as error:
        # Unknown: `ask` will tell.
        logger.warning("payment_outcome_unknown", payment=str(called.public_id), error=str(error))
        return called
    return outcomes.record(payment=called, outcome=outcome, at=at)


def ask(*, payment: Payment, at: datetime) -> Payment:
    """Ask the gateway what became of a payment whose outcome is not known; outside of any transaction."""
    if not payment.is_under_way:
        return payment
    if payment.called_at is None:
        return carry_out(payment=payment, at=at)
    try:
        outcome = gateways.get(payment.gateway).ask(reference=payment.reference or "", key=payment.key)
        outcome = releases.carry_out(payment=payment, outcome=outcome)
    except GatewayError as error:
        logger.warning("payment_outcome_unknown", payment=str(payment.public_id), error=str(error))
        return outcomes.postpone(payment=payment, at=at)
    if outcome.code == UNKNOWN_KEY and at - payment.called_at < asking.MAY_STILL_ARRIVE:
        return outcomes.postpone(payment=payment, at=at)
    return outcomes.record(payment=payment, outcome=outcome, at=at)


def follow_up(*, payment: Payment, at: datetime) -> Payment:
    """Ask what became of a payment, as the worker does; one that nobody went on with for a day is given up.

    Not so one that a gateway sent the customer as an invoice of its own (Wave): it may be paid until it is due.
    """
    asked = ask(payment=payment, at=at)
    is_left = asked.status == Payment.Status.NEEDS_ACTION and asked.created_at + asking.ABANDONED <= at
    if not is_left or isinstance(gateways.get(asked.gateway), Releasing):
        return asked
    try:
        return cancel(payment=asked, at=at)
    except AlreadyPaying:
        # It moved on, or the gateway is away: it is asked again.
        return _read(asked)


def cancel(*, payment: Payment, at: datetime) -> Payment:
    """Give up a payment that is under way, if the gateway can stop it; outside of any transaction.

    Raises AlreadyPaying when it cannot be stopped.
    """
    stopped = Payment.objects.filter(pk=payment.pk, called_at=None, status=Payment.Status.PENDING)
    outcome = Outcome(State.CANCELLED)
    if not stopped.update(called_at=at):
        try:
            outcome = gateways.get(payment.gateway).cancel(reference=payment.reference or "", key=payment.key)
        except GatewayError as error:
            raise AlreadyPaying(_("It is not known yet what becomes of this payment. Try again soon.")) from error
    ended = outcomes.record(payment=payment, outcome=outcome, at=at)
    if ended.is_under_way:
        raise AlreadyPaying(_("This payment cannot be stopped any more. We tell you how it ends."))
    releases.withdraw(payment=ended, at=at)
    return ended


def pay(*, invoice: Invoice, way: Way, at: datetime, by: "User | None", amount: Money | None = None) -> Payment:
    """Begin a payment and carry it out; outside of any transaction. Raises as `begin`."""
    return carry_out(payment=begin(invoice=invoice, way=way, at=at, by=by, amount=amount), at=at)


def request_of(payment: Payment) -> Request:
    """What the gateway is asked for."""
    invoice = payment.invoice
    lines = invoice.lines.all() if invoice else ()
    return Request(
        key=payment.key,
        amount=payment.asked_for,
        payer=payers.of(payment.company, payment.gateway, method=payment.method, phone=payment.phone),
        description=_("Invoice %(number)s") % {"number": invoice} if invoice else str(payment),
        method=(payment.method.reference or "") if payment.method else "",
        return_url=payment.return_url,
        items=[Item(line.description, f"{line.quantity.normalize():f}", line.price) for line in lines],
        is_unattended=payment.is_automatic,
        saves_method=payment.saves_method,
    )


def _checked(amount: Money | None, *, due: Money) -> Money:
    wanted = due if amount is None else amount
    money.total([wanted], due.currency)
    money.to_minor(wanted)
    if not 0 < wanted.amount <= due.amount:
        words = {"due": money.words(due)}
        raise NotSoMuch(_("Between nothing and %(due)s can be paid of this invoice.") % words, field="amount")
    return wanted


def _gateway(way: Way, invoice: Invoice, *, is_automatic: bool, at: datetime) -> Gateway:
    method = way.method
    slug = method.gateway if method else way.gateway
    gateway = gateways.get(slug) if slug in gateways else None
    if gateway is None or not gateway.is_enabled or not (method or gateway.is_offered):
        raise NoSuchWay(_("This way to pay is not offered."), field="way")
    if gateway.currencies is not None and invoice.currency not in gateway.currencies:
        words = {"gateway": gateway.label, "currency": invoice.currency}
        raise NoSuchWay(_("%(gateway)s does not take %(currency)s.") % words, field="way")
    if method:
        usable = method.company_id == invoice.company_id and method.is_usable
        if not usable or (is_automatic and not gateway.can_charge_saved):
            raise NoSuchWay(_("This payment method cannot be used."), field="way")
        if method.has_expired(today=timezone.localdate(at)):
            raise NoSuchWay(_("This card has expired. Choose or add another one."), METHOD_EXPIRED, field="way")
    return gateway


def _read(payment: Payment) -> Payment:
    return Payment.objects.select_related("company", "invoice", "method").get(pk=payment.pk)
