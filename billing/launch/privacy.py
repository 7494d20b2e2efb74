"""What companies set for products, for their archives, and when they are erased."""

from collections.abc import Iterable

from django.db.models import F

from billing.launch.models import ProductSettings
from portal.accounts.models import Company, User
from portal.core.privacy import Eraser, Erasing, Exporter, Record


def settings_of(company: Company) -> Iterable[Record]:
    """What the company set for each product."""
    rows = ProductSettings.objects.filter(company=company).order_by("pk")
    return rows.values("values", "version", "updated_at", product_name=F("product__slug")).iterator()


def erase_company(erasing: Erasing[Company]) -> None:
    """Forget what it set."""
    ProductSettings.objects.filter(company=erasing.owner).delete()


def erase_person(erasing: Erasing[User]) -> None:
    """Forget who set it."""
    ProductSettings.objects.filter(updated_by=erasing.owner).update(updated_by=None)


SETTINGS = Exporter(settings_of)
SETTINGS_OF_COMPANY = Eraser("Settings of products", erase_company)
SETTINGS_BY_PERSON = Eraser("That you changed settings of products", erase_person)
