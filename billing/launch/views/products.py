"""A company's products."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from billing.launch import looks, pages, product_page, settings_page
from portal.accounts.permissions import requires
from portal.accounts.roles import Permission
from portal.core.forms import refusals_on
from portal.core.http import MemberRequest


@require_safe
@requires(Permission.VIEW_COMPANY)
def index(request: MemberRequest) -> HttpResponse:
    """What the company has, as a grid or a list, and what else there is."""
    shown = render(request, "launch/products.html", pages.products(request, at=timezone.now()))
    return looks.remember(request, shown)


@require_safe
@requires(Permission.VIEW_COMPANY)
def product(request: MemberRequest, slug: str) -> HttpResponse:
    """One product: how it stands with it; of one that the company does not have, how to get it."""
    found = product_page.find(request.company, slug)
    if found.access is None:
        return render(request, "launch/offer.html", product_page.not_had(request, found.product))
    return render(request, "launch/product.html", product_page.of(request, found.access, at=timezone.now()))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.EDIT_COMPANY)
def product_settings(request: MemberRequest, slug: str) -> HttpResponse:
    """What the company set for a product, and setting it; what somebody else set in between is shown first."""
    access = product_page.had(request.company, slug)
    form = settings_page.form(request, access)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            settings_page.save(request, access, form, at=timezone.now())
            messages.success(request, _("The settings of %s are saved.") % access.product.name)
            return redirect("product-settings", slug)
    return render(request, "launch/settings.html", settings_page.context(access, form))
