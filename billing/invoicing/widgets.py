"""What widgets about a company's money have in common."""

from portal.accounts import roles
from portal.accounts.desks import Kind
from portal.accounts.roles import Permission
from portal.core.http import PortalRequest
from portal.core.widgets import LaterWidgetBlock


class BillingWidgetBlock(LaterWidgetBlock):
    """A widget at companies' desks, for those who see invoices."""

    kinds = frozenset({Kind.COMPANY})

    def may_see(self, request: PortalRequest) -> bool:
        """Those who see invoices."""
        return roles.allows(request.membership, Permission.VIEW_BILLING)
