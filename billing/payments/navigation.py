"""Where customers find the billing center."""

from portal.accounts.desks import Kind
from portal.accounts.navigation import Entry, Group
from portal.accounts.roles import Permission

AT_COMPANIES = frozenset({Kind.COMPANY})
BILLING = Permission.VIEW_BILLING

ENTRIES = {
    "billing": Entry("Billing", "billing", "wallet", AT_COMPANIES, Group.ACCOUNT, 45, permission=BILLING),
    "payment-methods": Entry(
        "Payment methods", "payment-methods", "credit-card", AT_COMPANIES, Group.ACCOUNT, 52, permission=BILLING
    ),
    "billing-settings": Entry(
        "Billing settings",
        "billing-settings",
        "settings",
        AT_COMPANIES,
        Group.ACCOUNT,
        54,
        permission=BILLING,
    ),
}
