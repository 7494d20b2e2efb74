"""What dashboards show of a company's subscriptions."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, ClassVar

from django.utils import timezone
from djmoney.money import Money
from wagtail import blocks

from billing.invoicing.widgets import BillingWidgetBlock
from billing.subscriptions import pages
from billing.subscriptions.services.upcoming import Bill
from portal.accounts.desks import Kind
from portal.core.widgets import LaterWidgetBlock, Scope


def coming_bill(scope: Scope) -> Bill | None:
    """The company's next bill; four queries. None where none is known to come."""
    company = scope.request.company
    return pages.coming_bill(company, today=timezone.localdate()) if company else None


def next_bill(scope: Scope) -> dict[str, Any] | None:
    """The same line by line."""
    bill = scope.once(coming_bill)
    return pages.bill_in_lines(bill) if bill else None


def plans_and_limits(scope: Scope) -> list[dict[str, Any]]:
    """What the company has, what comes next, and how much of each limit is used; five queries, however much it has."""
    return pages.in_short(scope.request.company) if scope.request.company else []


class NextBill(BillingWidgetBlock):
    """A company's next bill."""

    title = blocks.CharBlock(default="Next bill", max_length=80)
    needs = (next_bill,)
    samples = (
        {
            "day": date(2026, 12, 5),
            "invoice": SimpleNamespace(total=Money("13920.00", "KES")),
            "lines": [SimpleNamespace(description="ERP Business, monthly", net=Money("12000.00", "KES"))],
            "taxes": [SimpleNamespace(name="VAT", percent=Decimal(16), tax=Money("1920.00", "KES"))],
        },
    )
    body_template = "subscriptions/widgets/next_bill.html"
    link = ("billing", "Billing")

    class Meta:
        icon = "calendar-alt"
        description = "For companies: the next bill and how it is made up."
        preview_value: ClassVar[dict[str, Any]] = {"title": "Next bill"}


class PlansAndLimits(LaterWidgetBlock):
    """A company's plans, and what is used of them."""

    title = blocks.CharBlock(default="Plans and limits", max_length=80)
    needs = (plans_and_limits,)
    samples = (
        [
            {
                "name": "ERP Business",
                "status": "active",
                "label": "Active",
                "next": "It renews on 5 December 2026 for KES 12,000.00 without tax.",
                "meters": [{"label": "Seats", "used": "10", "limit": "of 12", "percent": 83, "note": ""}],
            }
        ],
    )
    kinds = frozenset({Kind.COMPANY})
    body_template = "subscriptions/widgets/plans.html"
    link = ("subscriptions", "Subscriptions")

    class Meta:
        icon = "tag"
        description = "For companies: their plans, what comes next, and how much of each limit is used."
        preview_value: ClassVar[dict[str, Any]] = {"title": "Plans and limits"}
