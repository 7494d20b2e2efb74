"""Who may do what in the Wagtail admin to rows that the portal makes by itself."""

from collections.abc import Iterable
from typing import Any

from wagtail.permission_policies import ModelPermissionPolicy


class RowsAreMade(ModelPermissionPolicy):
    """The portal makes these rows; `refused` names what nobody does to them by hand."""

    refused: frozenset[str] = frozenset({"add", "change", "delete"})

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Whether the user holds the right, and there is one."""
        return action not in self.refused and bool(super().user_has_permission(user, action))

    def user_has_any_permission(self, user: Any, actions: Iterable[str]) -> bool:
        """Whether the user may do one of these."""
        return any(self.user_has_permission(user, action) for action in actions)


class StaffRows(RowsAreMade):
    """The same, for staff alone: editors who are not of the staff have no say."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Whether the user is of the staff and holds the right."""
        return user.is_staff and super().user_has_permission(user, action)
