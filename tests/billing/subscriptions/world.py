"""What tests of subscriptions stand on: instants, plans, and subscribing in one line."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from djmoney.money import Money

from billing.catalog.models import Metric, Plan, PlanFamily, Product
from billing.invoicing.models import Charge, Invoice
from billing.subscriptions.models import ChargedUse, Quote, Subscription
from billing.subscriptions.services import changes, processing, quotes, subscribing
from billing.usage.models import DailyUsage
from billing.usage.services import rolling
from portal.accounts.models import Company, User
from tests.factories import PlanFactory, PlanFamilyFactory, ProductFactory

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


def report(product: Product, *metrics: Metric) -> None:
    """Let a product report these as well."""
    product.metrics.add(*metrics)
    product.save()


def use(
    company: Company, day: date, number: int, *, slug: str = "payslips", user: User | None = None, **other: Any
) -> None:
    """Let so much more have been used on a day."""
    product, metric = other.get("product") or Product.objects.get(slug="erp"), Metric.objects.get(slug=slug)
    at = datetime(day.year, day.month, day.day, 12, tzinfo=NAIROBI)
    row, is_new = DailyUsage.objects.get_or_create(
        company=company, product=product, metric=metric, user=user, used_on=day,
        defaults={"total": number, "events": 1, "highest": number, "last": number, "last_at": at},
    )  # fmt: skip
    if not is_new:
        DailyUsage.objects.filter(pk=row.pk).update(total=row.total + number, last=number)
    rolling.add_up(companies=[company.pk])


def days(subscription: Subscription) -> list[list[tuple[str, int]]]:
    """What each charge is made up of."""
    rows = ChargedUse.objects.filter(subscription=subscription).order_by("starts_on", "pk")
    return [[(f"{day:%m-%d}", quantity) for day, quantity in row.by_day.items()] for row in rows]


def for_use(company: Company) -> list[tuple[str, str]]:
    """What waits to be invoiced for use: since when, and the sum."""
    return [(day, amount) for day, words, amount in charges(company) if "ayslips" in words]


def plan_of(slug: str, *products: str, family: PlanFamily | None = None, level: int = 10, month: int = 100) -> Plan:
    """A plan for these products, in a family of its own unless it is told."""
    for product in products:
        ProductFactory.create(slug=product)
    family = family or PlanFamilyFactory.create(slug=slug, name=slug.title())
    return PlanFactory.create(
        family=family,
        level=level,
        slug=slug,
        name=slug.title(),
        month=month or None,
        products=list(products) or ["erp"],
    )
