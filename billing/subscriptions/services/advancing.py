"""What time does to subscriptions: use charged, trials converted, periods renewed, ends that have come.

Everything is worked out in memory from rows that the open transaction has locked, period by period up to an instant,
and then written in a handful of statements, however many subscriptions and missed periods there are.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone

from billing.catalog.models import MeteredComponent, PlanPrice
from billing.invoicing.services import charges
from billing.invoicing.services.charges import NewCharge
from billing.subscriptions.models import Subscription, SubscriptionComponent, SubscriptionPeriod
from billing.subscriptions.models.periods import period_source
from billing.subscriptions.reckoning import next_boundary
from billing.subscriptions.registry import Use
from billing.subscriptions.services import access, items, telling, use
from billing.subscriptions.services.use import Window
from portal.activity import services as activity

Status = Subscription.Status
# What a renewal without anything else changes.
RENEWED = ("period_starts_at", "period_ends_at", "use_charged_until_at", "due_at", "version")


@dataclass(slots=True)
class Turn:
    """What comes of a number of subscriptions, to be written at once; `counts` by what happened."""

    components: dict[int, list[MeteredComponent]]
    counts: Counter[str] = field(default_factory=Counter)
    periods: list[SubscriptionPeriod] = field(default_factory=list)
    owed: list[NewCharge] = field(default_factory=list)
    windows: list[Window] = field(default_factory=list)
    events: list[activity.NewEvent] = field(default_factory=list)
    told: list[tuple[str, Subscription, datetime, dict[str, str]]] = field(default_factory=list)
    renewed: set[int] = field(default_factory=set)
    moved: set[int] = field(default_factory=set)
    switched: set[int] = field(default_factory=set)

    def is_metered(self, subscription: Subscription) -> bool:
        """Whether it pays for use."""
        return bool(self.components.get(subscription.pk))

    def note(self, verb: str, subscription: Subscription, at: datetime, kind: str = "") -> None:
        """Remember what happened, and what its payers are told."""
        self.counts[verb] += 1
        self.events.append(
            activity.event(
                verb=f"subscription.{verb}", actor=None, company=subscription.company, subject=subscription, at=at
            )
        )
        if kind:
            self.told.append((kind, subscription, at, {}))


def advance(subscriptions: Collection[Subscription], *, until: datetime) -> Counter[str]:
    """Do all that is due before an instant with subscriptions that the open transaction has locked, and save it.

    They have been read with company, price, plan, family and next price. Returns what was done, and how often.
    """
    turn = Turn(components_of(subscriptions))
    for subscription in subscriptions:
        while subscription.due_at is not None and subscription.due_at < until:
            _step(subscription, turn)
            subscription.reschedule(is_metered=turn.is_metered(subscription))
        subscription.version += 1
    _write(subscriptions, turn, until)
    return turn.counts


def components_of(subscriptions: Iterable[Subscription]) -> dict[int, list[MeteredComponent]]:
    """What each pays for use, by its key."""
    found: dict[int, list[MeteredComponent]] = defaultdict(list)
    rows = SubscriptionComponent.objects.filter(subscription__in=[row.pk for row in subscriptions])
    for row in rows.select_related("component__metric").order_by("component__metric__position", "pk"):
        found[row.subscription_id].append(row.component)
    return found


def live_components(prices: Iterable[PlanPrice]) -> dict[int, list[MeteredComponent]]:
    """What whoever begins with each price now pays for use, by the key of the price."""
    wanted = list(prices)
    rows = MeteredComponent.objects.live().filter(plan__in={price.plan_id for price in wanted}).select_related("metric")
    live = list(rows) if wanted else []
    return {
        price.pk: [
            row for row in live if row.plan_id == price.plan_id and row.unit_price.currency == price.amount.currency
        ]
        for price in wanted
    }


def charge_use(subscription: Subscription, *, until: datetime, turn: Turn) -> None:
    """Ask for the use since it was charged last, up to an instant."""
    starts_at = subscription.use_charged_until_at
    if until > starts_at:
        turn.windows += [
            Window(Use(subscription, component.metric, starts_at, until), component)
            for component in turn.components.get(subscription.pk, [])
        ]
        subscription.use_charged_until_at = until


def charge_use_now(subscription: Subscription, *, until: datetime, at: datetime) -> None:
    """Write down what is owed for use up to an instant, of one subscription that is locked."""
    turn = Turn(components_of([subscription]))
    charge_use(subscription, until=until, turn=turn)
    owe(turn, at=at)


def end(subscription: Subscription, *, at: datetime, turn: Turn, is_expiry: bool = False) -> None:
    """End a subscription; its last use is charged, but for what was free or closed."""
    if subscription.status != Status.TRIALING:
        charge_use(subscription, until=min(at, subscription.suspended_at or at), turn=turn)
    if is_expiry:
        subscription.expire(at=at)
        turn.note("expired", subscription, at, "subscription_expired")
    else:
        subscription.cancel(at=at)
        turn.note("cancelled", subscription, at, "subscription_cancelled")
    turn.moved.add(subscription.pk)


def _step(subscription: Subscription, turn: Turn) -> None:
    """The next thing that is due; use comes before what ends with the same instant."""
    use_due_at = subscription.use_due_at(is_metered=turn.is_metered(subscription))
    if use_due_at is not None and use_due_at <= subscription.period_ends_at:
        charge_use(subscription, until=use_due_at, turn=turn)
    elif subscription.ends_by_itself:
        at = subscription.period_ends_at
        end(subscription, at=at, turn=turn, is_expiry=not subscription.cancels_at_period_end)
    elif subscription.status == Status.TRIALING:
        _convert(subscription, turn)
    else:
        _renew(subscription, turn)


def _convert(subscription: Subscription, turn: Turn) -> None:
    at = subscription.period_ends_at
    subscription.convert()
    subscription.anchor_at = subscription.use_charged_until_at = at
    turn.moved.add(subscription.pk)
    _begin(subscription, turn)
    turn.note("converted", subscription, at, "subscription_renewed")


def _renew(subscription: Subscription, turn: Turn) -> None:
    at = subscription.period_ends_at
    if subscription.has_scheduled_change:
        price = subscription.next_price or subscription.price
        if price.plan_id != subscription.plan_id:
            turn.switched.add(subscription.pk)
        subscription.move_to(price=price, seats=subscription.next_seats or subscription.seats)
        turn.components[subscription.pk] = _components_after(subscription, turn)
        turn.moved.add(subscription.pk)
        turn.note("changed", subscription, at, "subscription_changed")
    _begin(subscription, turn)
    turn.renewed.add(subscription.pk)
    turn.note("renewed", subscription, at, "subscription_renewed")


def _components_after(subscription: Subscription, turn: Turn) -> list[MeteredComponent]:
    if subscription.pk not in turn.switched:
        return turn.components.get(subscription.pk, [])
    return live_components([subscription.price])[subscription.price_id]


def _begin(subscription: Subscription, turn: Turn) -> None:
    """Begin the period after the current one, and charge it."""
    starts_at = subscription.period_ends_at
    ends_at = next_boundary(subscription.anchor_at, subscription.interval, after=starts_at)
    subscription.begin_period(starts_at=starts_at, ends_at=ends_at)
    turn.periods.append(new_period(subscription))
    source = period_source(str(subscription.public_id), starts_at)
    item = items.period(subscription.price, subscription.seats, starts_at=starts_at, ends_at=ends_at, source=source)
    if item.unit_price.amount:
        turn.owed.append(NewCharge(subscription.company_id, timezone.localdate(starts_at), item))


def new_period(subscription: Subscription) -> SubscriptionPeriod:
    """The row of the current period."""
    is_trial = subscription.status == Status.TRIALING
    return SubscriptionPeriod(
        subscription=subscription,
        starts_at=subscription.period_starts_at,
        ends_at=subscription.period_ends_at,
        price=subscription.price,
        seats=subscription.seats,
        is_trial=is_trial,
        amount=0 if is_trial else subscription.amount.amount,
    )


def owe(turn: Turn, *, at: datetime) -> None:
    """Write down what is owed for periods, and for use by what its readers know."""
    charges.add([*turn.owed, *use.charged(turn.windows)], at=at)


def _write(subscriptions: Collection[Subscription], turn: Turn, at: datetime) -> None:
    owe(turn, at=at)
    SubscriptionPeriod.objects.bulk_create(turn.periods)
    _save(subscriptions, turn)
    switch_components({row.pk: turn.components.get(row.pk, []) for row in subscriptions if row.pk in turn.switched})
    activity.record_many(turn.events)
    telling.tell(turn.told)
    if turn.moved:
        access.follow({row.company_id for row in subscriptions if row.pk in turn.moved}, at=at)


def _save(subscriptions: Collection[Subscription], turn: Turn) -> None:
    """Save them; those that were only renewed with the few columns that this changes."""
    whole = [row for row in subscriptions if row.pk in turn.moved]
    Subscription.objects.bulk_update(whole, Subscription.MUTABLE)
    Subscription.objects.bulk_update([row for row in subscriptions if row.pk not in turn.moved], RENEWED)


def switch_components(components: dict[int, list[MeteredComponent]]) -> None:
    """Let subscriptions, by key, pay for use by other rows."""
    if not components:
        return
    SubscriptionComponent.objects.filter(subscription__in=components).delete()
    SubscriptionComponent.objects.bulk_create(
        SubscriptionComponent(subscription_id=pk, component=row) for pk, rows in components.items() for row in rows
    )
