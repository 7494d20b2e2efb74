"""Who may do what with developers in the admin."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from wagtail import hooks
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from portal.teams.models import Assignment, Developer
from portal.teams.services import assignments, community, removals

# What an action of ours asks for, beside Wagtail's own.
ACTIONS = {
    "exclude": community.PERMISSION,
    "assign": assignments.PERMISSION,
}
NEVER = {"add", "delete"}


class ServicePolicy(ModelPermissionPolicy):
    """Viewing as usual; what changes something has a permission of its own; nothing is added or deleted by hand."""

    never: frozenset[str] = frozenset(NEVER)

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Whether the user may do this."""
        if action in ACTIONS:
            return bool(user.has_perm(ACTIONS[action]))
        return action not in self.never and bool(super().user_has_permission(user, action))

    def user_has_any_permission(self, user: Any, actions: Iterable[str]) -> bool:
        """Whether the user may do one of these."""
        return any(self.user_has_permission(user, action) for action in actions)


class AssignmentPolicy(ServicePolicy):
    """Assignments are not edited either."""

    never = frozenset({*NEVER, "change"})


register_permission_policy(Developer, ServicePolicy(Developer))
register_permission_policy(Assignment, AssignmentPolicy(Assignment))


@hooks.register("register_permissions")
def rights() -> QuerySet[Permission]:
    """What the group editor offers beside the rights of snippets."""
    names = (community.PERMISSION, assignments.PERMISSION, removals.PERMISSION)
    codenames = [name.partition(".")[2] for name in names]
    return Permission.objects.filter(content_type__app_label="teams", codename__in=codenames)
