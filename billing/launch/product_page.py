"""What the page of one product shows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.catalog.models import Plan, Product
from billing.launch import cards, product_parts, uptime
from billing.launch.registry import parts_of
from billing.subscriptions.models import ProductAccess
from billing.subscriptions.services import items
from portal.accounts.models import Membership
from portal.activity import feeds
from portal.activity.models import ActivityEvent
from portal.core.http import MemberRequest

EVENTS = 8


@dataclass(frozen=True, slots=True)
class Found:
    """A product, and the company's access to it, if it ever had any."""

    product: Product
    access: ProductAccess | None


def find(membership: Membership, slug: str) -> Found:
    """A product that the company has or could have. Raises Http404 for any other."""
    access = cards.with_contents(membership.company, membership).filter(product__slug=slug).first()
    if access is not None:
        return Found(access.product, access)
    return Found(get_object_or_404(Product.objects.offered(), slug=slug), None)


def had(membership: Membership, slug: str) -> ProductAccess:
    """The company's access to a product. Raises Http404 where it never had any."""
    access = find(membership, slug).access
    if access is None:
        raise Http404
    return access


def of(request: MemberRequest, access: ProductAccess, *, at: datetime) -> dict[str, Any]:
    """The page of a product that the company has; what takes longer comes later (`product_parts`)."""
    product = access.product
    card = cards.of_product(access, request.membership, at=at)
    return {
        "product": product,
        "card": card,
        "crumbs": crumbs(product),
        "shortcuts": [(row, to(card, row.path)) for row in product.shortcuts.all()],
        "activity": activity(request, product, at=at),
        "uptime": uptime.of(product, at=at),
        "later": {name: product_parts.part(product, name) for name in product_parts.READERS},
    }


def not_had(request: MemberRequest, product: Product) -> dict[str, Any]:
    """The page of a product that the company could have: what it is, and the plans that include it."""
    offered = Plan.objects.offered().visible_to(request.company).with_prices(request.company.currency)
    plans = offered.filter(products=product).select_related("family").order_by("family__position", "level")
    return {
        "product": product,
        "crumbs": crumbs(product),
        "plans": [(items.name_of(row), row.description) for row in plans],
        "plans_url": cards.plans_address(product.slug),
        "parts": parts_of(request, product),
    }


def crumbs(product: Product, *more: str) -> list[dict[str, str]]:
    """The way to a page of a product."""
    here = {"label": product.name, **({"url": reverse("product", args=[product.slug])} if more else {})}
    return [{"label": _("Products"), "url": reverse("products")}, here, *({"label": label} for label in more)]


def to(card: cards.Card, path: str) -> str:
    """A place in the product, signing in on the way; nothing for whom the product is closed."""
    return f"{card.launch_url}?{urlencode({'to': path})}" if card.launch_url else ""


def activity(request: MemberRequest, product: Product, *, at: datetime) -> list[feeds.Entry]:
    """What happened last to the product at the company, as far as this member may read it."""
    visible = ActivityEvent.objects.visible_to(request.user, company=request.company, membership=request.membership)
    return feeds.entries(visible.about(product), limit=EVENTS, now=at)
