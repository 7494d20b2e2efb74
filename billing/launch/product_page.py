"""What the page of one product shows."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.catalog.models import Plan, Product
from billing.launch import cards, uptime
from billing.launch.registry import parts_of
from billing.subscriptions import pages as subscription_pages
from billing.subscriptions.models import ProductAccess, Subscription
from billing.subscriptions.services import items, limits
from billing.usage import series
from portal.accounts.models import Company
from portal.activity import feeds
from portal.activity.models import ActivityEvent
from portal.core import charts
from portal.core.http import MemberRequest
from portal.core.widgets import Period

EVENTS = 8
USAGE_DAYS = 30
USAGE_CHARTS = 3


@dataclass(frozen=True, slots=True)
class Found:
    """A product, and the company's access to it, if it ever had any."""

    product: Product
    access: ProductAccess | None


def find(company: Company, slug: str) -> Found:
    """A product that the company has or could have. Raises Http404 for any other."""
    access = cards.with_contents(company).filter(product__slug=slug).first()
    if access is not None:
        return Found(access.product, access)
    return Found(get_object_or_404(Product.objects.offered(), slug=slug), None)


def had(company: Company, slug: str) -> ProductAccess:
    """The company's access to a product. Raises Http404 where it never had any."""
    access = find(company, slug).access
    if access is None:
        raise Http404
    return access


def of(request: MemberRequest, access: ProductAccess, *, at: datetime) -> dict[str, Any]:
    """The page of a product that the company has."""
    product = access.product
    card = cards.of_product(access, request.membership, at=at)
    return {
        "product": product,
        "card": card,
        "crumbs": crumbs(product),
        "shortcuts": [(row, to(card, row.path)) for row in product.shortcuts.all()],
        "activity": activity(request, product, at=at),
        "plan": plan(access),
        "uptime": uptime.of(product, at=at),
        "usage": usage(request.company, product, at=at),
        "parts": parts_of(request, product),
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


def plan(access: ProductAccess) -> dict[str, Any] | None:
    """The plan that gives the product, what comes next and how much of each limit is used; None without one."""
    if access.subscription_id is None:
        return None
    rows = Subscription.objects.filter(pk=access.subscription_id).with_prices().prefetch_related(*limits.CONTENTS)
    mine = rows.get()
    return {
        "name": items.name_of(mine.plan),
        "badge": subscription_pages.badge(mine),
        "next": subscription_pages.next_step(mine) if mine.is_live else "",
        "meters": [subscription_pages.meter(one) for one in limits.of_rows([mine])[mine.pk]],
    }


def usage(company: Company, product: Product, *, at: datetime) -> list[charts.Chart]:
    """What was used of the product in the last 30 days, the first few metrics, beside the 30 days before."""
    today = timezone.localdate(at)
    span = series.Span.of(Period(today - timedelta(days=USAGE_DAYS - 1), today + timedelta(days=1)))
    used = series.read(company, span, products=[product.pk])[:USAGE_CHARTS]
    return [charts.line(row.metric.name, span.labels, {row.metric.name: row.values}, before=row.before) for row in used]
