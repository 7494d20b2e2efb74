"""Receipts for money that arrived, as PDF; made anew each time from what does not change."""

from django.template.loader import render_to_string

from billing.invoicing.models import BillingSettings, LedgerEntry
from billing.invoicing.services.parties import customer, vendor
from billing.payments.gateways.base import gateways
from billing.payments.models import Payment

STYLE = "css/paper.css"


def pdf(payment: Payment) -> bytes:
    """Typeset the receipt of a payment that succeeded: from whom, for which invoices, with what."""
    from portal.core import typesetting

    movement = payment.movement
    entries = movement.entries.filter(account=LedgerEntry.Account.RECEIVABLE) if movement else []
    context = {
        "payment": payment,
        "vendor": vendor(BillingSettings.load()),
        "customer": payment.invoice.bill_to if payment.invoice else customer(payment.company),
        "way": str(payment.method or gateways.get(payment.gateway).label),
        "paid": [{"invoice": entry.invoice, "amount": -entry.money} for entry in entries],
    }
    return typesetting.typeset(render_to_string("payments/receipt.html", context), style_sheet=STYLE)
