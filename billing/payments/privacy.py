"""What archives hold of payments, and for how long webhooks are kept."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet

from billing.payments.models import Payment, PaymentMethod, Refund, WebhookMessage
from portal.accounts.models import Company
from portal.core.privacy import Eraser, Erasing, Exporter, Record, RetentionRule


def payments(company: Company) -> Iterable[Record]:
    """What the company has paid, and what became of attempts."""
    rows = Payment.objects.for_company(company).order_by("pk").values(
        "status", "currency", "amount", "received_amount", "gateway", "receipt", "created_at", "closed_at",
        "failure_message", invoice_number=F("invoice__number"),
    )  # fmt: skip
    return rows.iterator()


def refunds(company: Company) -> Iterable[Record]:
    """What went back."""
    rows = Refund.objects.for_company(company).order_by("pk")
    return rows.values("status", "currency", "amount", "reason", "created_at", "closed_at").iterator()


def methods(company: Company) -> Iterable[Record]:
    """What can be charged, and could be."""
    rows = PaymentMethod.objects.filter(company=company).exclude(added_at=None).order_by("pk")
    return rows.values("gateway", "brand", "last4", "expires_on", "is_default", "added_at", "removed_at").iterator()


def old_webhooks(limit: datetime) -> Sequence[QuerySet[Any]]:
    """Messages that were dealt with, and those that nobody signed."""
    return [WebhookMessage.objects.filter(finished_at__lt=limit)]


def forget_methods(erasing: Erasing[Company]) -> None:
    """Charge nothing any more; the gateways are told by the worker."""
    rows = PaymentMethod.objects.filter(company=erasing.owner)
    rows.filter(removed_at=None).update(removed_at=erasing.at, is_default=False)
    rows.update(brand="", last4="")


ERASER = Eraser("Payment methods; the gateways are asked to forget them.", forget_methods)
COMPANY = {"payments": Exporter(payments), "refunds": Exporter(refunds), "payment-methods": Exporter(methods)}
RULES = {"payment_webhooks": RetentionRule("Webhooks of payment gateways", days=365, expired=old_webhooks, least=30)}
