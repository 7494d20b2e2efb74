"""Parts of a product's page that take longer: the browser asks for each once the page is there."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.catalog.models import Product
from billing.launch import cards
from billing.launch.registry import parts_of
from billing.subscriptions import pages as subscription_pages
from billing.subscriptions.models import ProductAccess, Subscription
from billing.subscriptions.services import items, limits
from billing.usage import series
from portal.core import charts
from portal.core.http import MemberRequest
from portal.core.widgets import Period

USAGE_DAYS = 30
USAGE_CHARTS = 3
TITLES = {"plan": gettext_lazy("Plan and limits"), "usage": gettext_lazy("Usage"), "help": gettext_lazy("Help")}

Context = dict[str, Any]


def plan(request: MemberRequest, access: ProductAccess, at: datetime) -> Context:
    """The plan that gives the product, what comes next and how much of each limit is used; None without one."""
    if access.subscription_id is None:
        return {"plan": None}
    rows = Subscription.objects.filter(pk=access.subscription_id).with_prices().prefetch_related(*limits.CONTENTS)
    mine = rows.get()
    found = {
        "name": items.name_of(mine.plan),
        "badge": subscription_pages.badge(mine),
        "next": subscription_pages.next_step(mine) if mine.is_live else "",
        "meters": [subscription_pages.meter(one) for one in limits.of_rows([mine])[mine.pk]],
    }
    return {"plan": found}


def usage(request: MemberRequest, access: ProductAccess, at: datetime) -> Context:
    """What was used of the product in the last 30 days, the first few metrics, beside the 30 days before."""
    today = timezone.localdate(at)
    span = series.Span.of(Period(today - timedelta(days=USAGE_DAYS - 1), today + timedelta(days=1)))
    used = series.read(request.company, span, products=[access.product_id])[:USAGE_CHARTS]
    shown = [
        charts.line(row.metric.name, span.labels, {row.metric.name: row.values}, before=row.before) for row in used
    ]
    return {"charts": shown, "url": cards.usage_address(access.product.slug)}


def help_with(request: MemberRequest, access: ProductAccess, at: datetime) -> Context:
    """What apps above know of the product."""
    return {"parts": parts_of(request, access.product)}


READERS: dict[str, Callable[[MemberRequest, ProductAccess, datetime], Context]] = {
    "plan": plan,
    "usage": usage,
    "help": help_with,
}


def part(product: Product, name: str) -> dict[str, Any]:
    """Where a part comes from, and what it is called."""
    url = reverse("product-part", args=[product.slug, name])
    return {"name": name, "title": TITLES[name], "url": url, "template": f"launch/parts/{name}.html"}


def of(request: MemberRequest, access: ProductAccess, name: str, *, at: datetime) -> Context:
    """What one part shows."""
    crumbs = [
        {"label": _("Products"), "url": reverse("products")},
        {"label": access.product.name, "url": reverse("product", args=[access.product.slug])},
        {"label": TITLES[name]},
    ]
    about = part(access.product, name)
    return {"product": access.product, "part": about, "crumbs": crumbs, **READERS[name](request, access, at)}
