"""Opening a product with one click."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from billing.catalog.models import Product
from billing.launch import refusals
from billing.launch.services import access, asking_for_access, launching
from portal.accounts.permissions import requires
from portal.accounts.roles import Permission
from portal.core.http import MemberRequest
from portal.core.posting import posted_from


@require_safe
@never_cache
@requires(Permission.LAUNCH_PRODUCTS)
def launch(request: MemberRequest, slug: str) -> HttpResponse:
    """Lead to the product, with `?to=` to one of its shortcuts; where it is closed, say why."""
    product = get_object_or_404(Product, slug=slug)
    decision = access.decide(user=request.user, company=request.company, product=product)
    if not decision.is_open:
        return refusals.page(request, decision)
    location = launching.address_of(product=product, user=request.user, path=request.GET.get("to", ""))
    return HttpResponse(status=302, headers={"Location": location})


@posted_from("product-launch", "slug")
@requires(Permission.LAUNCH_PRODUCTS)
def ask(request: MemberRequest, slug: str) -> HttpResponse:
    """Ask the company's owners and admins for access."""
    product = get_object_or_404(Product, slug=slug)
    asking_for_access.ask(membership=request.membership, product=product, at=timezone.now())
    messages.success(request, f"Owners and admins of {request.company.name} are asked for {product.name}.")
    return redirect("product-launch", slug=slug)
