"""Who somebody is by their password, and what they may do."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import Permission

from portal.accounts.models import User


class AccountBackend(AuthenticationBackend):
    """Reads a person with their choices for the admin in one query, and all their rights in another, at each request.

    Django alone takes two for each.
    """

    def get_user(self, user_id: int) -> User | None:
        """The person of a session, while the account is active."""
        user = User.objects.select_related("wagtail_userprofile").filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Rights of the person and of their groups; they are kept with `user_obj`, which lives for one request."""
        if not (user_obj.is_superuser or hasattr(user_obj, "_perm_cache")) and user_obj.is_active and obj is None:
            own, groups = (
                rights.values_list("content_type__app_label", "codename").order_by()
                for rights in (user_obj.user_permissions.all(), Permission.objects.filter(group__user=user_obj))
            )
            user_obj._perm_cache = {f"{app}.{name}" for app, name in own.union(groups)}
        held: set[str] = super().get_all_permissions(user_obj, obj)
        return held
