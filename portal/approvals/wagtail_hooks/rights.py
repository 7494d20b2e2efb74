"""Who may see which approvals in the admin: each kind says who decides it, and nobody edits any."""

from collections.abc import Iterable
from typing import Any

from wagtail.permission_policies import ModelPermissionPolicy

from portal.approvals.models import Approval, ApprovalQuerySet, staff_kinds


class ApprovalPolicy(ModelPermissionPolicy):
    """Staff view the kinds that they may decide; the decision itself asks the service."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Whether the user may view any; adding, editing and deleting is nobody's."""
        return action == "view" and bool(staff_kinds(user))

    def user_has_any_permission(self, user: Any, actions: Iterable[str]) -> bool:
        """Whether the user may do one of these."""
        return any(self.user_has_permission(user, action) for action in actions)

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Approval) -> bool:
        """Whether the user may view this one."""
        return action == "view" and instance.kind in staff_kinds(user)

    def instances_user_has_any_permission_for(self, user: Any, actions: Iterable[str]) -> ApprovalQuerySet:
        """Those that the user may view."""
        return Approval.objects.for_staff(user) if "view" in actions else Approval.objects.none()
