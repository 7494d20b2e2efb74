"""What the people who manage a company's billing are told of payments."""

from datetime import date, datetime

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from billing.invoicing.models import Invoice
from billing.invoicing.services.parties import payers
from billing.payments.models import Dispute, DunningStep, Payment, PaymentMethod, Refund
from billing.payments.services import links
from portal.accounts.services import staff
from portal.core.money import words
from portal.notifications.services import notices


def succeeded(payment: Payment, *, at: datetime) -> None:
    """Money arrived and something of the invoice is still due; one that is settled is told of by invoicing."""
    invoice = payment.invoice
    if invoice is None:
        return
    invoice.refresh_from_db()
    if invoice.status == Invoice.Status.OPEN:
        _tell("payment_received", payment, at, {"due": words(invoice.due)})


def failed(payment: Payment, *, at: datetime) -> None:
    """An automatic payment was refused."""
    message = payment.failure_message or _("The payment was refused.")
    link = links.url_to(payment.invoice) if payment.invoice else ""
    fields = {"reason": message, "method": str(payment.method or ""), "link": link}
    _tell("payment_failed", payment, at, fields, pay=True)


def not_charged(invoice: Invoice, method: PaymentMethod, *, reason: str, at: datetime) -> None:
    """An automatic payment was not even tried; told once for each invoice and method."""
    notices.notify(
        kind="payment_failed",
        people=payers(invoice.company),
        key=f"invoice {invoice.public_id} method {method.public_id}",
        at=at,
        fields={
            "number": str(invoice),
            "company": invoice.company.name,
            "amount": words(invoice.due),
            "reason": reason,
            "method": str(method),
            "link": links.url_to(invoice),
        },
        url=reverse("invoice-pay", args=[invoice.number]),
        company=invoice.company,
    )


def expiring(method: PaymentMethod, *, at: datetime) -> None:
    """What is charged by itself cannot be charged much longer; told once for each last day."""
    notices.notify(
        kind="payment_method_expiring",
        people=payers(method.company),
        key=f"method {method.public_id} {method.expires_on}",
        at=at,
        fields={
            "method": str(method),
            "company": method.company.name,
            "last_day": date_format(method.expires_on, "j F Y") if method.expires_on else "",
        },
        url=reverse("payment-methods"),
        company=method.company,
    )


def needs_action(payment: Payment, *, at: datetime) -> None:
    """An automatic payment waits for the customer."""
    _tell("payment_needs_action", payment, at, {"method": str(payment.method or "")})


def remind(invoice: Invoice, *, days: int, starts_on: date, channel: str, at: datetime) -> None:
    """An invoice will be, is, or was due; `days` after the day from which is counted, before it when negative."""
    kind = "invoice_due_soon" if days < 0 else "invoice_due_today" if days == 0 else "invoice_overdue"
    notices.notify(
        kind=f"{kind}_sms" if channel == DunningStep.Channel.SMS else kind,
        people=payers(invoice.company),
        key=f"invoice {invoice.public_id} {starts_on} {days}",
        at=at,
        fields={
            "number": str(invoice),
            "company": invoice.company.name,
            "amount": words(invoice.due),
            "due": date_format(starts_on, "j F Y"),
            "link": links.url_to(invoice),
        },
        url=reverse("invoice-pay", args=[invoice.number]),
        company=invoice.company,
    )


def returned(refund: Refund, *, at: datetime) -> None:
    """Money is on its way back."""
    notices.notify(
        kind="payment_returned",
        people=payers(refund.company),
        key=f"refund {refund.public_id}",
        at=at,
        fields={"amount": words(refund.money), "company": refund.company.name, "reason": refund.reason},
        url=refund.payment.get_absolute_url(),
        company=refund.company,
    )


def not_returned(refund: Refund, *, at: datetime) -> None:
    """Money did not reach its receiver, or came back: the company is told, and staff who move money."""
    company, key = refund.company, f"refund {refund.public_id}"
    fields = {"amount": words(refund.money), "company": company.name, "reason": refund.failure_message}
    notices.notify(
        kind="payment_return_failed",
        people=payers(company),
        key=key,
        at=at,
        fields=fields,
        url=refund.payment.get_absolute_url(),
        company=company,
    )
    notices.notify(
        kind="refund_failed",
        people=staff.who_may("payments.manage_payment"),
        key=key,
        at=at,
        fields=fields,
        url=reverse("refunds:inspect", args=[refund.pk]),
    )


def disputed(dispute: Dispute, *, at: datetime) -> None:
    """The bank took money back, and it is due again."""
    notices.notify(
        kind="payment_disputed",
        people=payers(dispute.company),
        key=f"dispute {dispute.public_id}",
        at=at,
        fields={"amount": words(dispute.money), "company": dispute.company.name, "payment": str(dispute.payment)},
        url=dispute.payment.get_absolute_url(),
        company=dispute.company,
    )


def _tell(kind: str, payment: Payment, at: datetime, fields: dict[str, str], *, pay: bool = False) -> None:
    invoice = payment.invoice
    notices.notify(
        kind=kind,
        people=payers(payment.company),
        key=f"payment {payment.public_id}",
        at=at,
        fields={
            "number": str(invoice or ""),
            "company": payment.company.name,
            "amount": words(payment.money),
            **fields,
        },
        url=reverse("invoice-pay", args=[invoice.number]) if pay and invoice else payment.get_absolute_url(),
        company=payment.company,
    )
