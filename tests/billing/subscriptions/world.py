"""What tests of subscriptions stand on: instants, plans, and subscribing in one line."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from djmoney.money import Money

from billing.catalog.models import Plan
from billing.invoicing.models import Charge, Invoice
from billing.subscriptions.models import Quote, Subscription
from billing.subscriptions.services import changes, processing, quotes, subscribing
from portal.accounts.models import Company, User

NAIROBI = ZoneInfo("Africa/Nairobi")
# A month of 31 days from here: 2,678,400 seconds.
START = datetime(2026, 3, 1, 9, 0, tzinfo=NAIROBI)
SECOND = timedelta(seconds=1)


def on(year: int, month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    """An instant in Nairobi."""
    return datetime(year, month, day, hour, minute, tzinfo=NAIROBI)


def kes(amount: str | int) -> Money:
    """Kenyan shillings."""
    return Money(amount, "KES")


def subscribed(
    company: Company, plan: Plan, by: User, *, at: datetime = START, interval: str = "month", seats: int | None = None
) -> Subscription:
    """A subscription that somebody quoted and confirmed at the same instant."""
    quote = subscribing.quote(company=company, plan=plan, interval=interval, seats=seats, by=by, at=at)
    return quotes.confirm(quote=quote, by=by, at=at)


def changed(subscription: Subscription, by: User, *, at: datetime, **to: object) -> Subscription:
    """The subscription after a change that somebody quoted and confirmed at the same instant."""
    quote = changes.quote(subscription=subscription, by=by, at=at, **to)
    return quotes.confirm(quote=quote, by=by, at=at)


def run(until: datetime) -> dict[str, int]:
    """Process what is due up to and with an instant."""
    return dict(processing.process(until=until + SECOND))


def lines(quote: Quote) -> list[tuple[str, str]]:
    """Description and net amount of each line."""
    return [(line.description, f"{line.net.amount:f}") for line in quote.lines.all()]


def charges(company: Company) -> list[tuple[str, str, str]]:
    """What waits to be invoiced: first day, description, and sum without tax."""
    rows = Charge.objects.for_company(company).order_by("due_on", "pk")
    return [(str(row.due_on), row.description, f"{row.quantity * row.unit_price:.2f}") for row in rows]


def nets(company: Company) -> list[str]:
    """What was invoiced, without tax, in order."""
    return [f"{row.net.amount:f}" for row in Invoice.objects.for_company(company).order_by("pk")]


def periods(subscription: Subscription) -> list[tuple[str, str, str]]:
    """First day, day after the last, and what was charged, from the first period on."""
    rows = subscription.periods.order_by("starts_at")
    return [
        (
            f"{row.starts_at.astimezone(NAIROBI):%Y-%m-%d}",
            f"{row.ends_at.astimezone(NAIROBI):%Y-%m-%d}",
            f"{row.amount:.2f}",
        )
        for row in rows
    ]
