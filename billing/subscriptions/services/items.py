"""What subscriptions put on invoices, in words and sums."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from djmoney.money import Money

from billing.catalog.models import MeteredComponent, Plan, PlanPrice
from billing.invoicing.services.drafts import Item
from billing.subscriptions.models import Subscription
from billing.subscriptions.reckoning import days_of, rest_of


def name_of(plan: Plan) -> str:
    """How lines call a plan: with its family before it, unless that says nothing more."""
    return plan.name if plan.name.startswith(plan.family.name) else f"{plan.family.name} {plan.name}"


def words(price: PlanPrice, seats: int) -> str:
    """Plan, interval and seats: "ERP Business, monthly, 12 seats"."""
    parts = [name_of(price.plan), price.get_interval_display().lower()]
    if price.is_per_seat:
        parts.append("1 seat" if seats == 1 else f"{seats:,} seats")
    return ", ".join(parts)


def period(price: PlanPrice, seats: int, *, starts_at: datetime, ends_at: datetime, source: str | None = None) -> Item:
    """A whole period at its price."""
    first, end = days_of(starts_at, ends_at)
    quantity = Decimal(seats if price.is_per_seat else 1)
    return Item(words(price, seats), price.amount, quantity, starts_on=first, ends_on=end, source=source)


def rest(price: PlanPrice, seats: int, *, at: datetime, starts_at: datetime, ends_at: datetime) -> Item:
    """The rest of a period from `at` on."""
    amount = rest_of(price.charge(seats), at=at, starts_at=starts_at, ends_at=ends_at)
    return _part(f"Rest of the period: {words(price, seats)}", amount, at, ends_at)


def unused(subscription: Subscription, *, at: datetime) -> Item:
    """What was paid for the rest of the current period, given back."""
    starts_at, ends_at = subscription.period_starts_at, subscription.period_ends_at
    amount = rest_of(subscription.amount, at=at, starts_at=starts_at, ends_at=ends_at)
    return _part(f"Unused part: {words(subscription.price, subscription.seats)}", -amount, at, ends_at)


def use(
    subscription: Subscription, component: MeteredComponent, quantity: int, *, starts_at: datetime, ends_at: datetime
) -> Item:
    """What a month's use costs beyond what is included."""
    first, end = days_of(starts_at, ends_at)
    above = max(quantity - component.included_quantity, 0)
    detail = f"{above:,} of {quantity:,}" if component.included_quantity else f"{quantity:,}"
    return Item(
        f"{component.metric.name}: {detail} at {component}, {name_of(subscription.plan)}",
        component.charge(quantity),
        starts_on=first,
        ends_on=end,
        source=f"subscription {subscription.public_id} use {component.pk} {starts_at.timestamp():.0f}",
    )


def named(item: Item, source: str) -> Item:
    """The item with the name of what it is for, so that it is charged once."""
    return replace(item, source=source)


def _part(description: str, amount: Money, at: datetime, ends_at: datetime) -> Item:
    first, end = days_of(at, ends_at)
    return Item(description, amount, starts_on=first, ends_on=end)
