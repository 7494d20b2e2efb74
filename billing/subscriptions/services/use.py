"""What is charged for use: each day once, with what came too late for its own charge on the next one."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from django.db import models
from django.utils import timezone

from billing.catalog.models import MeteredComponent
from billing.invoicing.services.charges import NewCharge
from billing.invoicing.services.drafts import Item
from billing.subscriptions.models import ChargedUse
from billing.subscriptions.registry import Use, used, used_by_day
from billing.subscriptions.services import items, sharing
from portal.activity import services as activity

# Events come up to 35 days late: after the next month's charge nothing more comes for a day, but with the one after.
LOOKED_BACK = timedelta(days=35 + 62)


# In whatever currency; an invoice holds a thousand times as much.
MOST_CHARGED = Decimal(10**12)
# What the database holds.
MOST_COUNTED = models.BigIntegerField.MAX_BIGINT


@dataclass(frozen=True, slots=True)
class Window:
    """Use that is to be charged when the window ends."""

    use: Use
    component: MeteredComponent

    @property
    def starts_on(self) -> date:
        """Its first day."""
        return timezone.localdate(self.use.starts_at)

    @property
    def ends_on(self) -> date:
        """The day after its last."""
        return timezone.localdate(self.use.ends_at)


Key = tuple[int, int]


def charged(windows: Sequence[Window]) -> list[NewCharge]:
    """What these windows cost, by what is known of them now; their days are written down as charged.

    To be called inside the transaction that writes the charges. What does not add up, such as a level, is charged by
    its value, without days. What would cost more than anybody owes is a fault of who reported it: it is noted, and
    holds up no other charge.
    """
    uses = _own([window.use for window in windows])
    known, by_day = used(uses), _by_day(windows, uses)
    earlier = _earlier(windows)
    owed, kept, doubted = [], [], []
    for window, quantity, days in zip(windows, known, by_day, strict=True):
        row = None if days is None else _row(window, days, earlier[_key(window)])
        counted = min((quantity or 0) if row is None else row.quantity, MOST_COUNTED)
        item = _item(window, counted)
        if row:
            row.source, row.quantity = str(item.source), counted
            kept.append(row)
            # Two windows of one subscription may be charged at once, when months were missed.
            earlier[_key(window)].append(row)
        if item.unit_price.amount > MOST_CHARGED:
            doubted.append(_doubt(window, counted))
        elif item.unit_price.amount:
            owed.append(NewCharge(window.use.subscription.company_id, window.ends_on, item))
    ChargedUse.objects.bulk_create(kept)
    activity.record_many(doubted)
    return owed


def _doubt(window: Window, quantity: int) -> activity.NewEvent:
    """That use was not charged, as it cannot be right."""
    subscription = window.use.subscription
    return activity.event(
        verb="subscription.use_doubted",
        actor=None,
        company=subscription.company,
        subject=subscription,
        data={"metric": str(window.use.metric), "quantity": f"{quantity:,}", "day": f"{window.ends_on}"},
        at=window.use.ends_at,
    )


def _own(uses: Sequence[Use]) -> list[Use]:
    """Without what other subscriptions of the company charge."""
    return [replace(use, without=others) for use, others in zip(uses, sharing.charged_by_others(uses), strict=True)]


def _by_day(windows: Sequence[Window], uses: Sequence[Use]) -> list[Mapping[date, int] | None]:
    """The days of each window, with earlier ones for what comes late; None of what does not add up.

    Another subscription may have charged the earlier ones, though it has ended since.
    """
    firsts = [window.use.starts_at for window in windows]
    late = _own([replace(use, starts_at=at - LOOKED_BACK, ends_at=at) for use, at in zip(uses, firsts, strict=True)])
    found = used_by_day([(use, timezone.localdate(use.starts_at)) for use in (*uses, *late)])
    pairs = zip(found[: len(uses)], found[len(uses) :], strict=True)
    return [None if now is None else {**(before or {}), **now} for now, before in pairs]


def _item(window: Window, quantity: int) -> Item:
    use = window.use
    return items.use(use.subscription, window.component, quantity, starts_at=use.starts_at, ends_at=use.ends_at)


def _key(window: Window) -> Key:
    return window.use.subscription.pk, window.use.metric.pk


def _earlier(windows: Sequence[Window]) -> dict[Key, list[ChargedUse]]:
    """What was charged of the same, as far back as anything can still come for."""
    found: dict[Key, list[ChargedUse]] = defaultdict(list)
    if windows:
        first = min(window.starts_on for window in windows) - LOOKED_BACK
        rows = ChargedUse.objects.filter(subscription__in={window.use.subscription.pk for window in windows})
        for row in rows.filter(ends_on__gte=first).order_by("pk"):
            found[row.subscription_id, row.metric_id].append(row)
    return found


def _row(window: Window, days: Mapping[date, int], earlier: Sequence[ChargedUse]) -> ChargedUse:
    """The days of a window, and of windows that were charged before what has come since."""
    charged: dict[date, int] = defaultdict(int)
    for row in earlier:
        for day, quantity in row.by_day.items():
            charged[day] += quantity
    new = {
        day: quantity - charged[day]
        for day, quantity in sorted(days.items())
        if quantity > charged[day] and (day >= window.starts_on or _was_charged(day, earlier))
    }
    return ChargedUse(
        subscription=window.use.subscription,
        metric=window.use.metric,
        starts_on=window.starts_on,
        ends_on=window.ends_on,
        quantity=sum(new.values()),
        days=[[day.isoformat(), quantity] for day, quantity in new.items()],
    )


def _was_charged(day: date, earlier: Sequence[ChargedUse]) -> bool:
    """Whether the day was part of a charge; days of a trial, and while it was suspended, are of none."""
    return any(row.starts_on <= day < row.ends_on for row in earlier)
