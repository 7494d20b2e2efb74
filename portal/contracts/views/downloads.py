"""Sealed PDFs for those who may have them."""

from django.contrib.auth.decorators import login_required
from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from portal.accounts.desks import Kind
from portal.contracts.models import Contract
from portal.contracts.services import copies
from portal.core.http import MemberRequest


@require_safe
@login_required
def contract_pdf(request: MemberRequest, public_id: str) -> FileResponse:
    """The sealed PDF: for the company's members at its desk, and for staff at theirs."""
    contracts = Contract.objects.visible_to(request.user).select_related("company")
    is_staff = getattr(request.desk, "kind", None) == Kind.STAFF
    if not is_staff:
        contracts = contracts.filter(company=request.company).sent()
    found = get_object_or_404(contracts, public_id=public_id)
    return copies.hand_out(contract=found, by=request.user)
