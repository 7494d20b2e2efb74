"""A company's products."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from billing.launch import looks, pages, product_page, product_parts, settings_page
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
    found = product_page.find(request.membership, slug)
    if found.access is None:
        return render(request, "launch/offer.html", product_page.not_had(request, found.product))
    return render(request, "launch/product.html", product_page.of(request, found.access, at=timezone.now()))


@require_safe
@requires(Permission.VIEW_COMPANY)
@cache_control(private=True, no_store=True)
def product_part(request: MemberRequest, slug: str, name: str) -> HttpResponse:
    """A part of a product's page that takes longer: for htmx alone, otherwise as a page of its own."""
    if name not in product_parts.READERS:
        raise Http404
    context = product_parts.of(request, product_page.had(request.membership, slug), name, at=timezone.now())
    return render(request, context["part"]["template"] if request.htmx else "launch/part.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.EDIT_COMPANY)
def product_settings(request: MemberRequest, slug: str) -> HttpResponse:
    """What the company set for a product, and setting it; what somebody else set in between is shown first."""
    access = product_page.had(request.membership, slug)
    form = settings_page.form(request, access)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            settings_page.save(request, access, form, at=timezone.now())
            messages.success(request, _("The settings of %s are saved.") % access.product.name)
            return redirect("product-settings", slug)
    return render(request, "launch/settings.html", settings_page.context(access, form))
