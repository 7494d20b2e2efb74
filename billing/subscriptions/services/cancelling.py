"""Ending a subscription, now or with the period, and taking that back."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from djmoney.money import Money

from billing.invoicing.models import Invoice, InvoiceLine
from billing.invoicing.services import credit_notes
from billing.subscriptions.models import Quote, Subscription, SubscriptionPeriod
from billing.subscriptions.models.subscriptions import SOURCE
from billing.subscriptions.reckoning import whole
from billing.subscriptions.services import access, advancing, items, locking, quoting, telling
from billing.subscriptions.services.quoting import QuoteOutdated, Terms
from portal.accounts.models import User
from portal.accounts.roles import NotAllowed
from portal.accounts.services import overrides
from portal.activity import services as activity
from portal.core.errors import Conflict, DomainError

Status = Subscription.Status


class ReasonMissing(DomainError):
    """Whoever cancels says why."""

    code = "reason_missing"


class NotCancellable(Conflict):
    """It has ended, or ends already."""

    code = "not_cancellable"


class NotResumable(Conflict):
    """Nothing of it is to end, or it has ended."""

    code = "not_resumable"


@transaction.atomic
def quote(
    *,
    subscription: Subscription,
    reason: str,
    by: User,
    at: datetime,
    comment: str = "",
    at_once: bool = False,
    credits_unused: bool = False,
    override: str | None = None,
) -> Quote:
    """Say what cancelling means: with the period's end nothing is charged, at once nothing is given back.

    Staff, by an override, may give back the unused part (`credits_unused`). `reason` is a `CancelReason`. Raises
    NotAllowed, ReasonMissing, NotCancellable.
    """
    company = quoting.authorise(subscription.company, by, override)
    locked = locking.up_to_date(subscription, at=at)
    if reason not in Subscription.CancelReason.values:
        raise ReasonMissing(_("Say why: it helps us to do better."), field="reason")
    if credits_unused and override is None:
        raise NotAllowed(_("What is unused is given back by our staff alone. Write to us."))
    _check_cancellable(locked, at_once)
    now = whole(at)
    gives_back = credits_unused and at_once and locked.status != Status.TRIALING
    terms = Terms(
        Quote.Action.CANCEL,
        locked.price,
        locked.seats,
        effective_at=now if at_once else locked.period_ends_at,
        period_ends_at=locked.period_ends_at,
        is_at_once=at_once,
        items=[items.unused(locked, at=now)] if gives_back else [],
        cancel_reason=reason,
        cancel_comment=comment.strip()[:500],
    )
    return quoting.make(company=company, subscription=locked, terms=terms, by=by, at=at, override=override)


def confirm(quote: Quote, subscription: Subscription, *, by: User, at: datetime) -> Subscription:
    """Do what a quote that was taken says, with a subscription that is locked. Raises QuoteOutdated."""
    _check_cancellable(subscription, quote.is_at_once)
    subscription.cancel_reason, subscription.cancel_comment = quote.cancel_reason, quote.cancel_comment
    data = {"reason": quote.get_cancel_reason_display(), **overrides.told(quote.override)}
    if quote.is_at_once:
        _give_back(quote, subscription, by=by, at=at)
        end_now(subscription, at=quote.effective_at)
        verb, kind = "subscription.cancelled_at_once", "subscription_cancelled"
    else:
        subscription.cancels_at_period_end = True
        subscription.forget_scheduled_change()
        locking.save(subscription)
        verb, kind = "subscription.cancelling", "subscription_cancelling"
        data["day"] = telling.day(subscription.period_ends_at)
    activity.record(verb=verb, actor=by, company=subscription.company, subject=subscription, data=data, at=at)
    telling.tell([(kind, subscription, at, {})])
    return subscription


def end_now(subscription: Subscription, *, at: datetime) -> None:
    """Cancel a locked subscription at an instant: its last use is charged, its products close."""
    advancing.charge_use_now(subscription, until=min(at, subscription.suspended_at or at), at=at)
    current = SubscriptionPeriod.objects.filter(subscription=subscription, starts_at=subscription.period_starts_at)
    current.filter(starts_at__lt=at).update(ends_at=at)
    subscription.forget_scheduled_change()
    subscription.cancel(at=at)
    locking.save(subscription)
    access.follow([subscription.company_id], at=at)


@transaction.atomic
def quote_resuming(*, subscription: Subscription, by: User, at: datetime, override: str | None = None) -> Quote:
    """Say what going on means: nothing is charged before the next period. Raises NotAllowed, NotResumable."""
    company = quoting.authorise(subscription.company, by, override)
    locked = locking.up_to_date(subscription, at=at)
    _check_resumable(locked)
    ends_at = locked.period_ends_at
    terms = Terms(
        Quote.Action.RESUME, locked.price, locked.seats, whole(at), ends_at, trial_ends_at=locked.trial_ends_at
    )
    return quoting.make(company=company, subscription=locked, terms=terms, by=by, at=at, override=override)


def resume(quote: Quote, subscription: Subscription, *, by: User, at: datetime) -> Subscription:
    """Let a locked subscription that was to end go on, as a quote that was taken says. Raises NotResumable."""
    _check_resumable(subscription)
    subscription.cancels_at_period_end, subscription.renews_automatically = False, True
    subscription.cancel_reason = subscription.cancel_comment = ""
    locking.save(subscription)
    data = overrides.told(quote.override)
    activity.record(
        verb="subscription.resumed", actor=by, company=subscription.company, subject=subscription, data=data, at=at
    )
    telling.tell([("subscription_resumed", subscription, at, {})])
    return subscription


@transaction.atomic
def stop_renewing(*, subscription: Subscription, by: User, at: datetime, override: str | None = None) -> Subscription:
    """Let it run out with the period, without a reason; `quote_resuming` takes it back. Twice is once.

    Raises NotAllowed, NotCancellable.
    """
    quoting.authorise(subscription.company, by, override)
    locked = locking.up_to_date(subscription, at=at)
    if not locked.is_live or locked.cancels_at_period_end:
        raise NotCancellable(_("This subscription ends already."))
    if locked.renews_automatically:
        locked.renews_automatically = False
        locked.forget_scheduled_change()
        locking.save(locked)
        data = {"day": telling.day(locked.period_ends_at), **overrides.told(override)}
        activity.record(verb="subscription.stopped", actor=by, company=locked.company, subject=locked, data=data, at=at)
    return locked


def _check_cancellable(subscription: Subscription, at_once: bool) -> None:
    if not subscription.is_live:
        raise NotCancellable(_("This subscription has ended."))
    if subscription.cancels_at_period_end and not at_once:
        words = {"day": telling.day(subscription.period_ends_at)}
        raise NotCancellable(_("This subscription ends on %(day)s already.") % words)


def _check_resumable(subscription: Subscription) -> None:
    if not subscription.is_live:
        raise NotResumable(_("This subscription has ended. Subscribe again instead."))
    if not subscription.ends_by_itself:
        raise NotResumable(_("This subscription goes on: there is nothing to resume."))


def _give_back(quote: Quote, subscription: Subscription, *, by: User, at: datetime) -> None:
    """Credit exactly what was quoted, on the invoices of the subscription, the last first. Raises QuoteOutdated."""
    left = -quote.total
    for invoice, most in _billed(subscription):
        amount = min(left, most)
        if amount.amount > 0:
            reason = _("%(plan)s was cancelled: the unused part.") % {"plan": items.name_of(subscription.plan)}
            credit_notes.issue(
                invoice=invoice, reason=reason, amount=amount, today=timezone.localdate(at), at=at, by=by
            )
            left -= amount
    if left.amount > 0:
        raise QuoteOutdated(_("The period is not invoiced yet, so nothing can be given back. Try again tomorrow."))


def _billed(subscription: Subscription) -> list[tuple[Invoice, Money]]:
    """Invoices of the current period, the last first, each with the most that can be given back of it."""
    first = timezone.localdate(subscription.period_starts_at)
    lines = InvoiceLine.objects.filter(
        source__startswith=f"{SOURCE}{subscription.public_id} ",
        invoice__status__in=credit_notes.CREDITABLE,
        starts_on__gte=first,
    )
    sums: dict[int, Decimal] = {}
    invoices: dict[int, Invoice] = {}
    for line in lines.select_related("invoice").order_by("-invoice__issued_at", "-invoice"):
        invoices[line.invoice_id] = line.invoice
        sums[line.invoice_id] = sums.get(line.invoice_id, Decimal(0)) + line.net_amount + line.tax_amount
    return [(invoice, min(invoice.money(sums[pk]), credit_notes.left_of(invoice))) for pk, invoice in invoices.items()]
