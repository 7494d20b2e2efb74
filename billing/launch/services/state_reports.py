"""What products tell of how things stand: quick statistics, and how the last synchronisation went."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from billing.catalog.models import Product
from billing.launch.models import ProductFigure, ProductSync
from billing.launch.services import naming
from portal.accounts.models import Company


@dataclass(frozen=True, slots=True)
class Figure:
    """A quick statistic; `key` is the product's own name for it."""

    key: str
    label: str
    value: int


@transaction.atomic
def set_figures(
    *, product: Product, company: Company, figures: Sequence[Figure], reported_at: datetime, at: datetime
) -> list[ProductFigure]:
    """Let the company's quick statistics of a product be these, and return those that stand.

    What is older than what stands changes nothing. Raises NotYet.
    """
    naming.must_have_happened(reported_at, at=at, field="reported_at")
    # Of a company of which nothing was told there is no row to lock.
    Product.objects.select_for_update(no_key=True).get(pk=product.pk)
    rows = ProductFigure.objects.filter(company=company, product=product)
    standing = {row.key: row for row in rows.order_by("position")}
    if any(row.reported_at > reported_at for row in standing.values()):
        return list(standing.values())
    rows.exclude(key__in=[figure.key for figure in figures]).delete()
    made = [
        ProductFigure(
            company=company,
            product=product,
            key=figure.key,
            label=figure.label,
            value=figure.value,
            position=position,
            reported_at=reported_at,
            **_before(standing.get(figure.key), reported_at),
        )
        for position, figure in enumerate(figures)
    ]
    return ProductFigure.objects.bulk_create(
        made,
        update_conflicts=True,
        unique_fields=["company", "product", "key"],
        update_fields=["label", "value", "position", "reported_at", "before", "before_at"],
    )


def _before(standing: ProductFigure | None, reported_at: datetime) -> dict[str, Any]:
    """What a figure is compared with: the value that stood as its day began, by the portal's days."""
    if standing is None:
        return {}
    if timezone.localdate(standing.reported_at) < timezone.localdate(reported_at):
        return {"before": standing.value, "before_at": standing.reported_at}
    return {"before": standing.before, "before_at": standing.before_at}


@transaction.atomic
def set_sync(
    *, product: Product, company: Company, state: str, synced_at: datetime, detail: str, at: datetime
) -> ProductSync:
    """Say how synchronisation stands since `synced_at`, and return what stands: of two states the later one.

    Raises NotYet.
    """
    naming.must_have_happened(synced_at, at=at, field="synced_at")
    Product.objects.select_for_update(no_key=True).get(pk=product.pk)
    standing = ProductSync.objects.filter(company=company, product=product).first()
    if standing and standing.synced_at > synced_at:
        return standing
    values = {"state": state, "synced_at": synced_at, "detail": detail}
    return ProductSync.objects.update_or_create(company=company, product=product, defaults=values)[0]
