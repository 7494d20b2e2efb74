"""Figures on products and subscriptions for dashboards."""

from django.db.models import Exists, OuterRef

from billing.subscriptions.models import ProductAccess, ProductGrant, Subscription
from portal.accounts.desks import Kind
from portal.accounts.models import Membership
from portal.core.widgets import Counted, Scope, Statistic

AT_COMPANIES = frozenset({Kind.COMPANY})


def open_products(scope: Scope) -> Counted:
    """Products that the viewer's company may open now."""
    return Counted(ProductAccess.objects.filter(company=scope.request.company).open())


def live_subscriptions(scope: Scope) -> Counted:
    """Subscriptions of the viewer's company that have not ended."""
    return Counted(Subscription.objects.filter(company=scope.request.company).live())


def product_users(scope: Scope) -> Counted:
    """Members of the viewer's company who may open a product now."""
    granted = ProductGrant.objects.filter(membership=OuterRef("pk")).usable()
    return Counted(Membership.objects.filter(Exists(granted), company=scope.request.company))


STATISTICS = {
    "products": Statistic(
        "Active products", "Products your company can open now.", AT_COMPANIES, open_products, "package"
    ),
    "subscriptions": Statistic(
        "Subscriptions", "Subscriptions of your company that have not ended.", AT_COMPANIES, live_subscriptions, "tag"
    ),
    "product_users": Statistic(
        "Product users", "Members of your company who can open a product now.", AT_COMPANIES, product_users, "users"
    ),
}
