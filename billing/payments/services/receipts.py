"""Receipts for money that arrived, as PDF; made anew each time from what does not change."""

from typing import Any

from django.template.loader import render_to_string

from billing.invoicing.models import BillingSettings, LedgerEntry
from billing.invoicing.services import parties
from billing.payments.gateways.base import gateways
from billing.payments.models import Payment
from portal.core.money import total

STYLE = "css/paper.css"


def of_invoices(payment: Payment) -> list[dict[str, Any]]:
    """Which invoices it has paid, and how much of each."""
    if payment.movement is None:
        return []
    entries = payment.movement.entries.filter(account=LedgerEntry.Account.RECEIVABLE).select_related("invoice")
    return [{"invoice": entry.invoice, "amount": -entry.money} for entry in entries.order_by("pk")]


def context_of(payment: Payment) -> dict[str, Any]:
    """What a receipt shows: from whom, to whom, for which invoices, and what is kept."""
    invoice = payment.invoice
    receiver = parties.vendor(BillingSettings.load())
    payer = invoice.bill_to if invoice and invoice.bill_to else parties.customer(payment.company)
    paid = of_invoices(payment)
    return {
        "payment": payment,
        "vendor": receiver,
        "vendor_address": parties.address_of(receiver),
        "customer": payer,
        "customer_address": parties.address_of(payer),
        "way": str(payment.method or gateways.get(payment.gateway).label),
        "paid": paid,
        "over": payment.money - total((part["amount"] for part in paid), payment.currency),
    }


def pdf(payment: Payment) -> bytes:
    """Typeset the receipt of a payment that succeeded."""
    from portal.core import typesetting

    page = render_to_string("payments/receipt.html", context_of(payment))
    return typesetting.typeset(page, style_sheet=STYLE)
