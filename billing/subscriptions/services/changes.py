"""Changing plan, interval or seats: at once what goes up, at the period's end what goes down."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from billing.catalog.models import Plan, PlanPrice
from billing.subscriptions.models import Quote, Subscription, SubscriptionPeriod
from billing.subscriptions.reckoning import MONTHS, next_boundary, whole
from billing.subscriptions.services import access, advancing, items, locking, metering, quoting, telling
from billing.subscriptions.services.quoting import Terms
from billing.subscriptions.services.subscribing import check_seats, check_verified, price_of
from portal.accounts.models import User
from portal.accounts.services import overrides
from portal.activity import services as activity
from portal.core.errors import Conflict, DomainError

Status = Subscription.Status


class NothingChanges(DomainError):
    """Plan, interval and seats are those that hold."""

    code = "nothing_changes"


class MoveNotAllowed(DomainError):
    """The family does not let a subscription go there."""

    code = "move_not_allowed"


class NotChangeable(Conflict):
    """It has ended, is about to, or has to be paid first."""

    code = "not_changeable"


@dataclass(frozen=True, slots=True)
class Target:
    """Where a subscription goes."""

    price: PlanPrice
    seats: int

    def is_longer(self, subscription: Subscription) -> bool:
        """Whether periods become longer."""
        return MONTHS[self.price.interval] > MONTHS[subscription.interval]

    def goes_down(self, subscription: Subscription) -> bool:
        """Whether any of it is less than what holds; seats of another plan are not compared."""
        if MONTHS[self.price.interval] < MONTHS[subscription.interval]:
            return True
        if self.price.plan_id != subscription.plan_id:
            return not self.price.plan.is_above(subscription.plan)
        return self.seats < subscription.seats


@transaction.atomic
def quote(
    *,
    subscription: Subscription,
    by: User,
    at: datetime,
    plan: Plan | None = None,
    interval: str = "",
    seats: int | None = None,
    override: str | None = None,
) -> Quote:
    """Say what another plan, interval or number of seats costs; what is left out stays.

    What only goes up holds at once: the unused part of the old price is credited, the rest of the new one charged; a
    longer interval begins a new period. What goes down holds from the period's end, and a change back at the instant
    of the last one at once. In a trial everything holds at once and costs nothing. Raises NotAllowed, ReasonMissing,
    NotChangeable, PlanNotOffered, MoveNotAllowed, VerificationNeeded, SeatsOutOfRange, NothingChanges, MeteredAlready.
    """
    company = quoting.authorise(subscription.company, by, override)
    locked = locking.up_to_date(subscription, at=at)
    _check_changeable(locked)
    target = _target(locked, plan, interval, seats)
    if target.price.plan_id != locked.plan_id:
        metering.check(company, target.price, but=locked)
    terms = _terms(locked, target, whole(at))
    return quoting.make(company=company, subscription=locked, terms=terms, by=by, at=at, override=override)


def confirm(quote: Quote, subscription: Subscription, *, by: User, at: datetime) -> Subscription:
    """Do what a quote that was taken says, with a subscription that is locked."""
    _check_changeable(subscription)
    if quote.price.plan_id != subscription.plan_id:
        metering.check(subscription.company, quote.price, but=subscription)
    if quote.is_at_once:
        before = subscription.plan_id
        _change(quote, subscription)
        locking.save(subscription)
        quoting.charge(quote, subscription, by=by, at=at)
        if subscription.plan_id != before:
            access.follow([subscription.company_id], at=at)
        verb, kind = "subscription.changed", "subscription_changed"
    else:
        subscription.next_price, subscription.next_seats = quote.price, quote.seats
        locking.save(subscription)
        verb, kind = "subscription.change_scheduled", "subscription_change_scheduled"
    words = {"to": items.words(quote.price, quote.seats), "day": telling.day(quote.effective_at)}
    data = {**words, **overrides.told(quote.override)}
    activity.record(verb=verb, actor=by, company=subscription.company, subject=subscription, data=data, at=at)
    telling.tell([(kind, subscription, at, words)])
    return subscription


@transaction.atomic
def withdraw(*, subscription: Subscription, by: User, at: datetime, override: str | None = None) -> Subscription:
    """Let the next period be as the current one. Twice is once. Raises NotAllowed, ReasonMissing."""
    quoting.authorise(subscription.company, by, override)
    locked = locking.up_to_date(subscription, at=at)
    if locked.has_scheduled_change:
        locked.forget_scheduled_change()
        locking.save(locked)
        activity.record(
            verb="subscription.change_withdrawn",
            actor=by,
            company=locked.company,
            subject=locked,
            data=overrides.told(override),
            at=at,
        )
    return locked


def _check_changeable(subscription: Subscription) -> None:
    if subscription.status in (Status.PAST_DUE, Status.SUSPENDED):
        raise NotChangeable(_("An invoice is overdue. Pay it first, then change the subscription."), "payment_due")
    if not subscription.is_live:
        raise NotChangeable(_("This subscription has ended. Subscribe again instead."), "ended")
    if subscription.cancels_at_period_end:
        words = {"day": telling.day(subscription.period_ends_at)}
        raise NotChangeable(_("This subscription ends on %(day)s. Resume it first.") % words, "ends_soon")


def _target(subscription: Subscription, plan: Plan | None, interval: str, seats: int | None) -> Target:
    same_plan = plan is None or plan.pk == subscription.plan_id
    wanted = interval or subscription.interval
    if same_plan and wanted == subscription.interval:
        price = subscription.price
    else:
        price = price_of(subscription.plan if plan is None else plan, wanted, subscription.company)
    if not same_plan and not subscription.plan.may_become(price.plan):
        raise MoveNotAllowed(
            _("A subscription to %(plan)s cannot go to %(other)s. Ask us, and we find a way.")
            % {"plan": items.name_of(subscription.plan), "other": items.name_of(price.plan)},
            field="plan",
        )
    if not same_plan:
        check_verified(subscription.company, price.plan)
    fewest = subscription.contract_seats_min or price.plan.seats_min
    most = subscription.contract_seats_max or price.plan.seats_max
    number = seats if seats is not None else max(subscription.seats, fewest)
    if seats is None and most is not None:
        number = min(number, most)
    check_seats(number, fewest=fewest, most=most)
    if price.pk == subscription.price_id and number == subscription.seats:
        raise NothingChanges(_("That is what you have. Choose another plan, interval or number of seats."))
    return Target(price, number)


def _terms(subscription: Subscription, target: Target, at: datetime) -> Terms:
    ends_at = subscription.period_ends_at
    if subscription.status == Status.TRIALING:
        return Terms(
            Quote.Action.CHANGE, target.price, target.seats, at, ends_at, trial_ends_at=subscription.trial_ends_at
        )
    if target.goes_down(subscription) and not _is_undone(subscription, target, at):
        return Terms(Quote.Action.CHANGE, target.price, target.seats, ends_at, ends_at, is_at_once=False)
    unused = items.unused(subscription, at=at)
    if target.is_longer(subscription):
        ends_at = next_boundary(at, target.price.interval, after=at)
        charged = items.period(target.price, target.seats, starts_at=at, ends_at=ends_at)
    else:
        starts_at = subscription.period_starts_at
        charged = items.rest(target.price, target.seats, at=at, starts_at=starts_at, ends_at=ends_at)
    return Terms(
        Quote.Action.CHANGE,
        target.price,
        target.seats,
        at,
        ends_at,
        items=[unused, charged],
    )


def _is_undone(subscription: Subscription, target: Target, at: datetime) -> bool:
    """Whether this takes a change back at the very instant at which it was made, so that both net to zero."""
    return subscription.changed_at == at and target.price.interval == subscription.interval


def _change(quote: Quote, subscription: Subscription) -> None:
    before, at = subscription.plan_id, quote.effective_at
    if quote.price.plan_id != before:
        # By what the plan that it leaves says; in a trial nothing.
        advancing.charge_use_now(subscription, until=at, at=at)
    restarts = quote.price.interval != subscription.interval and quote.trial_ends_at is None
    subscription.move_to(price=quote.price, seats=quote.seats)
    subscription.changed_at = at
    if subscription.plan_id != before:
        components = advancing.live_components([quote.price])[quote.price_id]
        advancing.switch_components({subscription.pk: components})
    if restarts:
        _restart(subscription, at=at, ends_at=quote.period_ends_at)


def _restart(subscription: Subscription, *, at: datetime, ends_at: datetime) -> None:
    """End the current period and begin one of the new interval; the billing day is that of the change."""
    current = SubscriptionPeriod.objects.filter(subscription=subscription, starts_at=subscription.period_starts_at)
    if subscription.period_starts_at < at:
        current.update(ends_at=at)
    else:
        current.delete()
    subscription.anchor_at = at
    subscription.begin_period(starts_at=at, ends_at=ends_at)
    advancing.new_period(subscription).save(force_insert=True)
