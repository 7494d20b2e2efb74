"""What members can do about an invoice, on its page and in the list."""

from django.urls import reverse

from billing.invoicing.models import Invoice
from billing.invoicing.registry import Action
from portal.accounts import roles
from portal.accounts.models import Membership
from portal.accounts.roles import Permission


def pay(membership: Membership, invoice: Invoice) -> Action | None:
    """Pay it, while it is open."""
    if invoice.status != Invoice.Status.OPEN or not roles.allows(membership, Permission.MANAGE_BILLING):
        return None
    return Action("Pay", reverse("invoice-pay", args=[invoice.number]), "wallet")
