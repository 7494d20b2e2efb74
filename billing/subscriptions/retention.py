"""How long quotes and subscriptions are kept."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from billing.subscriptions.models import ProductAccess, Quote, Subscription
from portal.core.privacy import RetentionRule

KEPT_DAYS = 7 * 365 + 2


def unused_before(limit: datetime) -> "Sequence[QuerySet[Any]]":
    """Quotes that nobody confirmed, and that ran out before then."""
    return [Quote.objects.filter(used_at=None, expires_at__lt=limit)]


def ended_before(limit: datetime) -> "Sequence[QuerySet[Any]]":
    """Subscriptions that ended before then."""
    return [Subscription.objects.filter(ended_at__lt=limit)]


def forget(rows: "QuerySet[Any]") -> None:
    """Delete them with periods and quotes; the products that they gave stay closed."""
    ProductAccess.objects.filter(subscription__in=rows).update(subscription=None)
    rows.delete()


RULES = {
    "quotes": RetentionRule("Prices that were asked for and not agreed to", days=30, expired=unused_before, least=1),
    "subscriptions": RetentionRule(
        "Subscriptions that have ended, with their periods and what was agreed to",
        days=KEPT_DAYS,
        expired=ended_before,
        least=KEPT_DAYS,
        why="They explain invoices, which are kept for seven years.",
        delete=forget,
    ),
}
