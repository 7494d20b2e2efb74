"""Who may do what with projects in the admin."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from wagtail import hooks
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from portal.projects.models import Delivery, Milestone, Project, ProjectDeveloper, Repository
from portal.projects.services.projects import PERMISSION


class RunPolicy(ModelPermissionPolicy):
    """Viewing as usual; buttons ask for one right of their own; rows are added and deleted by those alone."""

    never: frozenset[str] = frozenset({"add", "change", "delete"})

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Whether the user may do this."""
        if action == "run":
            return bool(user.has_perm(PERMISSION))
        return action not in self.never and bool(super().user_has_permission(user, action))

    def user_has_any_permission(self, user: Any, actions: Iterable[str]) -> bool:
        """Whether the user may do one of these."""
        return any(self.user_has_permission(user, action) for action in actions)


class ProjectPolicy(RunPolicy):
    """Projects have a form; what was begun is completed, not deleted."""

    never = frozenset({"delete"})


register_permission_policy(Project, ProjectPolicy(Project))
for model in (Milestone, ProjectDeveloper, Repository, Delivery):
    register_permission_policy(model, RunPolicy(model))


@hooks.register("register_permissions")
def rights() -> QuerySet[Permission]:
    """What the group editor offers beside the rights of snippets."""
    return Permission.objects.filter(content_type__app_label="projects", codename=PERMISSION.partition(".")[2])
