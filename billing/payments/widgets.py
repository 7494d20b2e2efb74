"""What dashboards show of what a company owes."""

from datetime import date
from typing import Any, ClassVar

from django.utils import timezone
from djmoney.money import Money
from wagtail import blocks

from billing.invoicing.widgets import BillingWidgetBlock
from billing.payments import pages
from billing.payments.models import PaymentMethod
from billing.payments.services import owing
from billing.payments.services.owing import Owed
from portal.core.widgets import Scope


def summary(scope: Scope) -> dict[str, Any] | None:
    """What is due and late, what is to the company's credit, and what charges it; three queries."""
    company, today = scope.request.company, timezone.localdate()
    if company is None:
        return None
    method = PaymentMethod.objects.default_of(company)
    warning = pages.warning(method, today=today) if method else ""
    return {"owed": owing.of(company, today=today), "method": method, "warning": warning}


class BillingSummary(BillingWidgetBlock):
    """What a company owes today."""

    title = blocks.CharBlock(default="Billing", max_length=80)
    needs = (summary,)
    samples = (
        {
            "owed": Owed(Money("11600.00", "KES"), Money("0.00", "KES"), Money("500.00", "KES"), date(2026, 12, 5)),
            "method": "Visa ending in 4242",
        },
    )
    body_template = "payments/widgets/summary.html"
    link = ("billing", "Billing")

    class Meta:
        icon = "form"
        description = "For companies: what is due and late, the balance, and what is charged automatically."
        preview_value: ClassVar[dict[str, Any]] = {"title": "Billing"}
