"""What is charged for use: each day once, with what came too late for its own charge on the next one."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from billing.catalog.models import MeteredComponent
from billing.invoicing.services.charges import NewCharge
from billing.invoicing.services.drafts import Item
from billing.subscriptions.models import ChargedUse
from billing.subscriptions.registry import Use, used, used_by_day
from billing.subscriptions.services import items

# Events come up to 35 days late: after the next month's charge nothing more comes for a day, but with the one after.
LOOKED_BACK = timedelta(days=35 + 62)


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
    its value, without days.
    """
    known = used([window.use for window in windows])
    by_day = used_by_day([(window.use, window.starts_on - LOOKED_BACK) for window in windows])
    earlier = _earlier(windows)
    owed, kept = [], []
    for window, quantity, days in zip(windows, known, by_day, strict=True):
        row = None if days is None else _row(window, days, earlier[_key(window)])
        item = _item(window, (quantity or 0) if row is None else row.quantity)
        if row:
            row.source = str(item.source)
            kept.append(row)
            # Two windows of one subscription may be charged at once, when months were missed.
            earlier[_key(window)].append(row)
        if item.unit_price.amount:
            owed.append(NewCharge(window.use.subscription.company_id, window.ends_on, item))
    ChargedUse.objects.bulk_create(kept)
    return owed


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
