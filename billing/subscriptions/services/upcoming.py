"""The next bill, and how it is made up."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from billing.invoicing.models import Charge, Invoice, InvoiceLine
from billing.invoicing.services import drafts
from billing.invoicing.services.charges import item_of
from billing.invoicing.services.drafts import Item
from billing.subscriptions.models import Subscription
from billing.subscriptions.reckoning import next_boundary
from billing.subscriptions.services import items
from portal.accounts.models import Company
from portal.core.periods import start_of

# How much that waits is read for the next bill: the lines that an invoice has at most.
MOST = drafts.MOST_LINES


@dataclass(frozen=True, slots=True)
class Bill:
    """What comes at `at`: an invoice that is not saved, with its lines; use is not in it, nobody knows it yet."""

    at: datetime
    invoice: Invoice
    lines: list[InvoiceLine]


def of(subscription: Subscription) -> Bill | None:
    """What the next period will cost by what is known now, with the tax of its day; None where none will come.

    Raises UnknownRate.
    """
    item = next_period(subscription)
    if item is None:
        return None
    at, currency = subscription.period_ends_at, subscription.currency
    return Bill(at, *drafts.preview(company=subscription.company, items=[item], at=at, currency=currency))


def of_company(company: Company, *, today: date) -> Bill | None:
    """The company's next invoice: all that is charged, in one currency, by the first day on which anything is.

    That day is `today` at the earliest. None where nothing renews and nothing waits. Four queries, whatever there is.
    Raises UnknownRate.
    """
    coming = _waiting(company) + _renewing(company)
    if not coming:
        return None
    day = max(min(day for day, _item in coming), today)
    due = [item for on, item in coming if on <= day]
    currency = str(due[0].unit_price.currency)
    together = [item for item in due if str(item.unit_price.currency) == currency]
    at = start_of(day)
    return Bill(at, *drafts.preview(company=company, items=together, at=at, currency=currency))


def next_period(subscription: Subscription) -> Item | None:
    """The next period by what is known now; None where none will come by itself."""
    is_open = subscription.status in Subscription.OPEN
    if not is_open or subscription.ends_by_itself:
        return None
    price = subscription.next_price or subscription.price
    seats = subscription.next_seats or subscription.seats
    starts_at = subscription.period_ends_at
    trial = subscription.status == Subscription.Status.TRIALING
    ends_at = next_boundary(starts_at if trial else subscription.anchor_at, price.interval, after=starts_at)
    return items.period(price, seats, starts_at=starts_at, ends_at=ends_at)


def _waiting(company: Company) -> list[tuple[date, Item]]:
    rows = Charge.objects.for_company(company).waiting().order_by("due_on", "pk")
    return [(row.due_on, item_of(row)) for row in rows[:MOST]]


def _renewing(company: Company) -> list[tuple[date, Item]]:
    rows = Subscription.objects.for_company(company).live().with_prices().order_by("period_ends_at", "pk")
    found = [(timezone.localdate(row.period_ends_at), next_period(row)) for row in rows]
    return [(day, item) for day, item in found if item and item.unit_price.amount]
