"""What can happen to invoices and money."""

from portal.accounts import roles
from portal.accounts.models import Membership
from portal.activity.registry import Verb


def payers(membership: Membership) -> bool:
    """Who of a company reads what happens to its invoices."""
    return roles.allows(membership, roles.Permission.VIEW_BILLING)


VERBS = {
    "invoice.issued": Verb("Invoice {subject} was issued", icon="receipt", tone="info", shown_to=payers),
    "invoice.paid": Verb("Invoice {subject} was paid", icon="circle-check", tone="success", shown_to=payers),
    "invoice.reopened": Verb("Invoice {subject} is to be paid again", icon="receipt", tone="warning", shown_to=payers),
    "invoice.voided": Verb("{actor} voided invoice {subject}", icon="ban", tone="warning", shown_to=payers),
    "invoice.written_off": Verb("{actor} wrote invoice {subject} off", icon="ban", tone="danger", shown_to=payers),
    "credit_note.issued": Verb("Credit note {subject} was issued", icon="receipt", tone="info", shown_to=payers),
    "payment.received": Verb("{amount} was received", icon="circle-check", tone="success", shown_to=payers),
    "payment.returned": Verb("{amount} was returned", icon="receipt", shown_to=payers),
}
