"""The comparison of plans at a company's desk."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from billing.catalog import pages
from billing.catalog.models import Plan
from portal.accounts import roles
from portal.accounts.permissions import requires
from portal.core.http import MemberRequest


@require_safe
@requires(roles.Permission.VIEW_COMPANY)
def plans(request: MemberRequest) -> HttpResponse:
    """Every plan that the company may have, in its currency; all or those of one product, by month or by year."""
    offered = Plan.objects.offered().visible_to(request.company)
    found = list(offered.with_contents().with_prices(request.company.currency))
    return render(request, "catalog/plans.html", pages.plans(request, found, pages.chosen(request.GET)))
