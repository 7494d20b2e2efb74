"""Access to products follows subscriptions; members are granted products one by one."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from billing.catalog.models import Product
from billing.subscriptions.models import ProductAccess, ProductGrant, Subscription
from billing.subscriptions.services import items, telling
from portal.accounts import grants
from portal.accounts.models import Company, Membership, User
from portal.activity import services as activity
from portal.core import reader_cache
from portal.core.errors import Conflict

Reason = ProductAccess.Reason
Status = Subscription.Status
# Why a product is closed while this is the state of the subscription that gave it.
CLOSED_BY = {
    Status.SUSPENDED.value: Reason.SUSPENDED.value,
    Status.CANCELLED.value: Reason.CANCELLED.value,
    Status.EXPIRED.value: Reason.EXPIRED.value,
}
FIELDS = ["subscription", "is_open", "closed_reason", "closed_at"]


class SeatsTaken(Conflict):
    """As many members as there are seats may open the products already."""

    code = "seats_taken"


@transaction.atomic
def follow(companies: Collection[int], *, at: datetime) -> None:
    """Open and close the products of these companies as their subscriptions say, and tell whose were closed.

    A product is open while any subscription to it is; what was given without a subscription stays as it is.
    """
    giving = _giving(companies)
    rows = ProductAccess.objects.select_for_update(of=("self",)).filter(company__in=companies)
    known = {(row.company_id, row.product_id): row for row in rows.select_related("product", "company").order_by("pk")}
    made = [
        ProductAccess(company_id=company, product_id=product, subscription=subscription)
        for (company, product), subscription in giving.items()
        if (company, product) not in known
    ]
    for row in made:
        _set(row, row.subscription, at)
    ProductAccess.objects.bulk_create(made)
    changed = [row for place, row in known.items() if _follow(row, giving.get(place), at)]
    ProductAccess.objects.bulk_update(changed, FIELDS)
    touched = {row.company_id for row in (*made, *changed)}
    telling.closed([row for row in changed if not row.is_open], at=at)
    reader_cache.expire_for(Membership.objects.filter(company__in=touched).values_list("user_id", flat=True))


def _giving(companies: Collection[int]) -> dict[tuple[int, int], Subscription]:
    """The subscription that says how it stands with each product: an open one, else a live one, else the last."""
    rows = Subscription.objects.filter(company__in=companies).select_related("plan").prefetch_related("plan__products")
    ranked = sorted(rows, key=lambda row: (row.is_open, row.is_live, row.started_at, row.pk))
    return {(row.company_id, product.pk): row for row in ranked for product in row.plan.products.all()}


def _follow(row: ProductAccess, subscription: Subscription | None, at: datetime) -> bool:
    """Bring one access to what its subscription says; return whether that changed anything."""
    if subscription is None and row.subscription_id is None:
        return False
    before = [getattr(row, field) for field in ("subscription_id", "is_open", "closed_reason")]
    _set(row, subscription, at)
    return before != [getattr(row, field) for field in ("subscription_id", "is_open", "closed_reason")]


def _set(row: ProductAccess, subscription: Subscription | None, at: datetime) -> None:
    row.subscription = subscription or row.subscription
    reason = CLOSED_BY.get(str(subscription.status)) if subscription else Reason.NOT_IN_PLAN.value
    if reason is None:
        row.open()
    elif row.is_open or row.closed_reason != reason:
        row.close(reason=reason, at=at)


def give(*, membership: Membership, products: Iterable[Product], by: User | None) -> None:
    """Let a member open more products; those that they have stay."""
    ProductGrant.objects.bulk_create(
        [ProductGrant(membership=membership, product=product, given_by=by) for product in products],
        ignore_conflicts=True,
    )
    reader_cache.expire_for([membership.user_id])


class Products:
    """Products as members are given them: a company has those to give that it may open now."""

    label = "Products"

    def options(self, company: Company) -> list[grants.Option]:
        """What the company has to give."""
        return [grants.Option(product.slug, product.name) for product in self._of(company)]

    def held(self, membership: Membership) -> list[str]:
        """Slugs of what a member has."""
        return list(ProductGrant.objects.filter(membership=membership).values_list("product__slug", flat=True))

    @transaction.atomic
    def give(self, membership: Membership, keys: Iterable[str], *, by: User, as_far_as_there_is: bool = False) -> None:
        """Let the member have exactly these of what the company has; what is closed at present stays granted.

        Raises SeatsTaken for products without a seat that is free, or leaves them out.
        """
        wanted = set(keys)
        offered = self._of(membership.company)
        had = set(self.held(membership))
        new = [product for product in offered if product.slug in wanted - had]
        full = _full(membership, new)
        if full and not as_far_as_there_is:
            raise SeatsTaken(_taken(next(iter(full.values()))))
        new = [product for product in new if product.pk not in full]
        gone = [product for product in offered if product.slug in had - wanted]
        ProductGrant.objects.filter(membership=membership, product__in=gone).delete()
        give(membership=membership, products=new, by=by)
        for verb, products in (("product.granted", new), ("product.taken", gone)):
            for product in products:
                activity.record(
                    verb=verb,
                    actor=by,
                    company=membership.company,
                    subject=membership.user,
                    data={"product": product.name},
                )

    def _of(self, company: Company) -> list[Product]:
        return list(Product.objects.filter(accesses__company=company, accesses__is_open=True))


def _full(membership: Membership, products: Collection[Product]) -> dict[int, Subscription]:
    """Those of the products, by key, that the member would need a seat for and none is free; with the subscription."""
    rows = ProductAccess.objects.filter(company=membership.company_id, product__in=products, subscription__isnull=False)
    asked = rows.select_related("subscription__plan__family", "subscription__price")
    giving = {row.product_id: row.subscription for row in asked.prefetch_related("subscription__plan__products")}
    limited = {pk: row for pk, row in giving.items() if row and row.seats_allowed is not None}
    taken = members_of(list(limited.values())) if limited else {}
    held = set(ProductGrant.objects.filter(membership=membership).values_list("product", flat=True))
    return {
        pk: row
        for pk, row in limited.items()
        if taken[row.pk] >= (row.seats_allowed or 0) and held.isdisjoint(one.pk for one in row.plan.products.all())
    }


def _taken(subscription: Subscription) -> str:
    words = {"plan": items.name_of(subscription.plan), "seats": subscription.seats_allowed}
    full = (
        _("%(plan)s has %(seats)s seats, and all are taken. Add seats under Subscriptions")
        if subscription.price.is_per_seat
        else _("%(plan)s is for %(seats)s members, and so many have it. Change to a larger plan under Subscriptions")
    )
    return f"{full % words}{_(', or take its products from another member first.')}"


def members_of(subscriptions: Collection[Subscription]) -> dict[int, int]:
    """How many members may open any of the products of each subscription, by its key; `plan__products` is at hand."""
    companies = {row.company_id for row in subscriptions}
    granted: dict[tuple[int, int], set[int]] = defaultdict(set)
    rows = ProductGrant.objects.filter(membership__company__in=companies)
    for company, product, member in rows.values_list("membership__company", "product", "membership"):
        granted[company, product].add(member)
    return {
        row.pk: len(set().union(*(granted[row.company_id, product.pk] for product in row.plan.products.all())))
        for row in subscriptions
    }
