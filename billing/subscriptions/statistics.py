"""Figures on products for dashboards."""

from billing.subscriptions.models import ProductAccess
from portal.accounts.desks import Kind
from portal.core.widgets import Figure, Scope, Statistic


def open_products(scope: Scope) -> Figure:
    """Products that the viewer's company may open now."""
    return Figure(ProductAccess.objects.filter(company=scope.request.company).open().count())


STATISTICS = {
    "products": Statistic(
        "Active products", "Products your company can open now.", frozenset({Kind.COMPANY}), open_products, "package"
    ),
}
