"""A company that is erased subscribes to nothing any more, and opens no product."""

from billing.subscriptions.models import ProductAccess, Quote, Subscription
from billing.subscriptions.reckoning import whole
from billing.subscriptions.retention import KEPT_DAYS
from billing.subscriptions.services import cancelling, locking
from portal.accounts.models import Company, User
from portal.core.privacy import Eraser, Erasing, Kept


def erase_company(erasing: Erasing[Company]) -> None:
    """End every subscription, empty what was said of them, and close every access."""
    company = erasing.owner
    for subscription in Subscription.objects.for_company(company).live().order_by("pk"):
        cancelling.end_now(locking.lock(subscription), at=whole(erasing.at))
    Subscription.objects.for_company(company).update(cancel_comment="")
    Quote.objects.for_company(company).update(cancel_comment="", override=None)
    ProductAccess.objects.for_company(company).update(is_open=False)


def erase_person(erasing: Erasing[User]) -> None:
    """Forget who subscribed, and who asked what it costs."""
    Subscription.objects.filter(subscribed_by=erasing.owner).update(subscribed_by=None)
    Quote.objects.filter(made_by=erasing.owner).update(made_by=None)


KEPT = Kept(
    "Subscriptions with their periods, without names and comments",
    f"They explain the invoices, which tax law keeps: {KEPT_DAYS // 365} years.",
    "subscriptions",
)
COMPANY = Eraser("Subscriptions, which end at once, and access to all products", erase_company, keeps=(KEPT,))
PERSON = Eraser("That you subscribed or asked what something costs, and products that you were granted", erase_person)
