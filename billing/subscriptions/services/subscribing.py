"""Beginning a subscription."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from billing.catalog.models import Plan, PlanPrice
from billing.subscriptions.models import Quote, Subscription
from billing.subscriptions.reckoning import days_after, next_boundary, whole
from billing.subscriptions.services import access, advancing, items, metering, quoting, telling
from billing.subscriptions.services.quoting import Terms
from portal.accounts.models import Company, Membership, User
from portal.accounts.services import overrides
from portal.activity import services as activity
from portal.core.errors import Conflict, DomainError


class AlreadySubscribed(Conflict):
    """The company has a subscription to a plan of the family."""

    code = "already_subscribed"


class PlanNotOffered(DomainError):
    """The plan cannot be had: by nobody, not by this company, or not in its currency."""

    code = "plan_not_offered"


class VerificationNeeded(DomainError):
    """The plan is for companies that staff have verified."""

    code = "verification_needed"


class SeatsOutOfRange(DomainError):
    """Fewer or more seats than plan or contract allow."""

    code = "seats_out_of_range"


@transaction.atomic
def quote(
    *,
    company: Company,
    plan: Plan,
    interval: str,
    by: User,
    at: datetime,
    seats: int | None = None,
    override: str | None = None,
) -> Quote:
    """Say what subscribing costs: the first period at once, or a trial if the company had none in the family.

    Without `seats` the fewest. Raises NotAllowed, ReasonMissing, PlanNotOffered, VerificationNeeded, SeatsOutOfRange,
    AlreadySubscribed, MeteredAlready.
    """
    locked = quoting.authorise(company, by, override)
    price = price_of(plan, interval, locked)
    check_verified(locked, price.plan)
    number = price.plan.seats_min if seats is None else seats
    check_seats(number, fewest=price.plan.seats_min, most=price.plan.seats_max)
    _check_new(locked, price)
    starts_at = whole(at)
    trial_ends_at = _trial(locked, price.plan, starts_at)
    ends_at = trial_ends_at or next_boundary(starts_at, interval, after=starts_at)
    first = [] if trial_ends_at else [items.period(price, number, starts_at=starts_at, ends_at=ends_at)]
    terms = Terms(
        Quote.Action.SUBSCRIBE,
        price,
        number,
        effective_at=starts_at,
        period_ends_at=ends_at,
        trial_ends_at=trial_ends_at,
        items=first,
        pays_period=True,
    )
    return quoting.make(company=locked, subscription=None, terms=terms, by=by, at=at, override=override)


def confirm(quote: Quote, *, by: User, at: datetime) -> Subscription:
    """Begin the subscription of a quote that was taken, and invoice it. Raises AlreadySubscribed, MeteredAlready."""
    _check_new(quote.company, quote.price)
    started_at = quote.effective_at
    subscription = Subscription(
        company=quote.company,
        family=quote.price.plan.family,
        plan=quote.price.plan,
        price=quote.price,
        seats=quote.seats,
        status=Subscription.Status.TRIALING if quote.trial_ends_at else Subscription.Status.ACTIVE,
        started_at=started_at,
        trial_ends_at=quote.trial_ends_at,
        anchor_at=started_at,
        period_starts_at=started_at,
        period_ends_at=quote.period_ends_at,
        use_charged_until_at=quote.trial_ends_at or started_at,
        subscribed_by=by,
    )
    components = advancing.live_components([quote.price])[quote.price_id]
    subscription.reschedule(is_metered=bool(components))
    subscription.save(force_insert=True)
    advancing.switch_components({subscription.pk: components})
    advancing.new_period(subscription).save(force_insert=True)
    quote.subscription = subscription
    quote.save(update_fields=["subscription"])
    quoting.charge(quote, subscription, by=by, at=at)
    access.follow([subscription.company_id], at=at)
    _grant(subscription, by)
    verb = "subscription.trial_started" if quote.trial_ends_at else "subscription.started"
    activity.record(
        verb=verb,
        actor=by,
        company=subscription.company,
        subject=subscription,
        data=overrides.told(quote.override),
        at=at,
    )
    telling.tell([("subscription_started", subscription, at, {})])
    return subscription


def price_of(plan: Plan, interval: str, company: Company) -> PlanPrice:
    """What the company would pay for the plan from now on. Raises PlanNotOffered."""
    found = Plan.objects.offered().visible_to(company).filter(pk=plan.pk)
    price = (
        PlanPrice.objects.live()
        .filter(plan__in=found, interval=interval, amount_currency=company.currency)
        .select_related("plan__family")
        .first()
    )
    if price is None:
        raise PlanNotOffered(
            _("%(plan)s is not offered %(interval)s in %(currency)s. Choose another plan, or ask us.")
            % {
                "plan": items.name_of(plan),
                "interval": dict(PlanPrice.Interval.choices).get(interval, interval).lower(),
                "currency": company.currency,
            },
            field="plan",
        )
    return price


def check_verified(company: Company, plan: Plan) -> None:
    """Raise VerificationNeeded where the plan is for verified companies, and this one is none."""
    if plan.needs_verification and not company.is_verified:
        raise VerificationNeeded(
            _("%(plan)s is for companies that we have verified. Hand in the papers under Company › Verification first.")
            % {"plan": items.name_of(plan)},
            field="plan",
        )


def check_seats(seats: int, *, fewest: int, most: int | None) -> None:
    """Raise SeatsOutOfRange unless there are as many seats as allowed."""
    if seats < fewest or (most is not None and seats > most):
        limits = {"fewest": fewest, "most": most}
        words = _("Choose %(fewest)s seats or more.") if most is None else _("Choose %(fewest)s to %(most)s seats.")
        raise SeatsOutOfRange(words % limits, field="seats")


def _check_new(company: Company, price: PlanPrice) -> None:
    earlier = Subscription.objects.for_company(company).live().filter(family=price.plan.family).first()
    if earlier is not None:
        raise AlreadySubscribed(
            _("%(company)s has a subscription to %(plan)s already. Change that one instead.")
            % {"company": company, "plan": items.name_of(earlier.plan)}
        )
    metering.check(company, price)


def _trial(company: Company, plan: Plan, starts_at: datetime) -> datetime | None:
    """When the trial ends; None where the plan has none, or the company has used up that of the family."""
    had = Subscription.objects.for_company(company).filter(family=plan.family).exclude(trial_ends_at=None)
    return days_after(starts_at, plan.trial_days) if plan.trial_days and not had.exists() else None


def _grant(subscription: Subscription, by: User) -> None:
    """Let whoever subscribed open the products; the others are granted them one by one."""
    membership = Membership.objects.filter(company=subscription.company, user=by).first()
    if membership is not None:
        access.give(membership=membership, products=subscription.plan.products.all(), by=by)
