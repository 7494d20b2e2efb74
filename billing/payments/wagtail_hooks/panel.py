"""What went wrong with money, on the first page of the admin."""

from datetime import timedelta
from typing import Any

from django.urls import path, reverse
from django.utils import timezone
from wagtail import hooks
from wagtail.admin.ui.components import Component

from billing.payments.models import Dispute, Payment, Refund, StatementLine, WebhookMessage
from billing.payments.services import failed_work
from billing.payments.wagtail_hooks.actions import TryAgainView
from portal.core.http import StaffRequest

LATELY = timedelta(days=30)
LONG = timedelta(hours=24)


class MoneyPanel(Component):
    """How much of each waits for somebody; one count over a partial list for each line."""

    name = "payments_failed"
    template_name = "payments/admin/panel.html"
    order = 60

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Lines with a number above zero, and the way to each."""
        now = timezone.now()
        signed = WebhookMessage.objects.filter(signature=WebhookMessage.Signature.GOOD)
        lines = [
            (
                "Webhooks that could not be processed",
                signed.filter(state=WebhookMessage.State.FAILED, received_at__gte=now - LATELY).count(),
                f"{reverse('webhooks:index')}?state=failed",
            ),
            (
                "Payments whose outcome has been unknown for a day",
                Payment.objects.filter(status=Payment.Status.PENDING, created_at__lt=now - LONG).count(),
                f"{reverse('payments:index')}?status=pending",
            ),
            (
                "Refunds that failed in the last 30 days",
                Refund.objects.filter(status=Refund.Status.FAILED, closed_at__gte=now - LATELY).count(),
                f"{reverse('refunds:index')}?status=failed",
            ),
            (
                "Refunds on their way, some for you to transfer",
                Refund.objects.filter(status=Refund.Status.PENDING).count(),
                f"{reverse('refunds:index')}?status=pending",
            ),
            ("Open disputes", Dispute.objects.filter(status=Dispute.Status.OPEN).count(), reverse("disputes:index")),
            (
                "Bank transfers that wait for you",
                StatementLine.objects.filter(state=StatementLine.State.WAITING).count(),
                f"{reverse('transfers:index')}?state=waiting",
            ),
        ]
        may_retry = parent_context["request"].user.has_perm("payments.manage_payment")
        lines += [
            (work.label, work.failed().count(), reverse("try-again", args=[kind]) if may_retry else "")
            for kind, work in failed_work.WORK.items()
        ]
        return {"lines": [line for line in lines if line[1]]}


@hooks.register("register_admin_urls")
def try_again_urls() -> list[Any]:
    """Where failed work is tried again."""
    return [path("failed-work/<slug:kind>/", TryAgainView.as_view(), name="try-again")]


@hooks.register("construct_homepage_panels")
def money_panel(request: StaffRequest, panels: list[Any]) -> None:
    """For those who see payments."""
    if request.user.has_perm("payments.view_payment"):
        panels.append(MoneyPanel())
