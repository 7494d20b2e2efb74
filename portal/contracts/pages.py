"""What the pages of a company's contracts show."""

from typing import Any

from django.core.paginator import Page
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts import roles
from portal.contracts import charged, rows
from portal.contracts.models import Contract, ContractText, Signature, Signer
from portal.contracts.models.contracts import ContractQuerySet
from portal.contracts.models.signers import Side
from portal.contracts.paging import pages_of
from portal.contracts.services import costs
from portal.core.http import MemberRequest

Status = Contract.Status
MOST_EVENTS = 50
STATES: dict[str, tuple[str, tuple[str, ...]]] = {
    "": ("All", ()),
    "waiting": ("To be signed", (Status.SENT, Status.DRAFT)),
    "running": ("In force", (Status.SIGNED, Status.ACTIVE)),
    "past": ("Ended", (Status.EXPIRED, Status.TERMINATED, Status.CANCELLED, Status.DECLINED)),
}
NONE_YET = {
    "icon": "file-text",
    "title": "No contracts yet",
    "text": "When we offer you an agreement, you read and sign it here, and find it again whenever you need it.",
}
NONE_SUCH = {
    "icon": "search",
    "title": "No contract is in this state",
    "text": "Look at all of them.",
    "action_label": "Show all contracts",
    "action_url": "?",
}


def narrowed(contracts: ContractQuerySet, state: str) -> ContractQuerySet:
    """Those in one of the states of a tab."""
    states = STATES.get(state, STATES[""])[1]
    return contracts.filter(status__in=states) if states else contracts


def listed(request: MemberRequest, page: "Page[Contract]", state: str) -> dict[str, Any]:
    """The list: what waits for the reader on top, then one page of the others."""
    return {
        "tabs": [
            {"label": label, "url": f"?state={key}" if key else "?", "active": key == state}
            for key, (label, _states) in STATES.items()
        ],
        "waiting": waiting_for(request),
        "columns": rows.COLUMNS,
        "rows": [rows.row(contract) for contract in page],
        "empty": NONE_SUCH if state else NONE_YET,
        "page": page,
        "pages_url": f"?state={state}&" if state else "?",
    }


def waiting_for(request: MemberRequest) -> list[dict[str, Any]]:
    """What the reader is asked to sign at this desk, as components/link_list.html takes it."""
    if not roles.allows(request.membership, roles.Permission.SIGN_CONTRACTS):
        return []
    asked = Signer.objects.waiting_for(request.user).filter(contract__company=request.company, side=Side.COMPANY)
    return [item(signer) for signer in asked.select_related("contract").order_by("contract__offer_ends_on", "pk")]


def item(signer: Signer) -> dict[str, Any]:
    """A contract that waits for somebody."""
    contract = signer.contract
    ends = rows.date_format(contract.offer_ends_on, rows.DAY) if contract.offer_ends_on else ""
    note = _("%(number)s, can be signed until %(date)s") % {"number": contract.number, "date": ends}
    return {
        "title": contract.title,
        "url": reverse("contract-sign", args=[contract.public_id]),
        "note": note if ends else contract.number,
        "icon": "signature",
    }


def contract(request: MemberRequest, found: Contract) -> dict[str, Any]:
    """One contract: who signs and how far they are, what it says and charges, and what happened."""
    signers = list(found.signers.select_related("user").in_order())
    text = newest_text(found)
    signatures = Signature.objects.filter(text=text, signer__in=signers) if text else []
    mine = next((one for one in signers if one.user_id == request.user.pk and one.side == Side.COMPANY), None)
    may_sign = roles.allows(request.membership, roles.Permission.SIGN_CONTRACTS)
    is_asked = bool(mine and mine.status == Signer.Status.INVITED and found.can_be_signed(today=timezone.localdate()))
    events = found.evidence.order_by("-sequence")[:MOST_EVENTS]
    # What ours are changing is theirs to tell, once it is sent: terms, prices and who signs.
    is_known = found.status != Status.DRAFT
    return {
        "contract": found,
        "state": rows.state(found),
        "crumbs": [{"label": _("Contracts"), "url": reverse("contracts")}],
        "facts": rows.facts_of(found) if is_known else rows.facts_of(found)[:2],
        "cost": costs.preview(found) if is_known else None,
        "charged": charged.table(found, request.membership),
        "pages": pages_of(text.html) if text else [],
        "text": text,
        "signers": rows.signer_blocks(signers, signatures) if is_known else [],
        "signs_here": is_asked and may_sign,
        "may_end_renewal": may_sign and found.is_renewed,
        "waiting": rows.names(one for one in signers if one.status == Signer.Status.INVITED),
        "copies": found.sealed_copies.exists(),
        "amendments": found.amendments.sent().newest(),
        "history": rows.history(events, timezone.now()),
    }


def newest_text(found: Contract) -> ContractText | None:
    """What was sent last; nothing while it is being changed."""
    if found.status == Status.DRAFT:
        return None
    return found.texts.order_by("-version").first()
