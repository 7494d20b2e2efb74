"""What dashboards show of use."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import Sum
from wagtail import blocks

from billing.catalog.models import Product
from billing.usage import series
from billing.usage.figures import DONE
from billing.usage.series import Span
from portal.accounts.desks import Kind
from portal.core import charts
from portal.core.charts import Chart, Number
from portal.core.widgets import LaterWidgetBlock, Scope

# As many as can be told apart.
MOST_PRODUCTS = 5
TITLE = "Use by product"


def usage_chart(scope: Scope) -> Chart | None:
    """What was done with each product in the period, by the day or month; two queries. None where nothing was."""
    if scope.request.company is None:
        return None
    span = Span.of(scope.period)
    rows = series.totals(scope.request.company, scope.period).filter(metric__kind__in=DONE).order_by()
    used: dict[int, dict[Any, int]] = {}
    placed = rows.annotate(start=span.bucket).values_list("product", "start").annotate(done=Sum("total"))
    for product, start, done in placed:
        used.setdefault(product, {})[series.day_of(start)] = int(done)
    if not used:
        return None
    most = sorted(used, key=lambda product: -sum(used[product].values()))[:MOST_PRODUCTS]
    products = Product.objects.filter(pk__in=most)
    lines: dict[str, Sequence[Number]] = {
        product.name: [used[product.pk].get(start, 0) for start in span.starts] for product in products
    }
    return charts.line(TITLE, span.labels, lines)


class UsageChart(LaterWidgetBlock):
    """How much a company used its products."""

    title = blocks.CharBlock(default="Usage", max_length=80)
    needs = (usage_chart,)
    samples = (charts.line(TITLE, ["1 Nov", "2 Nov", "3 Nov"], {"ERP": [120, 180, 160], "Payroll": [40, 30, 90]}),)
    kinds = frozenset({Kind.COMPANY})
    body_template = "usage/widgets/chart.html"
    link = ("usage", "All usage")

    class Meta:
        icon = "order-up"
        description = "For companies: how much was done with each product in the period."
        preview_value: ClassVar[dict[str, Any]] = {"title": "Usage"}
