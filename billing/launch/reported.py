"""What products report: how it is told, handed out, erased and forgotten."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet

from billing.launch.models import ProductFigure, ProductReport, ProductSync
from portal.accounts.models import Company
from portal.activity.registry import Verb
from portal.core.privacy import Eraser, Erasing, Exporter, Record, RetentionRule

REPORTED = "product.reported"
MEMBER_REPORTED = "product.member_reported"
VERBS = {
    REPORTED: Verb("{subject}: {text}", icon="package"),
    MEMBER_REPORTED: Verb("{actor} in {subject}: {text}", icon="package"),
}
# So long products may tell of something late; whoever told it may try again for as long.
LATE_DAYS = 35


def figures(company: Company) -> Iterable[Record]:
    """Quick statistics, as products told them last, and what each is compared with."""
    rows = ProductFigure.objects.for_company(company)
    names = ("label", "value", "reported_at", "before", "before_at")
    return rows.values(*names, product_name=F("product__slug")).iterator()


def syncs(company: Company) -> Iterable[Record]:
    """How the last synchronisation with each product went."""
    rows = ProductSync.objects.for_company(company).order_by("pk")
    return rows.values("state", "synced_at", "detail", product_name=F("product__slug")).iterator()


def erase_company(erasing: Erasing[Company]) -> None:
    """Forget what products told of a company; that they told it is no event of anybody's."""
    for model in (ProductFigure, ProductSync, ProductReport):
        model._default_manager.filter(company=erasing.owner).delete()


def told_before(limit: datetime) -> "Sequence[QuerySet[Any]]":
    """That something was told before then: it is too old to be told again."""
    return [ProductReport.objects.filter(received_at__lt=limit)]


COMPANY = {"product_statistics": Exporter(figures), "product_synchronisation": Exporter(syncs)}
ERASER = Eraser("Quick statistics and synchronisation of products", erase_company)
RULES = {
    "product_reports": RetentionRule(
        "Numbers of what products told as activity",
        days=90,
        expired=told_before,
        least=2 * LATE_DAYS + 1,
        why="Products may tell of something 35 days late, and must not tell it twice.",
    )
}
