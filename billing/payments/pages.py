"""What the pages of the billing center show."""

from datetime import date, datetime, timedelta
from typing import Any

from django.core.paginator import Page
from django.forms import Form, ModelForm
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from billing.invoicing.models import Invoice
from billing.payments import standing
from billing.payments.forms import PayForm, keeping
from billing.payments.gateways.base import gateways
from billing.payments.models import Dispute, Payment, PaymentMethod
from billing.payments.services import owing, recharging
from billing.subscriptions import pages as subscriptions
from portal.accounts import tax_ids
from portal.accounts.models import Company
from portal.core.money import words

SHOWN = 5
ASKED_AT_MOST_EVERY = timedelta(seconds=3)
STATES = {
    "pending": "Under way",
    "needs_action": "Waits for you",
    "succeeded": "Paid",
    "failed": "Failed",
    "cancelled": "Cancelled",
}
REFUND_STATES = {
    "waiting": "Waits for a decision",
    "pending": "On its way",
    "succeeded": "Returned",
    "failed": "Did not arrive: it is kept as balance",
    "cancelled": "Decided against",
}
DISPUTE_STATES = {"open": "Taken back by the bank", "won": "Returned by the bank", "lost": "Taken back by the bank"}
COLUMNS = [
    {"label": "Payment"},
    {"label": "State", "tight": True},
    {"label": "Invoice"},
    {"label": "With"},
    {"label": "Amount", "number": True},
]
NO_PAYMENTS = {"icon": "wallet", "title": "No payments yet", "text": "Each payment shows here as soon as it is begun."}
NO_METHODS = {
    "icon": "credit-card",
    "title": "No payment method yet",
    "text": "Add a card, and your invoices are paid on time without anybody thinking of it.",
}
CENTER_CRUMBS = [{"label": "Billing", "url": "/customer/billing/"}]
ELSEWHERE = (
    ("subscriptions", "package", "Subscriptions", "What you have, what it costs, and how much of it is left."),
    ("statement", "receipt", "Statement of account", "All that was charged, paid and credited, day by day."),
    ("payment-methods", "credit-card", "Payment methods", "Cards that your invoices are charged to."),
    ("billing-settings", "settings", "Billing settings", "The address and the e-mail on your invoices."),
)
METHOD_CRUMBS = [*CENTER_CRUMBS, {"label": "Payment methods", "url": "/customer/billing/payment-methods/"}]


def overview(company: Company, *, today: date, may_pay: bool) -> dict[str, Any]:
    """What is due, what comes next, what charges it, the last payments, and the way to the rest of billing."""
    owed = owing.of(company, today=today)
    rows = Invoice.objects.for_company(company).filter(status=Invoice.Status.OPEN).with_due().order_by("due_on", "pk")
    under_way = Payment.objects.under_way().filter(company=company)
    paying = {payment.invoice_id: payment.get_absolute_url() for payment in under_way}
    method = PaymentMethod.objects.default_of(company)
    last = Payment.objects.for_company(company).select_related("invoice", "method").newest()[:SHOWN]
    open_ones = [waiting(row, paying.get(row.pk, ""), today=today, may_pay=may_pay) for row in rows[:SHOWN]]
    return {
        "due": owed.due,
        "balance": owed.balance,
        "waiting": open_ones,
        "was_invoiced": bool(open_ones) or any_issued(company),
        "bill": subscriptions.next_bill(company, today=today),
        "method": method,
        "method_warning": warning(method, today=today) if method else "",
        "may_pay": may_pay,
        "columns": COLUMNS,
        "rows": [row_of(payment) for payment in last],
        "empty": NO_PAYMENTS,
        "elsewhere": [
            {"url": reverse(name), "icon": icon, "title": title, "note": note} for name, icon, title, note in ELSEWHERE
        ],
    }


def any_issued(company: Company) -> bool:
    """Whether there ever was something to pay."""
    return Invoice.objects.for_company(company).exclude(status=Invoice.Status.DRAFT).exists()


def waiting(invoice: Invoice, under_way: str, *, today: date, may_pay: bool) -> dict[str, Any]:
    """An open invoice as the overview lists it; `under_way` is the page of a payment of it that is."""
    return {
        "number": invoice.number,
        "url": invoice.get_absolute_url(),
        "due": invoice.due,
        "due_on": invoice.due_on,
        "is_overdue": invoice.is_overdue(today=today),
        "is_under_way": bool(under_way),
        "pay_url": under_way or (reverse("invoice-pay", args=[invoice.number]) if may_pay else ""),
    }


def payment_list(page: "Page[Payment]") -> dict[str, Any]:
    """One page of all payments."""
    return {
        "columns": COLUMNS,
        "rows": [row_of(payment) for payment in page],
        "empty": NO_PAYMENTS,
        "page": page,
        "crumbs": CENTER_CRUMBS,
    }


def row_of(payment: Payment) -> dict[str, Any]:
    """A payment as components/table.html takes it."""
    return {
        "url": payment.get_absolute_url(),
        "cells": [
            {"value": date_format(timezone.localtime(payment.created_at), "j M Y, H:i")},
            {"badge": payment.status, "value": STATES[str(payment.status)]},
            {"value": str(payment.invoice or "–")},
            {"value": way_of(payment)},
            {"value": words(payment.money)},
        ],
    }


def way_of(payment: Payment) -> str:
    """What it was paid with."""
    if payment.method:
        return str(payment.method)
    return gateways.get(payment.gateway).label if payment.gateway in gateways else payment.gateway


def warning(method: PaymentMethod, *, today: date) -> str:
    """What is wrong with a method; nothing as long as it can be charged for a while."""
    if method.has_expired(today=today):
        return "It has expired: add another one, or payments fail." if method.is_default else "It has expired."
    if method.expires_on and method.expires_soon(today=today):
        return f"It expires on {date_format(method.expires_on, 'j F Y')}: add another one before."
    return ""


def methods_page(company: Company, *, today: date, may_pay: bool) -> dict[str, Any]:
    """What can be charged, and where another one is kept."""
    rows = PaymentMethod.objects.for_company(company)
    return {
        "methods": [
            {"row": method, "warning": warning(method, today=today), "has_expired": method.has_expired(today=today)}
            for method in rows
        ],
        "gateways": keeping() if may_pay else [],
        "unpaid": recharging.unpaid(company).with_due().order_by("due_on", "pk") if may_pay else [],
        "may_pay": may_pay,
        "empty": NO_METHODS,
        "crumbs": CENTER_CRUMBS,
    }


def method_url(method: PaymentMethod) -> str:
    """Where the customer comes back to from the gateway."""
    return reverse("payment-method-added", args=[method.public_id])


def pay_page(invoice: Invoice, form: PayForm) -> dict[str, Any]:
    """An invoice and the ways to pay it."""
    return {
        "invoice": invoice,
        "due": invoice.due,
        "form": form,
        "is_open": invoice.status == Invoice.Status.OPEN,
        "has_ways": bool(form.gateways or form.methods),
        "instructions": instructions(invoice),
        "under_way": Payment.objects.under_way().filter(invoice=invoice).first(),
        "crumbs": [
            {"label": "Invoices", "url": reverse("invoices")},
            {"label": invoice.number, "url": invoice.get_absolute_url()},
        ],
    }


def link_page(invoice: Invoice, form: PayForm, last: Payment | None) -> dict[str, Any]:
    """The same without signing in: nothing else of the company, not even how others of it try to pay."""
    under_way = Payment.objects.under_way().filter(invoice=invoice).first()
    invoice.refresh_from_db()
    return {
        **pay_page(invoice, form),
        "lines": list(invoice.lines.all()),
        "last": payment_page(last, may_pay=False) if last else None,
        "is_elsewhere": under_way is not None and under_way != last,
        "under_way": under_way if under_way == last else None,
    }


def payment_page(payment: Payment, *, may_pay: bool) -> dict[str, Any]:
    """One payment, in plain sentences."""
    invoice = payment.invoice
    left = invoice if invoice and invoice.status == Invoice.Status.OPEN else None
    disputes = list(payment.disputes.order_by("pk"))
    return {
        "payment": payment,
        "state_label": STATES[str(payment.status)],
        "way": way_of(payment),
        "is_under_way": payment.is_under_way,
        "waiting": standing.waiting(payment) if payment.is_under_way else None,
        "arrived": standing.arrived(payment) if payment.status == Payment.Status.SUCCEEDED else "",
        "can_cancel": may_pay and payment.is_under_way,
        "pay_url": reverse("invoice-pay", args=[left.number]) if left and may_pay and not payment.is_under_way else "",
        "refunds": [
            (refund, REFUND_STATES[str(refund.status)])
            for refund in payment.refunds.exclude(status__in=["waiting", "cancelled"]).order_by("pk")
        ],
        "disputes": [(row, DISPUTE_STATES[str(row.status)]) for row in disputes],
        "is_taken_back": any(row.status != Dispute.Status.WON for row in disputes),
        "receipt_url": reverse("payment-receipt", args=[payment.public_id]) if payment.closed_at else "",
        "crumbs": [*CENTER_CRUMBS, {"label": "Payments", "url": reverse("payments")}, {"label": str(payment)}],
    }


def settings_page(company: Company, form: "ModelForm[Company] | Form", *, may_edit: bool) -> dict[str, Any]:
    """Where invoices go, and the tax number on them."""
    return {
        "form": form,
        "may_edit": may_edit,
        "tax_id": tax_ids.masked(company.tax_id),
        "legal_name": company.legal_name or company.name,
        "company": company,
        "crumbs": CENTER_CRUMBS,
    }


def instructions(invoice: Invoice) -> str:
    """How to pay by bank, as it stands on the invoice."""
    return str(invoice.bill_from.get("payment_instructions", ""))


def is_to_be_asked(payment: Payment, *, at: datetime) -> bool:
    """Whether the page of a payment asks the gateway: when the customer comes back, else while nobody has just done."""
    if payment.status == Payment.Status.NEEDS_ACTION or payment.called_at is None:
        return payment.is_under_way
    return payment.is_under_way and payment.called_at + ASKED_AT_MOST_EVERY * (1 + payment.asked) <= at
