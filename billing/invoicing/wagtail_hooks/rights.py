"""Who does what with invoices in the admin."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from wagtail import hooks

from billing.invoicing.services import requests
from portal.core.policies import StaffRows

MANAGE = "invoicing.manage_invoice"


class InvoicePolicy(StaffRows):
    """Staff with the right look at invoices; what changes or asks something has a right of its own."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Whether the user may do this."""
        if action == "manage":
            return user.is_active and user.is_staff and bool(user.has_perm(MANAGE))
        return super().user_has_permission(user, action)


@hooks.register("register_permissions")
def offered_rights() -> QuerySet[Permission]:
    """What the group editor offers beside the rights to view."""
    names = (MANAGE, requests.DECIDE_SENDING, requests.DECIDE_WRITE_OFF)
    codenames = [name.partition(".")[2] for name in names]
    return Permission.objects.filter(content_type__app_label="invoicing", codename__in=codenames)
