"""A company lets a contract end on its last day."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.accounts.permissions import requires
from portal.accounts.roles import Permission
from portal.contracts import rows
from portal.contracts.models import Contract
from portal.contracts.models.signers import Side
from portal.contracts.services import renewing
from portal.core.http import MemberRequest


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.SIGN_CONTRACTS)
def no_renewal(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Say what will happen, and do it."""
    mine = Contract.objects.for_company(request.company).renewing()
    contract = get_object_or_404(mine, public_id=public_id)
    home = reverse("contract", args=[contract.public_id])
    if request.method == "POST":
        role = str(Side.COMPANY.label)
        renewing.turn_off(contract=contract, by=request.user, at=timezone.now(), role=role)
        messages.success(
            request, _("The contract ends on %(day)s. Both sides are told.") % {"day": rows.until(contract)}
        )
        return redirect(home)
    context = {"contract": contract, "last_day": rows.until(contract), "home": home}
    crumbs = [{"label": _("Contracts"), "url": reverse("contracts")}, {"label": contract.title, "url": home}]
    return render(request, "contracts/no_renewal.html", context | {"crumbs": crumbs})
