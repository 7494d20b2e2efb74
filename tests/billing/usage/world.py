"""What tests of use stand on: instants, events as products send them, and daily figures in short."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from allauth.idp.oidc.models import Client as ProductClient
from allauth.idp.oidc.models import Token

from billing.catalog.models import Metric, Product
from billing.usage.models import DailyTotal, DailyUsage
from billing.usage.services import recording
from billing.usage.services.recording import Receipt
from tests.factories import MetricFactory

NAIROBI = ZoneInfo("Africa/Nairobi")
# A Wednesday.
NOW = datetime(2026, 3, 18, 12, 0, tzinfo=NAIROBI)
KINDS = {"payslips": "count", "storage": "level", "response-time": "duration", "reports": "feature"}


def on(day: int, hour: int = 9, minute: int = 0, second: int = 0, *, month: int = 3) -> datetime:
    """An instant in Nairobi."""
    return datetime(2026, month, day, hour, minute, second, tzinfo=NAIROBI)


def reporting(product: Product, *slugs: str) -> list[Metric]:
    """Let a product report metrics; by themselves those of KINDS."""
    metrics = [MetricFactory.create(slug=slug, kind=KINDS[slug]) for slug in slugs or KINDS]
    product.metrics.add(*metrics)
    product.save()
    return metrics


def token_of(product: Product) -> str:
    """A token that the product got for its credentials."""
    if product.client is None:
        product.client = ProductClient.objects.create(name=product.name, grant_types="client_credentials")
        product.save(update_fields=["client"])
    token = Token(client=product.client, type=Token.Type.ACCESS_TOKEN)
    value = f"token-of-{product.slug}"
    token.set_value(value)
    Token.objects.get_or_create(type=token.type, hash=token.hash, defaults={"client": product.client})
    return value


def event(number: object = 1, **other: Any) -> dict[str, Any]:
    """An event of Savanna's payslips, a few hours ago."""
    row = {"id": f"e-{number}", "company": "savanna-foods", "metric": "payslips", "occurred_at": on(18).isoformat()}
    return {key: value.isoformat() if isinstance(value, datetime) else value for key, value in (row | other).items()}


def recorded(product: Product, *events: dict[str, Any], at: datetime = NOW) -> Receipt:
    """What became of a batch."""
    return recording.record(product=product, events=events, at=at)


def counts(receipt: Receipt) -> tuple[int, int, list[tuple[int, str]]]:
    """Accepted, duplicates, and what was rejected why."""
    return receipt.accepted, receipt.duplicates, [(one.index, one.code) for one in receipt.rejected]


def figures(**only: Any) -> list[tuple[Any, ...]]:
    """Company, product, metric, member, day, total, events, highest and last of each row."""
    rows = DailyUsage.objects.filter(**only).order_by("company__slug", "product__slug", "metric__slug", "used_on")
    return list(
        rows.order_by("company__slug", "product__slug", "metric__slug", "used_on", "user__email").values_list(
            "company__slug", "product__slug", "metric__slug", "user__email", "used_on", "total", "events", "highest",
            "last", "last_at",
        )
    )  # fmt: skip


def added_up() -> list[tuple[Any, ...]]:
    """The same of all members together, without the member."""
    rows = DailyTotal.objects.order_by("company__slug", "product__slug", "metric__slug", "used_on")
    return list(
        rows.values_list(
            "company__slug", "product__slug", "metric__slug", "used_on", "total", "events", "highest", "last",
            "last_at",
        )
    )  # fmt: skip


def reckoned(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """What totals of these rows of `figures` are, reckoned here."""
    found: dict[tuple[Any, ...], list[tuple[Any, ...]]] = {}
    for company, product, metric, _member, day, *values in rows:
        found.setdefault((company, product, metric, day), []).append(tuple(values))
    sums = []
    for key, parts in found.items():
        totals, numbers, highest, lasts, instants = zip(*parts, strict=True)
        at, last = max(zip(instants, lasts, strict=True))
        sums.append((*key, sum(totals), sum(numbers), max(highest), last, at))
    return sorted(sums, key=lambda row: row[:4])
