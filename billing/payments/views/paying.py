"""Paying an invoice, and what became of it."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from billing.invoicing.models import Invoice
from billing.payments import pages
from billing.payments.forms import PayForm
from billing.payments.models import Payment, PaymentMethod
from billing.payments.services import payments, receipts
from portal.accounts import roles
from portal.accounts.permissions import requires
from portal.accounts.roles import Permission
from portal.core.forms import refusals_on
from portal.core.http import MemberRequest
from portal.core.posting import posted_from


@require_http_methods(["GET", "POST"])
@requires(Permission.MANAGE_BILLING)
def pay(request: MemberRequest, number: str) -> HttpResponse:
    """Choose how to pay an invoice."""
    invoice = get_object_or_404(Invoice.objects.for_company(request.company).with_due(), number=number)
    methods = list(PaymentMethod.objects.for_company(request.company))
    form = PayForm(
        request.POST if request.method == "POST" else None, invoice=invoice, due=invoice.due, methods=methods
    )
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            payment = payments.pay(
                invoice=invoice, way=form.chosen(), amount=form.wanted(), at=timezone.now(), by=request.user
            )
            return go_on(payment, payment.get_absolute_url())
    context = pages.pay_page(invoice, form)
    return render(request, "payments/pay.html", context, status=422 if form.errors else 200)


@require_safe
@requires(Permission.VIEW_BILLING)
def payment(request: MemberRequest, payment_id: UUID) -> HttpResponse:
    """What became of a payment; whoever comes back from the gateway has it asked."""
    found = _found(request, payment_id)
    if pages.is_to_be_asked(found, at=timezone.now()):
        found = payments.ask(payment=found, at=timezone.now())
    may_pay = roles.allows(request.membership, Permission.MANAGE_BILLING)
    return render(request, "payments/payment.html", pages.payment_page(found, may_pay=may_pay))


@posted_from("payment", "payment_id")
@requires(Permission.MANAGE_BILLING)
def cancel(request: MemberRequest, payment_id: UUID) -> HttpResponse:
    """Give up a payment that is under way."""
    found = _found(request, payment_id)
    try:
        payments.cancel(payment=found, at=timezone.now())
    except payments.AlreadyPaying as refusal:
        messages.error(request, refusal.message)
        return redirect(found.get_absolute_url())
    messages.success(request, _("The payment is cancelled. Nothing was charged."))
    return redirect(reverse("invoice", args=[found.invoice.number]) if found.invoice else "billing")


@require_safe
@requires(Permission.VIEW_BILLING)
def receipt(request: MemberRequest, payment_id: UUID) -> HttpResponse:
    """A receipt for money that arrived."""
    found = _found(request, payment_id)
    if found.status != Payment.Status.SUCCEEDED:
        return redirect(found.get_absolute_url())
    name = f"receipt-{found.public_id.hex[:8]}.pdf"
    head = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(receipts.pdf(found), content_type="application/pdf", headers=head)


def go_on(payment: Payment, page: str) -> HttpResponse:
    """To where the customer has something to do, if that is here; else to the payment's page, which links to it.

    Browsers let a form lead to other sites only where the policy of the page names them: a link may.
    """
    url = payment.action_url
    return redirect(url if url.startswith(f"{settings.BASE_URL}/") else page)


def _found(request: MemberRequest, payment_id: UUID) -> Payment:
    rows: Any = Payment.objects.for_company(request.company).select_related("company", "invoice", "method", "made_by")
    found: Payment = get_object_or_404(rows, public_id=payment_id)
    return found
