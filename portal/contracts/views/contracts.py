"""A company's contracts."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.accounts.permissions import requires
from portal.accounts.roles import Permission
from portal.contracts import pages
from portal.contracts.models import Contract
from portal.core.http import MemberRequest

PER_PAGE = 20


@never_cache
@require_safe
@requires(Permission.VIEW_COMPANY)
def contracts(request: MemberRequest) -> HttpResponse:
    """All of them, by state."""
    state = request.GET.get("state", "")
    state = state if state in pages.STATES else ""
    found = pages.narrowed(Contract.objects.for_company(request.company).sent(), state).newest()
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "contracts/contracts.html", pages.listed(request, page, state))


@never_cache
@require_safe
@requires(Permission.VIEW_COMPANY)
def contract(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """One of them."""
    mine = Contract.objects.for_company(request.company).sent().select_related("company", "amends", "project")
    return render(
        request, "contracts/contract.html", pages.contract(request, get_object_or_404(mine, public_id=public_id))
    )
