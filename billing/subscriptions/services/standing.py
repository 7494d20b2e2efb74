"""How a subscription stands with its invoices: past due, suspended, cancelled unpaid, and all right again.

Dunning, above, says when; what is paid brings everything back at once.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from billing.invoicing.models import Invoice, InvoiceLine
from billing.invoicing.models.invoices import InvoiceQuerySet
from billing.invoicing.services import charges
from billing.invoicing.services.charges import NewCharge
from billing.invoicing.services.invoices import lock_company
from billing.subscriptions.models import Subscription
from billing.subscriptions.models.subscriptions import SOURCE
from billing.subscriptions.reckoning import last_boundary, next_boundary, whole
from billing.subscriptions.services import access, advancing, cancelling, items, locking, telling
from portal.accounts.models import User
from portal.activity import services as activity

Status = Subscription.Status


@transaction.atomic
def mark_past_due(*, subscription: Subscription, at: datetime, by: User | None = None) -> Subscription:
    """An invoice was not paid in time; everything goes on. Once it is past due nothing happens.

    Raises InvalidTransition unless it is active.
    """
    locked = _locked(subscription, at)
    if locked.status != Status.PAST_DUE:
        locked.mark_past_due(at=at)
        _save(locked, "subscription.past_due", "subscription_past_due", at, by)
    return locked


@transaction.atomic
def suspend(*, subscription: Subscription, at: datetime, by: User | None = None) -> Subscription:
    """Close the products until it is paid. Twice is once. Raises InvalidTransition unless it is past due."""
    locked = _locked(subscription, at)
    if locked.status != Status.SUSPENDED:
        locked.suspend(at=at)
        _save(locked, "subscription.suspended", "subscription_suspended", at, by)
        access.follow([locked.company_id], at=at)
    return locked


@transaction.atomic
def cancel_unpaid(*, subscription: Subscription, at: datetime, by: User | None = None) -> Subscription:
    """End what nobody paid; what is owed stays owed. Twice is once, whatever ended it."""
    locked = _locked(subscription, at)
    if locked.is_live:
        locked.cancel_reason = Subscription.CancelReason.UNPAID
        cancelling.end_now(locked, at=whole(at))
        _note(locked, "subscription.cancelled_unpaid", "subscription_cancelled", at, by)
    return locked


@transaction.atomic
def reactivate(*, subscription: Subscription, at: datetime, by: User | None = None) -> Subscription:
    """All is paid: go on, with the products open. What is past due no more, nothing happens to.

    Periods that began while it was suspended are not charged, but for the rest of the one under way.
    """
    locked = _locked(subscription, at)
    if locked.status in (Status.PAST_DUE, Status.SUSPENDED):
        was_suspended = locked.status == Status.SUSPENDED
        if was_suspended:
            # The days since it was suspended are free.
            advancing.charge_use_now(locked, until=locked.suspended_at or at, at=at)
            locked.use_charged_until_at = whole(at)
        locked.reactivate()
        if was_suspended and locked.period_ends_at <= at:
            _begin_late(locked, whole(at))
        _save(locked, "subscription.reactivated", "subscription_reactivated", at, by)
        access.follow([locked.company_id], at=at)
    return locked


def after_payment(*, invoices: Sequence[Invoice], at: datetime) -> list[Subscription]:
    """Reactivate what invoices were for that nobody has to pay any more, unless another of theirs is overdue."""
    companies = {invoice.company_id for invoice in invoices}
    waiting = Subscription.objects.filter(company__in=companies, status__in=(Status.PAST_DUE, Status.SUSPENDED))
    today = timezone.localdate(at)
    back = []
    for subscription in waiting.order_by("pk"):
        own = invoices_of(subscription)
        paid = {invoice.pk for invoice in invoices}
        if own.filter(pk__in=paid).exists() and not own.overdue(today=today).exclude(pk__in=paid).exists():
            back.append(reactivate(subscription=subscription, at=at))
    return back


def invoices_of(subscription: Subscription) -> InvoiceQuerySet:
    """The invoices that have lines for a subscription, drafts left out."""
    lines = InvoiceLine.objects.filter(source__startswith=f"{SOURCE}{subscription.public_id} ")
    return Invoice.objects.exclude(status=Invoice.Status.DRAFT).filter(pk__in=lines.values("invoice"))


def _locked(subscription: Subscription, at: datetime) -> Subscription:
    lock_company(subscription.company_id)
    return locking.up_to_date(subscription, at=at)


def _begin_late(subscription: Subscription, at: datetime) -> None:
    """Begin the period under way at the instant of the payment, at that part of its price."""
    anchor_at, interval = subscription.anchor_at, subscription.interval
    began_at = last_boundary(anchor_at, interval, by=at)
    ends_at = next_boundary(anchor_at, interval, after=at)
    subscription.begin_period(starts_at=at, ends_at=ends_at)
    item = items.rest(subscription.price, subscription.seats, at=at, starts_at=began_at, ends_at=ends_at)
    period = advancing.new_period(subscription)
    period.amount = item.unit_price.amount
    period.save(force_insert=True)
    if item.unit_price.amount:
        owed = NewCharge(subscription.company_id, timezone.localdate(at), items.named(item, subscription.source))
        charges.add([owed], at=at)


def _save(subscription: Subscription, verb: str, kind: str, at: datetime, by: User | None) -> None:
    locking.save(subscription)
    _note(subscription, verb, kind, at, by)


def _note(subscription: Subscription, verb: str, kind: str, at: datetime, by: User | None) -> None:
    activity.record(verb=verb, actor=by, company=subscription.company, subject=subscription, at=at)
    telling.tell([(kind, subscription, at, {})])
