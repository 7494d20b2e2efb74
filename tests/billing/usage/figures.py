"""Daily figures for tests, with their totals, and days to begin with."""

from datetime import UTC, date, datetime, time, timedelta

from billing.catalog.models import Metric, Product
from billing.usage.models import DailyUsage
from billing.usage.services import rolling
from portal.accounts.models import Company, User
from portal.core.widgets import Period
from tests.factories import MetricFactory, ProductFactory

TODAY = date(2026, 3, 31)
MARCH = Period(date(2026, 3, 1), date(2026, 4, 1))


def metric(slug: str, kind: str = "count") -> Metric:
    """A metric, made once."""
    return MetricFactory.create(slug=slug, kind=kind)


def product(slug: str = "erp") -> Product:
    """A product, made once."""
    return ProductFactory.create(slug=slug)


def used(
    company: Company,
    of: Metric,
    day: date,
    value: int,
    *,
    by: User | None = None,
    events: int = 1,
    highest: int | None = None,
    in_product: str = "erp",
    hour: int = 9,
) -> DailyUsage:
    """One daily figure: `value` is its total and its last."""
    row = DailyUsage.objects.create(
        company=company,
        product=product(in_product),
        metric=of,
        user=by,
        used_on=day,
        total=value,
        events=events,
        highest=value if highest is None else highest,
        last=value,
        last_at=datetime.combine(day, time(hour), UTC),
    )
    rolling.add_up(companies=[company.pk])
    return row


def each_day(company: Company, of: Metric, first: date, values: list[int], **more: object) -> None:
    """A figure for each day from the first on."""
    for number, value in enumerate(values):
        used(company, of, first + timedelta(days=number), value, **more)
