"""What dashboards show of contracts."""

from typing import Any, ClassVar, cast

from django.utils.formats import date_format
from wagtail import blocks

from portal.accounts.desks import Kind
from portal.accounts.models import User
from portal.contracts import addresses
from portal.contracts.models import Signer
from portal.contracts.models.signers import Side
from portal.core.widgets import Scope, WidgetBlock

MOST = 5
SAMPLES: list[dict[str, Any]] = [
    {"title": "Engagement of two developers", "note": "Sign by 31 January 2026", "icon": "signature"},
    {"title": "Maintenance 2026", "note": "CT-2026-000002", "icon": "signature"},
]


def contracts_to_sign(scope: Scope) -> list[dict[str, Any]]:
    """What the viewer is asked to sign: for the company at its desk, for us at that of staff. One query."""
    company = scope.request.company
    mine = Signer.objects.waiting_for(cast("User", scope.request.user))
    mine = mine.filter(side=Side.VENDOR) if company is None else mine.filter(contract__company=company, side="company")
    asked = mine.select_related("contract__company").order_by("contract__offer_ends_on", "pk")[:MOST]
    return [line(signer) for signer in asked]


def line(signer: Signer) -> dict[str, Any]:
    """A line of components/link_list.html."""
    contract = signer.contract
    until = f"Sign by {date_format(contract.offer_ends_on, 'j F Y')}" if contract.offer_ends_on else contract.number
    note = f"{contract.company.name} · {until}" if signer.side == Side.VENDOR else until
    return {"title": contract.title, "url": addresses.signing(signer), "note": note, "icon": "signature"}


class ContractsToSign(WidgetBlock):
    """Contracts that wait for the viewer's signature."""

    title = blocks.CharBlock(max_length=80)
    needs = (contracts_to_sign,)
    samples = (SAMPLES,)
    kinds = frozenset({Kind.COMPANY, Kind.STAFF})
    is_later = True

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Add the way to all contracts, for companies."""
        context = super().get_context(value, parent_context)
        request = context.get("request")
        is_company = request is None or request.company is not None
        return {**context, "more_url": "/customer/contracts/" if is_company else ""}

    class Meta:
        icon = "edit"
        template = "contracts/widgets/to_sign.html"
        description = "Contracts that wait for the viewer's signature."
        preview_value: ClassVar[dict[str, Any]] = {"title": "Contracts waiting for your signature"}
