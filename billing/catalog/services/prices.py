"""Prices of plans: offered, replaced by new ones, withdrawn. The old row stays for the subscriptions that have it."""

from datetime import datetime
from typing import TypeVar

from django.db import transaction
from django.utils.translation import gettext as _
from djmoney.money import Money

from billing.catalog.models import MeteredComponent, Metric, Plan, PlanPrice
from portal.accounts.models import User
from portal.activity import services as activity
from portal.core import money
from portal.core.errors import Conflict

Row = TypeVar("Row", PlanPrice, MeteredComponent)


class PlanIsArchived(Conflict):
    """A plan that nobody can choose gets no new prices."""

    code = "plan_archived"


@transaction.atomic
def offer(
    *, plan: Plan, interval: str, amount: Money, is_per_seat: bool = False, by: User | None, at: datetime
) -> PlanPrice:
    """Let new subscriptions pay this from now on; the same amount again changes nothing.

    Raises PlanIsArchived, and InvalidAmount for a negative amount or one with more digits than its currency has.
    """
    amount = money.parse(amount.amount, currency=amount.currency)
    _not_negative(amount)
    _lock(plan)
    live = PlanPrice.objects.live().filter(plan=plan, interval=interval, amount_currency=amount.currency).first()
    if live is not None and (live.amount, live.is_per_seat) == (amount, is_per_seat):
        return live
    made = PlanPrice(plan=plan, interval=interval, amount=amount, is_per_seat=is_per_seat, created_at=at)
    return _put(made, live, by=by)


@transaction.atomic
def meter(
    *, plan: Plan, metric: Metric, included_quantity: int, unit_price: Money, by: User | None, at: datetime
) -> MeteredComponent:
    """Let new subscriptions pay this for each unit beyond what is included; the same terms again change nothing.

    A unit price may have up to nine decimals. Raises PlanIsArchived, and InvalidAmount for a negative price.
    """
    _not_negative(unit_price)
    _lock(plan)
    rows = MeteredComponent.objects.live().filter(plan=plan, metric=metric, unit_price_currency=unit_price.currency)
    live = rows.select_related("metric").first()
    if live is not None and (live.included_quantity, live.unit_price) == (included_quantity, unit_price):
        return live
    made = MeteredComponent(
        plan=plan, metric=metric, included_quantity=included_quantity, unit_price=unit_price, created_at=at
    )
    return _put(made, live, by=by)


@transaction.atomic
def withdraw(*, price: PlanPrice | MeteredComponent, by: User | None, at: datetime) -> None:
    """Offer a price to new subscriptions no more. Twice is once."""
    _lock(price.plan)
    price.refresh_from_db(fields=["replaced_at"])
    if price.is_live:
        _end(price, at)
        activity.record(verb="price.withdrawn", actor=by, subject=price.plan, data={"price": str(price)}, at=at)


def _put(made: Row, live: Row | None, *, by: User | None) -> Row:
    """Save a new row in the place of the live one, and write down what changed."""
    data = {"price": str(made)}
    if live is not None:
        _end(live, made.created_at)
        data["before"] = str(live)
    made.save(force_insert=True)
    verb = "price.replaced" if live is not None else "price.offered"
    activity.record(verb=verb, actor=by, subject=made.plan, data=data, at=made.created_at)
    return made


def _end(row: PlanPrice | MeteredComponent, at: datetime) -> None:
    row.replace(at=at)
    row.save(update_fields=["replaced_at"])


def _lock(plan: Plan) -> None:
    """One change of a plan's prices at a time."""
    if Plan.objects.select_for_update().get(pk=plan.pk).is_archived:
        raise PlanIsArchived(_("The plan is archived. Offer it again before you change its prices."))


def _not_negative(amount: Money) -> None:
    if amount.amount < 0:
        raise money.InvalidAmount(_("A price cannot be negative."))
