"""Products, for the archives of companies."""

from collections.abc import Iterable

from django.db.models import F

from billing.subscriptions.models import ProductAccess
from portal.accounts.models import Company
from portal.core.privacy import Exporter, Record


def products(company: Company) -> Iterable[Record]:
    """Which products the company may open."""
    rows = ProductAccess.objects.for_company(company).order_by("pk")
    return rows.values("is_open", "created_at", product_name=F("product__slug")).iterator()


COMPANY = Exporter(products)
