"""A company that is erased opens no product any more."""

from billing.subscriptions.models import ProductAccess
from portal.accounts.models import Company
from portal.core.privacy import Eraser, Erasing


def erase_company(erasing: Erasing[Company]) -> None:
    """Close every access."""
    ProductAccess.objects.for_company(erasing.owner).update(is_open=False)


COMPANY = Eraser("Access to all products", erase_company)
