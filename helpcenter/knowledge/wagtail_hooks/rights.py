"""Who may see what the help center adds to the admin."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.permission_policies import ModelPermissionPolicy

SEE_REPORTS = "knowledge.view_helpdocument"
KEEP_PAGES = "knowledge.change_feedback"
CHECK_LINKS = "knowledge.add_linkcheck"


class FeedbackPolicy(ModelPermissionPolicy):
    """Votes are read and answered; nobody adds, edits or deletes them."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Whether the user may view or answer feedback."""
        if action in {"add", "change", "delete"}:
            return False
        return bool(super().user_has_permission(user, "change" if action == "answer" else action))

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        """Whether the user may do one of these."""
        return any(self.user_has_permission(user, action) for action in actions)


class RightMenuItem(MenuItem):
    """An entry of the menu for those who hold a right."""

    def __init__(self, *args: Any, right: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.right = right

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether this person holds the right."""
        return bool(request.user.has_perm(self.right))


@hooks.register("register_permissions")
def rights() -> QuerySet[Permission]:
    """What the group editor offers beside the rights of snippets and pages."""
    return Permission.objects.filter(
        content_type__app_label="knowledge", codename__in=["view_helpdocument", "add_linkcheck"]
    )
