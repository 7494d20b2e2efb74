"""Products and subscriptions, for the archives of companies; what they were granted, for those of people."""

from collections.abc import Iterable, Iterator

from django.db.models import F

from billing.subscriptions.models import ProductAccess, ProductGrant, Subscription
from portal.accounts.models import Company, User
from portal.core import money
from portal.core.privacy import Exporter, Record


def products(company: Company) -> Iterable[Record]:
    """Which products the company may open."""
    rows = ProductAccess.objects.for_company(company).order_by("pk")
    return rows.values("is_open", "closed_reason", "created_at", product_name=F("product__slug")).iterator()


def subscriptions(company: Company) -> Iterator[Record]:
    """What the company subscribed to, with each period."""
    rows = Subscription.objects.for_company(company).select_related("plan", "price").prefetch_related("periods__price")
    for row in rows.order_by("pk"):
        yield {
            "plan": row.plan.slug,
            "status": row.status,
            "seats": row.seats,
            "interval": row.interval,
            "started_at": row.started_at,
            "trial_ends_at": row.trial_ends_at,
            "ended_at": row.ended_at,
            "cancel_reason": row.cancel_reason,
            "cancel_comment": row.cancel_comment,
            "periods": [
                {
                    "starts_at": period.starts_at,
                    "ends_at": period.ends_at,
                    "seats": period.seats,
                    "is_trial": period.is_trial,
                    "charged": money.as_json(period.charged),
                }
                for period in row.periods.all()
            ],
        }


def granted(user: User) -> Iterable[Record]:
    """What the person may open at each company."""
    rows = ProductGrant.objects.filter(membership__user=user).order_by("pk")
    return rows.values("created_at", company=F("membership__company__name"), product_name=F("product__slug")).iterator()


COMPANY = {"products": Exporter(products), "subscriptions": Exporter(subscriptions)}
PERSON = {"products": Exporter(granted)}
