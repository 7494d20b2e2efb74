"""When the gateway is asked for what is not known."""

from datetime import datetime, timedelta

# A row that nobody went on with, or whose caller died in the middle.
CRASHED = timedelta(minutes=1)
# A call that the gateway does not know of may still be on its way for so long.
MAY_STILL_ARRIVE = timedelta(minutes=10)
# Nobody comes back to a page that was left so long ago: the payment is given up, so that its invoice can be paid.
ABANDONED = timedelta(hours=24)
WAITS = [timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 60, 6 * 60)]


def next_time(asked: int, *, at: datetime, left_at: datetime | None = None) -> datetime:
    """When to ask again, having asked so often: after 1, 2, 5, 15 minutes, an hour, then every six hours.

    At `left_at` at the latest, when what waits for the customer is given up.
    """
    later = at + WAITS[min(asked, len(WAITS) - 1)]
    return min(later, left_at) if left_at and left_at > at else later
