"""Figures on products and subscriptions for dashboards."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q
from djmoney.money import Money

from billing.invoicing.models import Invoice
from billing.subscriptions.models import ProductAccess, ProductGrant, Subscription
from billing.subscriptions.widgets import coming_bill
from portal.accounts import roles
from portal.accounts.desks import Kind
from portal.accounts.models import Membership
from portal.accounts.roles import Permission
from portal.core.http import PortalRequest
from portal.core.periods import start_of
from portal.core.widgets import Counted, Figure, Scope, Statistic

MOST_BILLS = 11
AT_COMPANIES = frozenset({Kind.COMPANY})


def sees_bills(request: PortalRequest) -> bool:
    """Whether the viewer sees invoices."""
    return roles.allows(request.membership, Permission.VIEW_BILLING)


def open_at(instant: datetime) -> Q:
    """Rights that had been given by an instant and not been taken by then."""
    return Q(created_at__lt=instant) & (Q(is_open=True) | Q(closed_at__gte=instant))


def open_products(scope: Scope) -> Counted:
    """Products that the viewer's company could open at the end of the period, of the one before, and on the way.

    Of a right that was closed and opened again no more is known than that it is open.
    """
    period = scope.period
    ends, starts, *points = (open_at(start_of(day)) for day in (period.ends_on, period.starts_on, *period.points))
    return Counted(ProductAccess.objects.filter(company=scope.request.company), ends, starts, tuple(points))


def live_subscriptions(scope: Scope) -> Counted:
    """Subscriptions of the viewer's company that have not ended."""
    return Counted(Subscription.objects.filter(company=scope.request.company).live())


def product_users(scope: Scope) -> Counted:
    """Members of the viewer's company who may open a product now."""
    granted = ProductGrant.objects.filter(membership=OuterRef("pk")).usable()
    return Counted(Membership.objects.filter(Exists(granted), company=scope.request.company))


def next_bill(scope: Scope) -> Figure | None:
    """What the company's next bill comes to, beside the last one, with the way of the last ones; five queries."""
    bill = scope.once(coming_bill)
    if bill is None:
        return None
    total: Money = bill.invoice.total
    issued = Invoice.objects.for_company(bill.invoice.company).filter(currency=bill.invoice.currency)
    totals = [invoice.total for invoice in issued.newest()[:MOST_BILLS]]
    way = [*reversed(totals), total]
    return Figure(total, totals[0] if totals else None, tuple(one.amount for one in way) if totals else ())


STATISTICS = {
    "products": Statistic(
        "Active products",
        "Products that your company could open at the end of the period.",
        AT_COMPANIES,
        open_products,
        "package",
        link="subscriptions",
        good="none",
    ),
    "subscriptions": Statistic(
        "Subscriptions", "Subscriptions of your company that have not ended.", AT_COMPANIES, live_subscriptions, "tag"
    ),
    "product_users": Statistic(
        "Product users", "Members of your company who can open a product now.", AT_COMPANIES, product_users, "users"
    ),
    "next-bill": Statistic(
        "Next bill",
        "What will be charged next by what is known today, with tax and without use that is still to come.",
        AT_COMPANIES,
        icon="calendar",
        reader=next_bill,
        allows=sees_bills,
        link="billing",
        good="none",
        compared="against the last bill",
        later=True,
        sample=Figure(Money("13920.00", "KES"), Money("11600.00", "KES"), (11600, 11600, 13920)),
    ),
}
