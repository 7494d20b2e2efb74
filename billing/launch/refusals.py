"""Pages that say why a product is closed, and what to do about it."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from billing.catalog.models import Product
from billing.launch.services import asking_for_access
from billing.launch.services.access import Closed, Decision
from portal.accounts import roles
from portal.accounts.roles import Permission
from portal.core.http import PortalRequest

FORBIDDEN = 403
ASK_OWNER = "Ask an owner of the company to see to it."


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, in a sentence, and the next step of those who hold the permission; the others ask them."""

    title: str
    text: str
    label: str = ""
    place: str = ""
    query: str = ""
    permission: Permission = Permission.VIEW_COMPANY
    others: str = ASK_OWNER


def subscribe(title: str, text: str) -> Reason:
    """Closed until somebody subscribes."""
    return Reason(title, text, "See the plans", "plans", permission=Permission.MANAGE_BILLING)


AGAIN = "Nothing was deleted: whoever subscribes again goes on where you stopped."
REASONS = {
    Closed.NOT_OFFERED: Reason("%s cannot be opened yet", "It is being set up. Look again later.", others=""),
    Closed.NOT_A_MEMBER: Reason("%s is closed to you", "You do not act for this company any more.", others=""),
    Closed.NOT_SUBSCRIBED: subscribe("%s is in none of your plans", "Choose a plan that has it, and it opens at once."),
    Closed.SUSPENDED: Reason(
        "%s is suspended",
        "An invoice is overdue. Once it is paid, everything opens again at once; nothing was deleted.",
        "Pay the invoice",
        "invoices",
        "?status=overdue",
        Permission.VIEW_BILLING,
        "Ask an owner or whoever pays the invoices of your company.",
    ),
    Closed.CANCELLED: subscribe("%s was cancelled", f"The subscription has ended. {AGAIN}"),
    Closed.EXPIRED: subscribe("The subscription to %s has run out", AGAIN),
    Closed.NOT_IN_PLAN: subscribe("%s is not in the plan any more", "Choose a plan that has it."),
    Closed.CLOSED: subscribe("%s is closed", "Access was closed. Nothing was deleted."),
    Closed.NOT_VERIFIED: Reason(
        "%s is for verified companies",
        "We have to know who your company is before its members can open it.",
        "Go to the verification",
        "verification",
        "",
        Permission.EDIT_COMPANY,
        "Ask an owner or admin to hand in the documents.",
    ),
    Closed.NOT_GRANTED: Reason(
        "You do not have access to %s",
        "Your company uses it. Owners and admins say which members may open it.",
        others="",
    ),
}


def page(request: PortalRequest, decision: Decision) -> HttpResponse:
    """Say why it is closed; 403, whoever led here."""
    product, closed = decision.product, decision.closed or Closed.CLOSED
    reason = REASONS[closed]
    may_act = bool(reason.place) and roles.allows(request.membership, reason.permission)
    context: dict[str, Any] = {
        "product": product,
        "icon": product.icon,
        "title": reason.title % product.name,
        "text": f"{reason.text} {'' if may_act else reason.others}".strip(),
        "action_label": reason.label if may_act else "",
        "action_url": reverse(reason.place) + reason.query if may_act else "",
    }
    if closed == Closed.NOT_GRANTED:
        context |= _ways_to_access(request, product)
    return render(request, "launch/closed.html", context, status=FORBIDDEN)


def _ways_to_access(request: PortalRequest, product: Product) -> dict[str, Any]:
    """Owners give it to themselves; the others, admins too, ask for it, once."""
    if request.membership is None:
        return {}
    if roles.allows(request.membership, Permission.GOVERN_COMPANY):
        return {"action_label": "Give access", "action_url": reverse("members")}
    is_asked = asking_for_access.is_asked(membership=request.membership, product=product)
    waits = {"text": "You have asked for access. Owners and admins of your company decide."}
    ask = {"action_label": "Ask for access", "ask_url": reverse("product-ask", args=[product.slug])}
    return waits if is_asked else ask


def without_company(request: HttpRequest, product: Product) -> HttpResponse:
    """Say that products are opened for a company."""
    context = {
        "product": product,
        "icon": product.icon,
        "title": f"{product.name} is opened for a company",
        "text": "You do not act for a company at present. Switch to the desk of one, then open it again.",
    }
    return render(request, "launch/closed.html", context, status=FORBIDDEN)


def unclear(request: HttpRequest) -> HttpResponse:
    """Say that a product did not ask as was agreed, and tell nothing to whoever asked (RFC 6749, 4.1.2.1)."""
    return render(request, "launch/refused.html", status=400)
