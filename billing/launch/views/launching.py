"""Opening a product with one click."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from billing.catalog.models import Product
from billing.launch import refusals
from billing.launch.services import access, launching
from portal.accounts.permissions import requires
from portal.accounts.roles import Permission
from portal.core.http import MemberRequest


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
