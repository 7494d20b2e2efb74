"""The billing center: overview, payment methods, settings."""

from uuid import UUID

from django.conf import settings as conf
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from billing.payments import pages
from billing.payments.models import Payment, PaymentMethod
from billing.payments.services import methods
from portal.accounts import roles
from portal.accounts.forms.companies import AddressForm
from portal.accounts.permissions import requires
from portal.accounts.roles import Permission
from portal.accounts.services import companies
from portal.core.forms import refusals_on
from portal.core.http import MemberRequest
from portal.core.paging import LongPaginator
from portal.core.posting import posted_from

PER_PAGE = 25


@require_safe
@requires(Permission.VIEW_BILLING)
def overview(request: MemberRequest) -> HttpResponse:
    """What is due, what is to the company's credit, and what was paid last."""
    may_pay = roles.allows(request.membership, Permission.MANAGE_BILLING)
    context = pages.overview(request.company, today=timezone.localdate(), may_pay=may_pay)
    return render(request, "payments/overview.html", context)


@require_safe
@requires(Permission.VIEW_BILLING)
def payments(request: MemberRequest) -> HttpResponse:
    """All payments."""
    rows = Payment.objects.for_company(request.company).select_related("invoice", "method").newest()
    page = LongPaginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "payments/payments.html", pages.payment_list(page))


@require_safe
@requires(Permission.VIEW_BILLING)
def payment_methods(request: MemberRequest) -> HttpResponse:
    """What can be charged."""
    may_pay = roles.allows(request.membership, Permission.MANAGE_BILLING)
    context = pages.methods_page(request.company, today=timezone.localdate(), may_pay=may_pay)
    return render(request, "payments/methods.html", context)


@posted_from("payment-methods")
@requires(Permission.MANAGE_BILLING)
def add_method(request: MemberRequest) -> HttpResponse:
    """Lead to the gateway, which keeps it."""
    now = timezone.now()
    gateway = request.POST.get("gateway", "")
    try:
        method = methods.begin(company=request.company, gateway=gateway, at=now, by=request.user)
        outcome = methods.carry_out(method=method, at=now, return_url=pages.method_url(method))
    except methods.NotAdded as refusal:
        messages.error(request, refusal.message)
        return redirect("payment-methods")
    if outcome.url.startswith(f"{conf.BASE_URL}/"):
        return redirect(outcome.url)
    if outcome.url:
        return render(request, "payments/method_elsewhere.html", {"url": outcome.url, "crumbs": pages.METHOD_CRUMBS})
    return _told(request, method)


@require_safe
@requires(Permission.MANAGE_BILLING)
def method_added(request: MemberRequest, method_id: UUID) -> HttpResponse:
    """The customer comes back from the gateway."""
    method = get_object_or_404(
        PaymentMethod.objects.select_related("company"), company=request.company, public_id=method_id
    )
    return _told(request, method)


@posted_from("payment-methods")
@requires(Permission.MANAGE_BILLING)
def default_method(request: MemberRequest, method_id: UUID) -> HttpResponse:
    """Charge this one."""
    method = get_object_or_404(PaymentMethod.objects.for_company(request.company), public_id=method_id)
    methods.make_default(method=method, at=timezone.now(), by=request.user)
    messages.success(request, _("%(method)s is charged from now on.") % {"method": method})
    return redirect("payment-methods")


@require_http_methods(["GET", "POST"])
@requires(Permission.MANAGE_BILLING)
def remove_method(request: MemberRequest, method_id: UUID) -> HttpResponse:
    """Ask, then charge it no more."""
    method = get_object_or_404(PaymentMethod.objects.for_company(request.company), public_id=method_id)
    if request.method != "POST":
        return render(request, "payments/remove_method.html", {"method": method, "crumbs": pages.METHOD_CRUMBS})
    removed = methods.remove(method=method, at=timezone.now(), by=request.user)
    methods.forget(method=removed, at=timezone.now())
    messages.success(request, _("%(method)s is removed.") % {"method": method})
    return redirect("payment-methods")


@require_http_methods(["GET", "POST"])
@requires(Permission.VIEW_BILLING, to_write=Permission.MANAGE_BILLING)
def billing_settings(request: MemberRequest) -> HttpResponse:
    """Where invoices go."""
    may_edit = roles.allows(request.membership, Permission.MANAGE_BILLING)
    form = AddressForm(request.POST or None, instance=type(request.company).objects.get(pk=request.company.pk))
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in form.Meta.fields}
        with refusals_on(form):
            companies.change(company=request.company, values=values, by=request.user)
            messages.success(request, _("The billing address is saved."))
            return redirect("billing-settings")
    context = pages.settings_page(request.company, form, may_edit=may_edit)
    return render(request, "payments/settings.html", context)


def _told(request: MemberRequest, method: PaymentMethod) -> HttpResponse:
    """Say what became of a method that is being added."""
    try:
        kept = methods.ask(method=method, at=timezone.now())
    except methods.NotAdded as refusal:
        messages.error(request, refusal.message)
        return redirect("payment-methods")
    if kept.is_usable:
        messages.success(request, _("%(method)s is added.") % {"method": kept})
    else:
        messages.info(request, _("The card is not added yet. It shows here as soon as it is confirmed."))
    return redirect("payment-methods")
