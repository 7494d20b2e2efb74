"""What dashboards show of products."""

from typing import Any, ClassVar

from django.db.models import Exists, OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast, Concat
from django.http import QueryDict
from django.utils import timezone
from wagtail import blocks

from billing.launch import cards, looks
from billing.launch.cards import Card
from billing.launch.models import ProductFigure, ProductSession, ProductSync
from billing.launch.reported import MEMBER_REPORTED, REPORTED
from billing.subscriptions.models import ProductAccess, ProductGrant
from portal.accounts.desks import Kind
from portal.activity.feeds import Entry, entries
from portal.activity.models import ActivityEvent
from portal.core.periods import start_of
from portal.core.widgets import LaterWidgetBlock, Scope, WidgetBlock

MOST = 8
MOST_CARDS = 12
# What a card shows of a product's states.
STATES = ("product__slug", "product__health__state", "closed_reason", "subscription__status")
# What the address of a dashboard says besides: searching keeps it.
DAYS = ("range", "from", "to")


def product_cards(scope: Scope) -> list[Card]:
    """The company's products as the viewer has them; six queries."""
    request = scope.request
    if request.company is None or request.membership is None:
        return []
    return cards.of_member(request.company, request.membership, at=timezone.now())


def mark(scope: Scope) -> "QuerySet[Any] | None":
    """Whether the company's products are open and how well they are, what they told and what the viewer opened last."""
    request = scope.request
    if request.company is None or request.membership is None:
        return None
    mine = ProductAccess.objects.for_company(request.company).order_by()
    product = OuterRef("product")
    told = ProductFigure.objects.filter(company=request.company, product=product).order_by("-reported_at")
    synced = ProductSync.objects.filter(company=request.company, product=product)
    opened = ProductSession.objects.of_member(request.membership).filter(product=product).order_by("-started_at")
    granted = ProductGrant.objects.filter(membership=request.membership, product=product)
    seen = [told.values("reported_at")[:1], synced.values("synced_at")[:1], opened.values("started_at")[:1]]
    states: list[Any] = ["is_open", "subscription__period_ends_at", Exists(granted), *(Subquery(one) for one in seen)]
    parts = [*STATES, *(Cast(one, TextField()) for one in states)]
    spaced = [part for one in parts for part in (one, Value(" "))]
    return mine.annotate(mark=Concat(*spaced, output_field=TextField()))


class ProductCards(WidgetBlock):
    """A company's products, each opened with one click; as a grid or a list, and found by name."""

    title = blocks.CharBlock(default="Your products", max_length=80)
    needs = (product_cards,)
    samples = (
        [
            Card("erp", "ERP", "erp", "Sell, buy and close the month.", "", "active", "Open", launch_url="/help/"),
            Card("payroll", "Payroll", "payroll", "Pay people right.", "", "trialing", "Trial", launch_url="/help/"),
        ],
    )
    kinds = frozenset({Kind.COMPANY})
    is_live = True

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Add the cards that match what is searched for, and how they are shown."""
        context = super().get_context(value, parent_context)
        asked = context["request"].GET if context.get("request") else QueryDict()
        query = asked.get("find", "").strip()[:100]
        mine = [] if context["failed"] else context["data"]
        found = [card for card in mine if card.has(query.casefold().split())]
        return {**context, "cards": found[:MOST_CARDS], "query": query, **_looked_at(context.get("request"), query)}

    class Meta:
        icon = "grip"
        template = "launch/widgets/products.html"
        description = "For companies: their products, with what each reports, opened with one click."
        preview_value: ClassVar[dict[str, Any]] = {"title": "Your products"}


def product_activity(scope: Scope) -> list[Entry]:
    """The newest of what the company's products told in the period."""
    company, period = scope.request.company, scope.period
    if company is None:
        return []
    told = ActivityEvent.objects.filter(company=company, verb__in=(REPORTED, MEMBER_REPORTED))
    return entries(told.between(start_of(period.starts_on), start_of(period.ends_on)), limit=MOST)


def _looked_at(request: Any, query: str) -> dict[str, Any]:
    """As a grid or a list, the other choice, and what the form of the search keeps of the address."""
    look = looks.chosen(request) if request else looks.GRID
    kept = {name: request.GET[name] for name in DAYS if request.GET.get(name)} if request else {}
    segments = looks.choices(look, {**kept, "find": query} if query else kept)
    return {"is_list": look == looks.LIST, "kept": kept.items(), "segments": segments}


class ProductActivity(LaterWidgetBlock):
    """What happened in a company's products."""

    title = blocks.CharBlock(default="In your products", max_length=80)
    needs = (product_activity,)
    samples = (
        [
            {"text": "Payroll: 5 employees added", "icon": "package"},
            {"text": "ERP: Backup complete", "icon": "package"},
        ],
    )
    kinds = frozenset({Kind.COMPANY})
    body_template = "launch/widgets/activity.html"
    link = ("company-activity", "All activity")

    class Meta:
        icon = "history"
        description = "For companies: what their products told, such as “5 employees added”."
        preview_value: ClassVar[dict[str, Any]] = {"title": "In your products"}
