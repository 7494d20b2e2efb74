"""Who has had which product, for those who count its use."""

from collections.abc import Collection

from billing.catalog.models import Product
from billing.subscriptions.models import ProductAccess


def holders(product: Product, companies: Collection[int]) -> set[int]:
    """Those of these companies whose access to the product is open, or was: it is closed, never deleted."""
    rows = ProductAccess.objects.filter(product=product, company__in=companies)
    return set(rows.values_list("company_id", flat=True))
