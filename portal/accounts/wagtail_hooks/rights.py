"""Who sees companies in the admin, and who acts in their place."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from wagtail import hooks
from wagtail.permissions import register_permission_policy

from portal.accounts.models import Company
from portal.accounts.services import overrides
from portal.core.policies import StaffRows


class CompanyPolicy(StaffRows):
    """Staff with the right look at companies; what is done in a company's place has a right of its own."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Whether the user may do this."""
        return overrides.may(user) if action == "override" else super().user_has_permission(user, action)


register_permission_policy(Company, CompanyPolicy(Company))


@hooks.register("register_permissions")
def offered_rights() -> QuerySet[Permission]:
    """What the group editor offers beside the rights of snippets."""
    codename = overrides.PERMISSION.partition(".")[2]
    return Permission.objects.filter(content_type__app_label="accounts", codename=codename)
