"""Paying an invoice by a link, without signing in: it shows that invoice and nothing else of its company."""

from contextlib import suppress

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from billing.invoicing.models import Invoice
from billing.payments import pages
from billing.payments.forms import PayForm
from billing.payments.models import Payment
from billing.payments.services import links, payments
from billing.payments.views.paying import go_on
from portal.core.errors import DomainError
from portal.core.forms import refusals_on


@never_cache
@require_http_methods(["GET", "POST"])
def pay(request: HttpRequest, token: str) -> HttpResponse:
    """The invoice, how its last payment stands, and the way to pay what is due."""
    invoice = links.invoice_of(token)
    if invoice is None:
        raise Http404
    here = reverse("pay-link", args=[token])
    last = _asked(Payment.objects.filter(invoice=invoice, made_by=None, is_automatic=False).newest().first())
    if request.method == "POST" and "cancel" in request.POST:
        return _cancel(last, here)
    invoice.refresh_from_db()
    form = PayForm(request.POST if request.method == "POST" else None, invoice=invoice, due=invoice.due, methods=[])
    if request.method == "POST" and (begun := _begun(invoice, form, here)):
        return go_on(payments.carry_out(payment=begun, at=timezone.now()), here)
    return _shown(request, invoice, form, last)


def _begun(invoice: Invoice, form: PayForm, here: str) -> Payment | None:
    """The payment that was asked for; None where the form says why not."""
    if form.is_valid():
        with refusals_on(form):
            return payments.begin(
                invoice=invoice, way=form.chosen(), amount=form.wanted(), at=timezone.now(), by=None, return_url=here
            )
    return None


def _shown(request: HttpRequest, invoice: Invoice, form: PayForm, last: Payment | None) -> HttpResponse:
    """The page; its address goes to no other site (settings.SECURE_REFERRER_POLICY), nor into search engines."""
    context = pages.link_page(invoice, form, last)
    response = render(request, "payments/link.html", context, status=422 if form.errors else 200)
    response["X-Robots-Tag"] = "noindex"
    return response


def _asked(last: Payment | None) -> Payment | None:
    """The last payment that was begun by a link, as it stands now."""
    if last is None or not pages.is_to_be_asked(last, at=timezone.now()):
        return last
    return payments.ask(payment=last, at=timezone.now())


def _cancel(last: Payment | None, here: str) -> HttpResponse:
    """Give it up; the page says how it stands."""
    if last and last.is_under_way:
        with suppress(DomainError):
            payments.cancel(payment=last, at=timezone.now())
    return redirect(here)
