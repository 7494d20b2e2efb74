"""Pages of the sandbox: they stand for those of a gateway, and know nothing of the portal."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods
from djmoney.money import Money

from billing.payments.forms import SandboxCardForm
from billing.payments.gateways.sandbox import bank
from billing.payments.gateways.sandbox.cards import CARDS
from billing.payments.models import SandboxPayment
from portal.core.money import round_half_up, words


@require_http_methods(["GET", "POST"])
def payment(request: HttpRequest, reference: str) -> HttpResponse:
    """Enter a card."""
    found = _found(reference)
    form = SandboxCardForm(request.POST or None)
    if found.state != "needs_action":
        return _back(found)
    if found.card_id:
        return redirect("sandbox-authentication", found.reference)
    if request.method == "POST" and form.is_valid():
        number, expires_on = form.cleaned_data["number"], form.cleaned_data["expires_on"]
        entered = bank.enter_card(payment=found, number=number, expires_on=expires_on, at=timezone.now())
        needs_more = entered.state == "needs_action"
        return redirect("sandbox-authentication", found.reference) if needs_more else _back(entered)
    return render(request, "payments/sandbox.html", {**_shown(found), "form": form, "cards": CARDS})


@require_http_methods(["GET", "POST"])
def authentication(request: HttpRequest, reference: str) -> HttpResponse:
    """The bank asks whether it is you."""
    found = _found(reference)
    if found.state == "needs_action" and request.method == "POST":
        found = bank.authenticate(payment=found, agrees="agree" in request.POST, at=timezone.now())
    if found.state != "needs_action":
        return _back(found)
    return render(request, "payments/sandbox_authentication.html", _shown(found))


def _found(reference: str) -> SandboxPayment:
    if not settings.PAYMENT_SANDBOX:
        raise Http404
    return get_object_or_404(SandboxPayment.objects.select_related("card"), reference=reference)


def _shown(payment: SandboxPayment) -> dict[str, Any]:
    """What both pages say of it; without an amount a card is to be saved."""
    amount = words(round_half_up(Money(payment.amount, payment.currency))) if payment.amount else ""
    return {"payment": payment, "amount": amount}


def _back(payment: SandboxPayment) -> HttpResponse:
    """To where the customer came from, which only our own requests name."""
    host = settings.BASE_URL.partition("://")[2]
    url = payment.return_url
    return redirect(url if url_has_allowed_host_and_scheme(url, {host}) else "/")
